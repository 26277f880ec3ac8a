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
     * @param plain whether it may be something else than a text: it was written without quotes, or its tag says so
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
    }

    /**
     * A key with its value; the place is that of the key.
     *
     * @param nullKey whether the key is YAML's null
     */
    record Entry(String key, YamlNode value, boolean nullKey, int line, int column) {}
}
