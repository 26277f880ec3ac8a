// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Turns the text of one YAML document into a {@link YamlNode}; aliases and merge keys are resolved. */
public final class YamlParser {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NODES = 5_000_000;
    private static final String MERGE_KEY = "<<";
    private static final Tag BINARY = new Tag("tag:yaml.org,2002:binary");

    private final String file;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private int nodes;

    private YamlParser(String file) {
        this.file = file;
    }

    /**
     * Parses a document; where more of them follow, these are not read, as in Prometheus.
     *
     * @param file its name in errors
     * @return the root, empty where the document has no content
     * @throws ConfigException when the text is no YAML, a key occurs twice, or aliases nest without end
     */
    public static Optional<YamlNode> parse(String text, String file) throws ConfigException {
        YamlParser parser = new YamlParser(file);
        Optional<YamlNode> root = parser.compose(text);
        if (!parser.problems.isEmpty()) {
            throw new ConfigException(parser.problems);
        }
        return root;
    }

    /**
     * Parses a text of many documents.
     *
     * @param file its name in errors
     * @return the root of each document that has content, in order
     * @throws ConfigException as {@link #parse}
     */
    public static List<YamlNode> parseAll(String text, String file) throws ConfigException {
        YamlParser parser = new YamlParser(file);
        List<YamlNode> roots = new ArrayList<>();
        parser.guarded(compose -> {
            for (Node node : compose.composeAllFromString(text)) {
                YamlNode root = parser.convert(node, 0);
                if (!(root instanceof YamlNode.Scalar scalar && scalar.isNull())) {
                    roots.add(root);
                }
            }
        });
        if (!parser.problems.isEmpty()) {
            throw new ConfigException(parser.problems);
        }
        return roots;
    }

    private Optional<YamlNode> compose(String text) {
        List<YamlNode> root = new ArrayList<>();
        guarded(compose -> {
            Iterator<Node> documents = compose.composeAllFromString(text).iterator();
            if (documents.hasNext()) {
                root.add(convert(documents.next(), 0));
            }
        });
        return root.stream().findFirst();
    }

    private void guarded(Consumer<Compose> reading) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(Integer.MAX_VALUE)
                .setAllowDuplicateKeys(true)
                .build();
        try {
            reading.accept(new Compose(settings));
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            String problem = e.getProblem() == null ? "cannot be read" : e.getProblem();
            problems.add(new ConfigProblem(
                    file,
                    "",
                    mark.map(m -> m.getLine() + 1).orElse(0),
                    mark.map(m -> m.getColumn() + 1).orElse(0),
                    "not valid YAML: " + problem));
        } catch (YamlEngineException e) {
            problems.add(new ConfigProblem(file, "", 0, 0, "not valid YAML: " + e.getMessage()));
        }
    }

    private YamlNode convert(Node node, int depth) {
        int line = node.getStartMark().map(m -> m.getLine() + 1).orElse(0);
        int column = node.getStartMark().map(m -> m.getColumn() + 1).orElse(0);
        if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
            if (problems.isEmpty()) {
                problems.add(new ConfigProblem(
                        file, "", line, column, "nested too deeply or aliased too often; at most 100 levels are read"));
            }
            return new YamlNode.Scalar("", true, line, column);
        }
        return switch (node) {
            case ScalarNode scalar -> convertScalar(scalar, line, column);
            case SequenceNode sequence -> {
                List<YamlNode> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(convert(item, depth + 1));
                }
                yield new YamlNode.Sequence(items, line, column);
            }
            case MappingNode mapping -> convertMapping(mapping, depth, line, column);
            default -> throw new IllegalStateException("a composed document has no " + node.getNodeType());
        };
    }

    private YamlNode convertScalar(ScalarNode scalar, int line, int column) {
        String text = scalar.getValue();
        if (scalar.getTag().equals(BINARY)) {
            try {
                byte[] bytes = Base64.getMimeDecoder().decode(text);
                text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (IllegalArgumentException | CharacterCodingException _) {
                problems.add(new ConfigProblem(file, "", line, column, "!!binary that is not UTF-8 text in Base64"));
            }
        }
        return new YamlNode.Scalar(text, scalar.getScalarStyle() == ScalarStyle.PLAIN, line, column);
    }

    private YamlNode convertMapping(MappingNode mapping, int depth, int line, int column) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        List<YamlNode.Entry> merged = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            int keyLine = keyNode.getStartMark().map(m -> m.getLine() + 1).orElse(0);
            int keyColumn = keyNode.getStartMark().map(m -> m.getColumn() + 1).orElse(0);
            if (!(keyNode instanceof ScalarNode scalarKey)) {
                problems.add(new ConfigProblem(
                        file, "", keyLine, keyColumn, "a key that is a list or a mapping; keys are plain words"));
                continue;
            }
            String key = scalarKey.getValue();
            YamlNode value = convert(tuple.getValueNode(), depth + 1);
            if (key.equals(MERGE_KEY) && scalarKey.getScalarStyle() == ScalarStyle.PLAIN) {
                collectMerged(value, merged);
                continue;
            }
            if (!seen.add(key)) {
                problems.add(new ConfigProblem(
                        file, "", keyLine, keyColumn, "key " + key + " occurs twice; remove one of them"));
                continue;
            }
            entries.put(key, new YamlNode.Entry(key, value, keyLine, keyColumn));
        }
        for (YamlNode.Entry entry : merged) {
            entries.putIfAbsent(entry.key(), entry);
        }
        return new YamlNode.Mapping(List.copyOf(entries.values()), line, column);
    }

    private void collectMerged(YamlNode value, List<YamlNode.Entry> merged) {
        switch (value) {
            case YamlNode.Mapping mapping -> merged.addAll(mapping.entries());
            case YamlNode.Sequence sequence -> sequence.items().forEach(item -> collectMerged(item, merged));
            case YamlNode.Scalar scalar ->
                problems.add(new ConfigProblem(
                        file, "", scalar.line(), scalar.column(), "<<: takes a mapping or a list of mappings"));
        }
    }
}
