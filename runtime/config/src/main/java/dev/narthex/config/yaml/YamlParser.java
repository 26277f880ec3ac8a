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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;

/** Turns the text of one YAML document into a {@link YamlNode}; aliases and merge keys are resolved. */
public final class YamlParser {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NODES = 5_000_000;
    private static final String MERGE_KEY = "<<";
    private static final Tag BINARY = new Tag("tag:yaml.org,2002:binary");
    /** Of scalars without a tag of their own; what they are is for readers to say. */
    private static final Tag UNTAGGED = new Tag("tag:narthex.dev,2025:untagged");

    private static final Set<Tag> NO_TEXTS = Set.of(Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL);
    private static final Schema SCHEMA = new Schema() {
        @Override
        public ScalarResolver getScalarResolver() {
            return (_, isPlain) -> isPlain ? UNTAGGED : Tag.STR;
        }

        @Override
        public Map<Tag, ConstructNode> getSchemaTagConstructors() {
            return Map.of();
        }
    };

    private final String file;
    private final String text;
    private final YamlTabs tabs;
    private final boolean ownGoesFirst;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private int nodes;

    private YamlParser(String text, String file, boolean ownGoesFirst) {
        this.ownGoesFirst = ownGoesFirst;
        this.text = YamlText.readable(text);
        tabs = new YamlTabs(this.text);
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
        return parse(new YamlParser(text, file, false));
    }

    /** The same, but what a mapping says itself may also be in what it merges, and goes before that. */
    public static Optional<YamlNode> parseMerging(String text, String file) throws ConfigException {
        return parse(new YamlParser(text, file, true));
    }

    private static Optional<YamlNode> parse(YamlParser parser) throws ConfigException {
        Optional<YamlNode> root = parser.compose();
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
        YamlParser parser = new YamlParser(text, file, false);
        List<YamlNode> roots = new ArrayList<>();
        parser.guarded(compose -> {
            for (Node node : compose.composeAllFromString(parser.text)) {
                YamlNode root = parser.convert(node, 0, 0);
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

    private Optional<YamlNode> compose() {
        List<YamlNode> root = new ArrayList<>();
        guarded(compose -> {
            Iterator<Node> documents = compose.composeAllFromString(text).iterator();
            if (documents.hasNext()) {
                root.add(convertRoot(documents.next()));
            }
        });
        return root.stream().findFirst();
    }

    private void guarded(Consumer<Compose> reading) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(Integer.MAX_VALUE)
                .setAllowDuplicateKeys(true)
                .setAllowNonScalarKeys(true)
                // What is read of them in all is bounded where the tree is made.
                .setMaxAliasesForCollections(Integer.MAX_VALUE)
                .setSchema(SCHEMA)
                .build();
        YamlText.checkEscapesAndDirectives(text, file, problems);
        if (!problems.isEmpty()) {
            return;
        }
        try {
            reading.accept(new Compose(settings));
        } catch (StackOverflowError _) {
            problems.add(tooDeep(0, 0));
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            String problem = e.getProblem() == null ? "cannot be read" : e.getProblem();
            problems.add(new ConfigProblem(
                    file,
                    "",
                    mark.map(m -> m.getLine() + 1).orElse(0),
                    mark.map(m -> m.getColumn() + 1).orElse(0),
                    "not valid YAML: " + problem));
        } catch (ReaderException e) {
            int before = text.offsetByCodePoints(0, Math.min(e.getPosition(), text.codePointCount(0, text.length())));
            int line = (int) text.substring(0, before).lines().count();
            problems.add(new ConfigProblem(
                    file,
                    "",
                    Math.max(1, line),
                    before - text.lastIndexOf('\n', before - 1),
                    String.format(
                            Locale.ROOT,
                            "not valid YAML: found the character U+%04X, which may not stand here; remove it",
                            e.getCodePoint())));
        } catch (YamlEngineException e) {
            problems.add(new ConfigProblem(file, "", 0, 0, "not valid YAML: " + e.getMessage()));
        }
    }

    private ConfigProblem tooDeep(int line, int column) {
        return new ConfigProblem(
                file, "", line, column, "nested too deeply or aliased too often; at most 100 levels are read");
    }

    @SuppressWarnings("IfChainToSwitch") // the first switch by type that a JVM comes to costs a start 25 ms
    private YamlNode convert(Node node, int depth, int indent) {
        int line = node.getStartMark().map(m -> m.getLine() + 1).orElse(0);
        int column = node.getStartMark().map(m -> m.getColumn() + 1).orElse(0);
        if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
            if (problems.isEmpty()) {
                problems.add(tooDeep(line, column));
            }
            return new YamlNode.Scalar("", true, line, column);
        }
        if (node instanceof CollectionNode<?> collection && collection.getFlowStyle() == FlowStyle.FLOW) {
            allowTabs(collection, false, indent);
        }
        if (node instanceof ScalarNode scalar) {
            allowTabs(scalar, scalar.getScalarStyle() == ScalarStyle.PLAIN, indent);
            return convertScalar(scalar, line, column);
        } else if (node instanceof MappingNode mapping) {
            return convertMapping(mapping, depth, indentOf(mapping, indent), line, column);
        } else if (node instanceof SequenceNode sequence) {
            List<YamlNode> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                checkQuestionMark(sequence, item);
                items.add(convert(item, depth + 1, indentOf(sequence, indent)));
            }
            return new YamlNode.Sequence(items, line, column);
        }
        throw new IllegalStateException("a composed document has no " + node.getNodeType());
    }

    /** How far lines have to be moved in within a collection; brackets and braces change nothing. */
    private static int indentOf(CollectionNode<?> in, int outer) {
        return in.getFlowStyle() == FlowStyle.FLOW
                ? outer
                : in.getStartMark().map(mark -> mark.getColumn() + 1).orElse(outer);
    }

    private void allowTabs(Node node, boolean plain, int indent) {
        if (!tabs.isEmpty()
                && node.getStartMark().isPresent()
                && node.getEndMark().isPresent()) {
            int from = node.getStartMark().get().getIndex();
            int to = node.getEndMark().get().getIndex();
            if (plain) {
                tabs.allowPlain(from, to, indent);
            } else {
                tabs.allow(from, to);
            }
        }
    }

    private YamlNode convertRoot(Node root) {
        YamlNode converted = convert(root, 0, 0);
        int tab = tabs.isEmpty() || root.getEndMark().isEmpty()
                ? YamlTabs.NONE
                : tabs.fault(root.getEndMark().get().getIndex());
        if (tab != YamlTabs.NONE) {
            int line =
                    (int) text.substring(0, tab).chars().filter(c -> c == '\n').count() + 1;
            int column = tab - text.lastIndexOf('\n', tab);
            problems.add(new ConfigProblem(
                    file, "", line, column, "not valid YAML: found a tab where only spaces may stand; remove it"));
        }
        return converted;
    }

    private YamlNode.Scalar convertScalar(ScalarNode scalar, int line, int column) {
        Tag tag = scalar.getTag();
        boolean plain =
                NO_TEXTS.contains(tag) || (scalar.getScalarStyle() == ScalarStyle.PLAIN && !tag.equals(Tag.STR));
        return new YamlNode.Scalar(
                tag.equals(BINARY) ? binary(scalar.getValue(), line, column) : scalar.getValue(), plain, line, column);
    }

    private String binary(String base64, int line, int column) {
        String digits = base64.replaceAll("[\r\n]", "");
        try {
            if (digits.length() % 4 == 0) {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(Base64.getDecoder().decode(digits)))
                        .toString();
            }
        } catch (IllegalArgumentException | CharacterCodingException _) {
            // Reported below.
        }
        problems.add(new ConfigProblem(file, "", line, column, "!!binary that is not UTF-8 text in Base64"));
        return base64;
    }

    /** Within brackets and braces a question mark begins a key, in a plain text too. */
    private void checkQuestionMark(CollectionNode<?> in, Node node) {
        boolean found = in.getFlowStyle() == FlowStyle.FLOW
                && node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && scalar.getValue().indexOf('?') >= 0;
        if (found) {
            reportAt(node, "not valid YAML: a text with ? has to stand in quotes within brackets and braces");
        }
    }

    private void checkFlow(MappingNode mapping, ScalarNode key, Node value) {
        boolean touches = mapping.getFlowStyle() == FlowStyle.FLOW
                && key.getScalarStyle() == ScalarStyle.PLAIN
                && !(value instanceof ScalarNode)
                && key.getEndMark().isPresent()
                && value.getStartMark().isPresent()
                && key.getEndMark().get().getIndex() + 1
                        == value.getStartMark().get().getIndex();
        if (touches) {
            reportAt(value, "not valid YAML: in braces a space has to follow the colon of key " + key.getValue());
        }
    }

    private void reportAt(Node node, String message) {
        Mark mark = node.getStartMark().orElseThrow();
        problems.add(new ConfigProblem(file, "", mark.getLine() + 1, mark.getColumn() + 1, message));
    }

    private YamlNode convertMapping(MappingNode mapping, int depth, int indent, int line, int column) {
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
            checkFlow(mapping, scalarKey, tuple.getValueNode());
            checkQuestionMark(mapping, scalarKey);
            checkQuestionMark(mapping, tuple.getValueNode());
            YamlNode.Scalar keyScalar = convertScalar(scalarKey, keyLine, keyColumn);
            String key = keyScalar.text();
            YamlNode value = convert(tuple.getValueNode(), depth + 1, indent);
            if (key.equals(MERGE_KEY) && keyScalar.plain()) {
                collectMerged(value, merged);
                continue;
            }
            if (!seen.add(key)) {
                problems.add(new ConfigProblem(
                        file, "", keyLine, keyColumn, "key " + key + " occurs twice; remove one of them"));
                continue;
            }
            entries.put(key, new YamlNode.Entry(key, value, keyScalar.isNull(), keyLine, keyColumn));
        }
        List<YamlNode.Entry> shadowed = new ArrayList<>();
        for (YamlNode.Entry entry : merged) {
            if (entries.putIfAbsent(entry.key(), entry) != null && !ownGoesFirst) {
                shadowed.add(entry);
            }
        }
        return new YamlNode.Mapping(List.copyOf(entries.values()), shadowed, line, column);
    }

    private void collectMerged(YamlNode value, List<YamlNode.Entry> merged) {
        switch (value) {
            case YamlNode.Mapping mapping -> merged.addAll(mapping.entries());
            case YamlNode.Sequence sequence ->
                sequence.items().forEach(item -> {
                    if (item instanceof YamlNode.Mapping mapping) {
                        merged.addAll(mapping.entries());
                    } else {
                        refuseMerge(item);
                    }
                });
            case YamlNode.Scalar scalar -> refuseMerge(scalar);
        }
    }

    private void refuseMerge(YamlNode found) {
        problems.add(
                new ConfigProblem(file, "", found.line(), found.column(), "<<: takes a mapping or a list of mappings"));
    }
}
