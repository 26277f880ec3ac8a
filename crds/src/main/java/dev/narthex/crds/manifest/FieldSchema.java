// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.manifest;

import dev.narthex.config.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a field may hold: the part of a CustomResourceDefinition's schema that the resources use (Kubernetes
 * documentation, "Specifying a structural schema").
 *
 * @param type {@code object}, {@code array}, {@code string}, {@code integer}, {@code number} or {@code boolean}; empty
 *     for an integer or a string
 * @param properties the fields of an object that has named ones
 * @param required which of them must be there
 * @param values what the values of a map hold, or the items of an array
 * @param allowed the only texts, empty for all
 * @param minimum of a number
 * @param maximum of a number
 * @param minSize of a text, an array or a map
 * @param maxSize of a text, an array or a map
 */
record FieldSchema(
        String type,
        Map<String, FieldSchema> properties,
        List<String> required,
        @Nullable FieldSchema values,
        List<String> allowed,
        @Nullable Pattern pattern,
        double minimum,
        double maximum,
        long minSize,
        long maxSize) {

    /** Reads a schema as it stands in a definition; what is not known here only serves the API server. */
    static FieldSchema of(YamlNode schema) {
        Map<String, FieldSchema> properties = new LinkedHashMap<>();
        child(schema, "properties")
                .ifPresent(node -> entries(node).forEach(entry -> properties.put(entry.key(), of(entry.value()))));
        Optional<FieldSchema> values = child(schema, "items")
                .or(() -> child(schema, "additionalProperties"))
                .map(FieldSchema::of);
        return new FieldSchema(
                text(schema, "type"),
                properties,
                texts(schema, "required"),
                values.orElse(null),
                texts(schema, "enum"),
                text(schema, "pattern").isEmpty() ? null : Pattern.compile(text(schema, "pattern")),
                number(schema, Double.NEGATIVE_INFINITY, "minimum"),
                number(schema, Double.POSITIVE_INFINITY, "maximum"),
                (long) number(schema, 0, "minLength", "minItems", "minProperties"),
                (long) number(schema, Long.MAX_VALUE, "maxLength", "maxItems", "maxProperties"));
    }

    boolean isMap() {
        return type.equals("object") && properties.isEmpty() && values != null;
    }

    static Optional<YamlNode> child(YamlNode node, String key) {
        return entries(node).stream()
                .filter(entry -> entry.key().equals(key))
                .map(YamlNode.Entry::value)
                .findFirst();
    }

    private static List<YamlNode.Entry> entries(YamlNode node) {
        return node instanceof YamlNode.Mapping mapping ? mapping.entries() : List.of();
    }

    private static String text(YamlNode node, String key) {
        return child(node, key)
                .map(value -> value instanceof YamlNode.Scalar scalar ? scalar.text() : "")
                .orElse("");
    }

    private static List<String> texts(YamlNode node, String key) {
        List<String> texts = new ArrayList<>();
        child(node, key).ifPresent(value -> {
            if (value instanceof YamlNode.Sequence sequence) {
                for (YamlNode item : sequence.items()) {
                    if (item instanceof YamlNode.Scalar scalar) {
                        texts.add(scalar.text());
                    }
                }
            }
        });
        return texts;
    }

    private static double number(YamlNode node, double otherwise, String... keys) {
        for (String key : keys) {
            String text = text(node, key);
            if (!text.isEmpty()) {
                return Double.parseDouble(text);
            }
        }
        return otherwise;
    }
}
