// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows aliases, merges what {@code <<} names, and refuses keys that occur twice and tags that do not fit their value. */
final class YamlConverter {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NODES = 5_000_000;
    private static final String MERGE_KEY = "<<";

    private final String file;
    private final YamlDialect dialect;
    private final YamlTags tags;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private int nodes;
    private int depth;

    YamlConverter(String file, YamlDialect dialect) {
        this.file = file;
        this.dialect = dialect;
        tags = new YamlTags(dialect);
    }

    YamlNode convert(RawYaml root, @Nullable KnownFields known) throws ConfigException {
        YamlNode converted = value(root, known);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return converted;
    }

    static ConfigProblem tooDeep(String file, int line, int column) {
        return new ConfigProblem(
                file, "", line, column, "nested too deeply or aliased too often; at most 100 levels are read");
    }

    private void report(RawYaml at, String message) {
        problems.add(new ConfigProblem(file, "", line(at), column(at), message));
    }

    private static int line(RawYaml at) {
        return at.mark().line() + 1;
    }

    private static int column(RawYaml at) {
        return at.mark().column() + 1;
    }

    /** What stands in the place of an alias; the alias itself, and a problem, where it stands within that. */
    private RawYaml followed(RawYaml raw) {
        if (raw instanceof RawYaml.Alias alias) {
            RawYaml value = alias.anchor().value();
            if (value != null) {
                return followed(value);
            }
        }
        return raw;
    }

    /** Counts a value in; whether there are too many, or it stands too deep, which is reported once. */
    private boolean isTooMuch(RawYaml at) {
        boolean tooMuch = depth > MAX_DEPTH || ++nodes > MAX_NODES;
        if (tooMuch && problems.isEmpty()) {
            problems.add(tooDeep(file, line(at), column(at)));
        }
        return tooMuch;
    }

    private YamlNode value(RawYaml written, @Nullable KnownFields known) {
        RawYaml raw = followed(written);
        if (isTooMuch(written)) {
            return new YamlNode.Scalar("", true, line(written), column(written));
        }
        depth++;
        try {
            return converted(raw, known);
        } finally {
            depth--;
        }
    }

    @SuppressWarnings("IfChainToSwitch") // the first switch by type that a JVM comes to costs a start 25 ms
    private YamlNode converted(RawYaml raw, @Nullable KnownFields known) {
        if (raw instanceof RawYaml.Scalar scalar) {
            return scalar(scalar);
        }
        if (raw instanceof RawYaml.Mapping mapping) {
            return mapping(mapping, known);
        }
        if (raw instanceof RawYaml.Sequence sequence) {
            List<YamlNode> items = new ArrayList<>();
            for (RawYaml item : sequence.items()) {
                items.add(value(item, known));
            }
            return new YamlNode.Sequence(items, line(raw), column(raw));
        }
        report(raw, raw.keyText() + " stands within what it names; remove it");
        return new YamlNode.Scalar("", true, line(raw), column(raw));
    }

    private YamlNode.Scalar scalar(RawYaml.Scalar scalar) {
        try {
            return tags.resolve(scalar);
        } catch (IllegalArgumentException e) {
            report(scalar, String.valueOf(e.getMessage()));
            return new YamlNode.Scalar(scalar.text(), true, line(scalar), column(scalar));
        }
    }

    private YamlNode mapping(RawYaml.Mapping mapping, @Nullable KnownFields known) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        List<YamlNode.Entry> shadowed = new ArrayList<>();
        collect(mapping, known, entries, shadowed, false);
        return new YamlNode.Mapping(List.copyOf(entries.values()), shadowed, line(mapping), column(mapping));
    }

    /**
     * Adds the entries of a mapping, and then those that it merges.
     *
     * @param merged whether the mapping itself is merged into another, which goes before it
     */
    private void collect(
            RawYaml.Mapping mapping,
            @Nullable KnownFields known,
            Map<String, YamlNode.Entry> entries,
            List<YamlNode.Entry> shadowed,
            boolean merged) {
        List<RawYaml> merges = new ArrayList<>();
        Set<String> written = new HashSet<>();
        for (RawYaml.Pair pair : mapping.pairs()) {
            boolean first = dialect != YamlDialect.RULES || isFirst(pair.key(), written);
            if (!(followed(pair.key()) instanceof RawYaml.Scalar rawKey)) {
                report(pair.key(), "a key that is a list or a mapping; keys are plain words");
                continue;
            }
            if (isMerge(rawKey)) {
                merges.add(pair.value());
                continue;
            }
            YamlNode.Scalar key = scalar(rawKey);
            boolean passed = dialect == YamlDialect.RULES && key.isNull();
            if (passed || !first || (known != null && !known.has(key.text()))) {
                continue;
            }
            String name = key.isNull() ? "" : key.text();
            if (dialect == YamlDialect.CONFIGURATION && !written.add(name)) {
                reportTwice(pair.key(), key.text());
            } else if (!merged || dialect != YamlDialect.RULES || !entries.containsKey(name)) {
                YamlNode.Entry entry = new YamlNode.Entry(
                        key.text(),
                        value(pair.value(), known == null ? null : known.of(name)),
                        key.isNull(),
                        line(pair.key()),
                        column(pair.key()));
                if (entries.putIfAbsent(name, entry) != null) {
                    if (dialect == YamlDialect.RULES) {
                        reportTwice(pair.key(), key.text());
                    }
                    shadowed.add(entry);
                }
            }
        }
        for (RawYaml merge : merges) {
            merge(merge, known, entries, shadowed);
        }
    }

    /** Whether a key is written for the first time in its mapping, whatever its tag. */
    private boolean isFirst(RawYaml key, Set<String> written) {
        boolean first = written.add((key instanceof RawYaml.Scalar ? "s" : "c") + key.keyText());
        if (!first) {
            reportTwice(key, key.keyText());
        }
        return first;
    }

    private void reportTwice(RawYaml at, String key) {
        report(at, "key " + key + " occurs twice; remove one of them");
    }

    private static boolean isMerge(RawYaml.Scalar key) {
        return key.text().equals(MERGE_KEY) && (key.tag().isEmpty() ? key.plain() : YamlTags.isMerge(key.tag()));
    }

    private void merge(
            RawYaml written,
            @Nullable KnownFields known,
            Map<String, YamlNode.Entry> entries,
            List<YamlNode.Entry> shadowed) {
        List<RawYaml> sources =
                followed(written) instanceof RawYaml.Sequence sequence ? sequence.items() : List.of(written);
        for (RawYaml source : sources) {
            if (followed(source) instanceof RawYaml.Mapping mapping) {
                if (isTooMuch(written)) {
                    return;
                }
                depth++;
                collect(mapping, known, entries, shadowed, true);
                depth--;
            } else {
                report(source, "found what is no mapping; << takes a mapping or a list of mappings");
            }
        }
    }
}
