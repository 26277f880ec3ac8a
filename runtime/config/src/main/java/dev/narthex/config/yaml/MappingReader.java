// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one mapping by name. What a reader never asked for is unknown and reported by {@link #finish}. A
 * field that is absent gives the default; one that is null gives nothing: the empty text, false, 0, no entries, as in
 * Prometheus.
 */
public final class MappingReader {
    private final YamlNode.@Nullable Mapping mapping;
    private final String path;
    private final Problems problems;
    /** Where the mapping is or, where there is none, would be. */
    private final int line;

    private final int column;
    private final Set<String> asked = new HashSet<>();

    private MappingReader(YamlNode.@Nullable Mapping mapping, String path, Problems problems, int line, int column) {
        this.mapping = mapping;
        this.path = path;
        this.problems = problems;
        this.line = line;
        this.column = column;
    }

    /** Reads a node as a mapping; null counts as one without fields, anything else is a problem. */
    public static MappingReader of(YamlNode node, String path, Problems problems) {
        if (node instanceof YamlNode.Mapping mapping) {
            return new MappingReader(mapping, path, problems, node.line(), node.column());
        }
        if (!(node instanceof YamlNode.Scalar scalar && scalar.isNull())) {
            problems.add(node, path, "found " + node.kind() + "; a mapping is expected");
        }
        return new MappingReader(null, path, problems, node.line(), node.column());
    }

    public Problems problems() {
        return problems;
    }

    /** The path of a field of this mapping, for errors. */
    public String pathOf(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    /** Whether the field is there and not null. */
    public boolean has(String field) {
        return find(field) != null;
    }

    /** The value of a field, null where it is absent or null. */
    public @Nullable YamlNode find(String field) {
        asked.add(field);
        if (mapping == null) {
            return null;
        }
        for (YamlNode.Entry entry : mapping.entries()) {
            if (entry.key().equals(field)) {
                return entry.value() instanceof YamlNode.Scalar scalar && scalar.isNull() ? null : entry.value();
            }
        }
        return null;
    }

    /** Whether a field is there and not the empty text. */
    public boolean isGiven(String field) {
        YamlNode value = find(field);
        return value != null
                && !(value instanceof YamlNode.Scalar scalar && scalar.text().isEmpty());
    }

    /** Reports a problem with a field, at its value where it is there, at the mapping where it is not. */
    public void report(String field, String message) {
        YamlNode value = find(field);
        if (value != null) {
            problems.add(value, pathOf(field), message);
        } else {
            problems.add(line, column, pathOf(field), message);
        }
    }

    public String string(String field, String fallback) {
        YamlNode value = find(field);
        if (value == null) {
            return isWritten(field) ? "" : fallback;
        }
        if (value instanceof YamlNode.Scalar scalar) {
            return scalar.text();
        }
        problems.add(value, pathOf(field), "found " + value.kind() + "; a text is expected");
        return fallback;
    }

    /** A text that must be there and not be empty. */
    public String required(String field) {
        String text = string(field, "");
        if (text.isEmpty() && !(find(field) instanceof YamlNode.Sequence || find(field) instanceof YamlNode.Mapping)) {
            report(field, "is missing; give a text that is not empty");
        }
        return text;
    }

    /** A text that no error may quote. */
    public Secret secret(String field) {
        String text = string(field, "");
        return text.isEmpty() ? Secret.NONE : new Secret(text);
    }

    public boolean bool(String field, boolean fallback) {
        YamlNode value = find(field);
        if (value == null) {
            return !isWritten(field) && fallback;
        }
        if (value instanceof YamlNode.Scalar scalar && scalar.plain()) {
            switch (scalar.text()) {
                case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y" -> {
                    return true;
                }
                case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N" -> {
                    return false;
                }
                default -> {
                    // Reported below, like everything else that is no boolean.
                }
            }
        }
        boolean quoted = value instanceof YamlNode.Scalar scalar && !scalar.plain();
        problems.add(
                value,
                pathOf(field),
                "found " + shown(value) + (quoted ? " in quotes; true or false without quotes" : "; true or false")
                        + " is expected");
        return fallback;
    }

    /** A whole number within bounds, both inclusive; of a number with a fraction the whole part, as in Prometheus. */
    public long integer(String field, long fallback, long min, long max) {
        YamlNode value = find(field);
        if (value == null) {
            return isWritten(field) ? 0 : fallback;
        }
        if (value instanceof YamlNode.Scalar scalar && scalar.plain()) {
            Long number = YamlNumber.whole(scalar.text(), min < 0);
            if (number != null && number >= min && number <= max) {
                return number;
            }
        }
        String upTo = max == Long.MAX_VALUE ? " or more" : " to " + max;
        problems.add(
                value, pathOf(field), "found " + shown(value) + "; a whole number, " + min + upTo + ", is expected");
        return fallback;
    }

    /** A whole number that is not negative. */
    public long unsigned(String field, long fallback) {
        return integer(field, fallback, 0, Long.MAX_VALUE);
    }

    /** A whole number of 64 bits without a sign, as {@link Long#toUnsignedString(long)} shows it. */
    public long unsignedBits(String field, long fallback) {
        YamlNode value = find(field);
        if (value == null) {
            return isWritten(field) ? 0 : fallback;
        }
        if (value instanceof YamlNode.Scalar scalar && scalar.plain()) {
            Long number = YamlNumber.unsigned(scalar.text());
            if (number != null) {
                return number;
            }
        }
        problems.add(value, pathOf(field), "found " + shown(value) + "; a whole number, 0 or more, is expected");
        return fallback;
    }

    /** A number with or without a fraction; may be infinite or NaN. */
    public double number(String field, double fallback) {
        YamlNode value = find(field);
        if (value == null) {
            return isWritten(field) ? 0 : fallback;
        }
        if (value instanceof YamlNode.Scalar scalar && scalar.plain()) {
            Double number = YamlNumber.real(scalar.text());
            if (number != null) {
                return number;
            }
        }
        problems.add(value, pathOf(field), "found " + shown(value) + "; a number is expected");
        return fallback;
    }

    /** A field that holds a mapping; one without fields where it is absent. */
    public MappingReader mapping(String field) {
        YamlNode value = find(field);
        if (value == null) {
            return new MappingReader(null, pathOf(field), problems, line, column);
        }
        return of(value, pathOf(field), problems);
    }

    /** A field that holds a list of anything; empty where it is absent. */
    public List<YamlNode> list(String field) {
        YamlNode value = find(field);
        if (value == null) {
            return List.of();
        }
        if (value instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        String example =
                value instanceof YamlNode.Scalar ? ": put it in brackets, or behind a dash on its own line" : "";
        problems.add(value, pathOf(field), "found " + value.kind() + "; a list is expected" + example);
        return List.of();
    }

    /** A field that holds a list of mappings; null in the list is a problem. */
    public List<MappingReader> mappings(String field) {
        List<MappingReader> readers = new ArrayList<>();
        List<YamlNode> items = list(field);
        for (int i = 0; i < items.size(); i++) {
            String itemPath = pathOf(field) + "[" + i + "]";
            if (items.get(i) instanceof YamlNode.Scalar scalar && scalar.isNull()) {
                problems.add(scalar, itemPath, "found null; a mapping is expected");
            } else {
                readers.add(of(items.get(i), itemPath, problems));
            }
        }
        return readers;
    }

    /** A field that holds a list of mappings; null in the list is passed over. */
    public List<MappingReader> mappingsButNull(String field) {
        List<MappingReader> readers = new ArrayList<>();
        List<YamlNode> items = list(field);
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof YamlNode.Scalar scalar && scalar.isNull())) {
                readers.add(of(items.get(i), pathOf(field) + "[" + i + "]", problems));
            }
        }
        return readers;
    }

    /** A field that holds a list of mappings; null in the list counts as one without fields. */
    public List<MappingReader> mappingsOrEmpty(String field) {
        List<MappingReader> readers = new ArrayList<>();
        List<YamlNode> items = list(field);
        for (int i = 0; i < items.size(); i++) {
            readers.add(of(items.get(i), pathOf(field) + "[" + i + "]", problems));
        }
        return readers;
    }

    /** A field that holds a list of texts. */
    public List<String> strings(String field) {
        List<String> texts = new ArrayList<>();
        List<YamlNode> items = list(field);
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof YamlNode.Scalar scalar) {
                texts.add(scalar.isNull() ? "" : scalar.text());
            } else {
                problems.add(
                        items.get(i),
                        pathOf(field) + "[" + i + "]",
                        "found " + items.get(i).kind() + "; a text is expected");
            }
        }
        return texts;
    }

    /** A field that holds a list of texts that no error may quote. */
    public List<Secret> secrets(String field) {
        return strings(field).stream().map(Secret::new).toList();
    }

    /** A field that holds a mapping from text to text, in the order of the document. */
    public Map<String, String> stringMap(String field) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (YamlNode.Entry entry : allEntries(field)) {
            if (entry.value() instanceof YamlNode.Scalar scalar) {
                if (!entry.nullKey()) {
                    texts.put(entry.key(), scalar.isNull() ? "" : scalar.text());
                }
            } else {
                problems.add(
                        entry.value(),
                        pathOf(field) + "." + entry.key(),
                        "found " + entry.value().kind() + "; a text is expected");
            }
        }
        return texts;
    }

    /** The entries of a field that holds a mapping with free keys; one whose key is null says nothing. */
    public List<YamlNode.Entry> entries(String field) {
        return allEntries(field).stream().filter(entry -> !entry.nullKey()).toList();
    }

    /** The same with those whose key is null. */
    public List<YamlNode.Entry> allEntries(String field) {
        YamlNode value = find(field);
        if (value == null) {
            return List.of();
        }
        if (value instanceof YamlNode.Mapping inner) {
            for (YamlNode.Entry entry : inner.shadowed()) {
                problems.add(
                        entry.line(),
                        entry.column(),
                        pathOf(field) + "." + entry.key(),
                        "is there already, and << may not add it again; remove one of them");
            }
            return inner.entries();
        }
        problems.add(value, pathOf(field), "found " + value.kind() + "; a mapping is expected");
        return List.of();
    }

    /** Reports keys that are null in a field that holds a mapping with free keys. */
    public void refuseNullKeys(String field) {
        if (find(field) instanceof YamlNode.Mapping inner) {
            for (YamlNode.Entry entry : inner.entries()) {
                if (entry.nullKey()) {
                    problems.add(entry.line(), entry.column(), pathOf(field), "found null as a name; give a text");
                }
            }
        }
    }

    /** Whether the field is written, be it with null. */
    public boolean isWritten(String field) {
        asked.add(field);
        return mapping != null
                && mapping.entries().stream().anyMatch(entry -> entry.key().equals(field));
    }

    /** Notes that a field holds what is valid, but nothing that this build can do. */
    public void unsupported(String field, String message) {
        asked.add(field);
        YamlNode.Entry entry = mapping == null
                ? null
                : mapping.entries().stream()
                        .filter(candidate -> candidate.key().equals(field))
                        .findFirst()
                        .orElse(null);
        if (entry != null) {
            problems.addUnsupported(entry.line(), entry.column(), pathOf(field), message);
        } else if (mapping != null) {
            problems.addUnsupported(line, column, pathOf(field), message);
        }
    }

    /** Notes that this build has nothing like a field, whatever its value. */
    public void unsupported(String field) {
        unsupported(field, "is not supported by this version of Narthex; remove it");
    }

    /**
     * Reports every field that nobody asked for.
     *
     * @param upstream fields that Prometheus or Alertmanager knows here and this build does not have: they are refused
     *     by name rather than as unknown
     */
    public void finish(Set<String> upstream) {
        if (mapping == null) {
            return;
        }
        for (YamlNode.Entry entry : mapping.entries()) {
            if (asked.contains(entry.key())) {
                continue;
            }
            String message;
            if (upstream.contains(entry.key())) {
                message = "is not supported by this version of Narthex; remove it";
            } else {
                message = "unknown field" + NearName.hint(entry.key(), asked);
            }
            problems.add(entry.line(), entry.column(), pathOf(entry.key()), message);
        }
    }

    /** Reports every field that nobody asked for. */
    public void finish() {
        finish(Set.of());
    }

    /** A value as it is quoted in an error, at most 200 characters. */
    public static String shown(YamlNode value) {
        if (value instanceof YamlNode.Scalar scalar) {
            return '"' + shortened(scalar.text()) + '"';
        }
        return value.kind();
    }

    static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }
}
