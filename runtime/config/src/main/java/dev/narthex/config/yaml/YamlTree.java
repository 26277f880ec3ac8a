// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** YAML of any form as maps, lists, texts, whole numbers, numbers and booleans, for sections that are only passed on. */
public final class YamlTree {
    private YamlTree() {}

    /** The value of a node; null is the empty text. */
    public static Object of(YamlNode node) {
        return switch (node) {
            case YamlNode.Mapping mapping -> {
                Map<String, Object> map = new LinkedHashMap<>();
                mapping.entries().forEach(entry -> map.put(entry.key(), of(entry.value())));
                yield map;
            }
            case YamlNode.Sequence sequence -> {
                List<Object> list = new ArrayList<>();
                sequence.items().forEach(item -> list.add(of(item)));
                yield list;
            }
            case YamlNode.Scalar scalar -> scalar(scalar);
        };
    }

    private static Object scalar(YamlNode.Scalar scalar) {
        if (!scalar.plain()) {
            return scalar.text();
        }
        if (scalar.isNull()) {
            return "";
        }
        switch (scalar.text()) {
            case "true", "True", "TRUE" -> {
                return true;
            }
            case "false", "False", "FALSE" -> {
                return false;
            }
            default -> {
                // A number or a text.
            }
        }
        Double real = YamlNumber.real(scalar.text());
        if (real == null) {
            return scalar.text();
        }
        Long whole = YamlNumber.whole(scalar.text(), true);
        if (whole != null && real == whole.doubleValue()) {
            return whole;
        }
        return real;
    }
}
