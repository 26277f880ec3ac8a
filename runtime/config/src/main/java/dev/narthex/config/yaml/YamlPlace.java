// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where a path such as {@code scrape_configs[2].tls_config} stands in a document. */
public final class YamlPlace {
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[([0-9]+)\\]");

    private YamlPlace() {}

    /** A problem at a path of a document, or as near to it as the path is found there. */
    public static ConfigProblem problem(String text, String file, String path, String message) {
        return root(text, file)
                .map(root -> find(root, path))
                .map(at -> new ConfigProblem(file, path, at.line(), at.column(), message))
                .orElse(new ConfigProblem(file, path, 0, 0, message));
    }

    private static Optional<YamlNode> root(String text, String file) {
        try {
            return YamlParser.parse(text, file);
        } catch (ConfigException _) {
            try {
                return YamlParser.parseRules(text, file, null);
            } catch (ConfigException _) {
                // Then it has no places.
                return Optional.empty();
            }
        }
    }

    private static YamlNode find(YamlNode root, String path) {
        YamlNode at = root;
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            YamlNode next =
                    step.group(1) == null ? item(at, Integer.parseInt(step.group(2))) : value(at, step.group(1));
            if (next.equals(at)) {
                return at;
            }
            at = next;
        }
        return at;
    }

    private static YamlNode item(YamlNode of, int index) {
        List<YamlNode> items = of instanceof YamlNode.Sequence sequence ? sequence.items() : List.of();
        return index < items.size() ? items.get(index) : of;
    }

    private static YamlNode value(YamlNode of, String key) {
        List<YamlNode.Entry> entries = of instanceof YamlNode.Mapping mapping ? mapping.entries() : List.of();
        return entries.stream()
                .filter(entry -> entry.key().equals(key))
                .map(YamlNode.Entry::value)
                .findFirst()
                .orElse(of);
    }
}
