// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns a YAML text into {@link YamlNode}s, as Prometheus reads it; aliases and merge keys are resolved. */
public final class YamlParser {
    private YamlParser() {}

    /**
     * Parses a document; where more of them follow, these are not read, as in Prometheus.
     *
     * @param file its name in errors
     * @return the root, empty where the document has no content
     * @throws ConfigException when the text is no YAML, a key occurs twice, or aliases nest without end
     */
    public static Optional<YamlNode> parse(String text, String file) throws ConfigException {
        return first(text, file, YamlDialect.CONFIGURATION, null);
    }

    /**
     * The same by the rules for rule files: what a mapping says itself may also be in what it merges, and goes before that;
     * keys that are null say nothing.
     *
     * @param known the only fields that are looked at; null for all of them
     */
    public static Optional<YamlNode> parseRules(String text, String file, @Nullable KnownFields known)
            throws ConfigException {
        return first(text, file, YamlDialect.RULES, known);
    }

    private static Optional<YamlNode> first(String text, String file, YamlDialect dialect, @Nullable KnownFields known)
            throws ConfigException {
        return guarded(file, () -> {
            RawYaml root = new YamlComposer(text, dialect).next();
            return root == null ? Optional.empty() : Optional.of(new YamlConverter(file, dialect).convert(root, known));
        });
    }

    /**
     * Parses a text of many documents.
     *
     * @param file its name in errors
     * @return the root of each document that has content, in order
     * @throws ConfigException as {@link #parse}
     */
    public static List<YamlNode> parseAll(String text, String file) throws ConfigException {
        return guarded(file, () -> {
            YamlComposer composer = new YamlComposer(text, YamlDialect.CONFIGURATION);
            List<YamlNode> roots = new ArrayList<>();
            for (RawYaml raw = composer.next(); raw != null; raw = composer.next()) {
                YamlNode root = new YamlConverter(file, YamlDialect.CONFIGURATION).convert(raw, null);
                if (!(root instanceof YamlNode.Scalar scalar && scalar.isNull())) {
                    roots.add(root);
                }
            }
            return roots;
        });
    }

    private interface Reading<T> {
        T read() throws ConfigException;
    }

    private static <T> T guarded(String file, Reading<T> reading) throws ConfigException {
        try {
            return reading.read();
        } catch (YamlSyntaxException e) {
            throw new ConfigException(
                    List.of(new ConfigProblem(file, "", e.line(), e.column(), "not valid YAML: " + e.problem())));
        } catch (StackOverflowError _) {
            throw new ConfigException(List.of(YamlConverter.tooDeep(file, 0, 0)));
        }
    }
}
