// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.util.List;

/** A value of a YAML document and its place. Lines and columns are counted from 1. */
public sealed interface YamlNode {
    int line();

    int column();

    /** What kind of value this is, in words for a person. */
    String kind();

    /**
     * A scalar.
     *
     * @param text the value without quotes
     * @param plain whether it was written without quotes
     */
    record Scalar(String text, boolean plain, int line, int column) implements YamlNode {
        /** Whether this is YAML's null: nothing, {@code ~} or {@code null}, unquoted. */
        public boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
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
    }

    /** A mapping, entries in the order of the document, keys unique. */
    record Mapping(List<Entry> entries, int line, int column) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** A key with its value; the place is that of the key. */
    record Entry(String key, YamlNode value, int line, int column) {}
}
