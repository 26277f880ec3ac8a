// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A value of a YAML document and its place. Lines and columns are counted from 1. */
public sealed interface YamlNode {
    int line();

    int column();

    /** What kind of value this is, in words for a person. */
    String kind();

    /** The same where what mappings merge goes before what they say themselves. */
    default YamlNode withShadowed() {
        return this;
    }

    /** What mappings in it merge although they say it themselves. */
    default List<YamlNode> shadowedValues() {
        return List.of();
    }

    /** Whether something that begins at a place is this or in this. */
    default boolean holds(int line, int column) {
        return line() == line && column() == column;
    }

    /**
     * A scalar.
     *
     * @param text the value without quotes
     * @param plain whether it may be something else than a text: it was written without quotes, or its tag says so
     */
    record Scalar(String text, boolean plain, int line, int column) implements YamlNode {
        /** Whether this is YAML's null: nothing, {@code ~} or {@code null}, unquoted. */
        public boolean isNull() {
            return plain && isNullText(text);
        }

        static boolean isNullText(String text) {
            return switch (text) {
                case "", "~", "null", "Null", "NULL" -> true;
                default -> false;
            };
        }

        @Override
        public String kind() {
            return isNull() ? "null" : "a scalar";
        }
    }

    /** A sequence. */
    record Sequence(List<YamlNode> items, int line, int column) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }

        @Override
        public YamlNode withShadowed() {
            return new Sequence(items.stream().map(YamlNode::withShadowed).toList(), line, column);
        }

        @Override
        public List<YamlNode> shadowedValues() {
            return items.stream()
                    .flatMap(item -> item.shadowedValues().stream())
                    .toList();
        }

        @Override
        public boolean holds(int line, int column) {
            return YamlNode.super.holds(line, column) || items.stream().anyMatch(item -> item.holds(line, column));
        }
    }

    /**
     * A mapping.
     *
     * @param entries in the order of the document, keys unique
     * @param shadowed those that a merge key would have added, were their keys not there already
     */
    record Mapping(List<Entry> entries, List<Entry> shadowed, int line, int column) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
            shadowed = List.copyOf(shadowed);
        }

        @Override
        public String kind() {
            return "a mapping";
        }

        @Override
        public YamlNode withShadowed() {
            Map<String, Entry> changed = new LinkedHashMap<>();
            entries.forEach(entry -> changed.put(entry.key(), entry.withShadowed()));
            shadowed.forEach(entry -> changed.put(entry.key(), entry.withShadowed()));
            return new Mapping(List.copyOf(changed.values()), shadowed, line, column);
        }

        @Override
        public List<YamlNode> shadowedValues() {
            return Stream.concat(
                            shadowed.stream().map(Entry::value),
                            entries.stream().flatMap(entry -> entry.value().shadowedValues().stream()))
                    .toList();
        }

        @Override
        public boolean holds(int line, int column) {
            return YamlNode.super.holds(line, column)
                    || entries.stream()
                            .anyMatch(entry -> (entry.line() == line && entry.column() == column)
                                    || entry.value().holds(line, column));
        }
    }

    /**
     * A key with its value; the place is that of the key.
     *
     * @param nullKey whether the key is YAML's null
     */
    record Entry(String key, YamlNode value, boolean nullKey, int line, int column) {
        private Entry withShadowed() {
            return new Entry(key, value.withShadowed(), nullKey, line, column);
        }
    }
}
