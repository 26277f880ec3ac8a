// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a document, by a path such as {@code scrape_configs[2].tls_config}. Immutable.
 *
 * @param path empty for the whole document
 * @param node what stands there, null for nothing
 */
public record YamlPlace(String file, String path, @Nullable YamlNode node) {
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[([0-9]+)\\]");

    /** A whole document, in the dialect that takes it; nothing stands in one that is no YAML. */
    public static YamlPlace root(String text, String file) {
        YamlNode node;
        try {
            node = YamlParser.parse(text, file).orElse(null);
        } catch (ConfigException _) {
            node = rootOfRules(text, file);
        }
        return new YamlPlace(file, "", node);
    }

    private static @Nullable YamlNode rootOfRules(String text, String file) {
        try {
            return YamlParser.parseRules(text, file, null).orElse(null);
        } catch (ConfigException _) {
            // Then it has no places.
            return null;
        }
    }

    /** A problem at a path of a document, or as near to it as the path is found there. */
    public static ConfigProblem problem(String text, String file, String path, String message) {
        return root(text, file).problem(path, message);
    }

    public boolean isThere() {
        return node != null;
    }

    /** A field of a mapping. */
    public YamlPlace of(String field) {
        return new YamlPlace(file, path.isEmpty() ? field : path + "." + field, value(field));
    }

    private @Nullable YamlNode value(String field) {
        if (node instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                if (entry.key().equals(field)) {
                    return entry.value();
                }
            }
        }
        return null;
    }

    /** An item of a list, from 0 on. */
    public YamlPlace at(int index) {
        YamlNode item = node instanceof YamlNode.Sequence sequence
                        && index < sequence.items().size()
                ? sequence.items().get(index)
                : null;
        return new YamlPlace(file, path + "[" + index + "]", item);
    }

    /** A problem here; without line and column where nothing stands. */
    public ConfigProblem problem(String message) {
        return new ConfigProblem(file, path, node == null ? 0 : node.line(), node == null ? 0 : node.column(), message);
    }

    /** A problem at a path from here on, or as near to it as the path is found. */
    public ConfigProblem problem(String below, String message) {
        YamlPlace nearest = this;
        Matcher step = STEP.matcher(below);
        while (step.find()) {
            YamlPlace next =
                    step.group(1) == null ? nearest.at(Integer.parseInt(step.group(2))) : nearest.of(step.group(1));
            if (!next.isThere()) {
                break;
            }
            nearest = next;
        }
        ConfigProblem found = nearest.problem(message);
        return new ConfigProblem(file, below, found.line(), found.column(), message);
    }
}
