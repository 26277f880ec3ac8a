// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value as it is written: with its tag, aliases not followed, keys of any kind and as often as they are there. */
sealed interface RawYaml {
    YamlMark mark();

    /** What tells it from others where it is a key; all lists are the same, and all mappings. */
    String keyText();

    /**
     * A scalar.
     *
     * @param plain whether it has no quotes
     * @param tag in full, empty where there is none
     */
    record Scalar(String text, boolean plain, String tag, YamlMark mark) implements RawYaml {
        @Override
        public String keyText() {
            return text;
        }
    }

    /** A list; tags of lists mean nothing. */
    record Sequence(List<RawYaml> items, YamlMark mark) implements RawYaml {
        @Override
        public String keyText() {
            return "[]";
        }
    }

    /** A mapping; tags of mappings mean nothing. */
    record Mapping(List<Pair> pairs, YamlMark mark) implements RawYaml {
        @Override
        public String keyText() {
            return "{}";
        }
    }

    /** A key and its value. */
    record Pair(RawYaml key, RawYaml value) {}

    /** What stands in the place of an anchored value. */
    record Alias(String name, Anchor anchor, YamlMark mark) implements RawYaml {
        @Override
        public String keyText() {
            return "*" + name;
        }
    }

    /** A place for a value that may not have been read to its end when it is first named. */
    final class Anchor {
        private @Nullable RawYaml value;

        /** Null while the value is being read, so within the value itself. */
        @Nullable
        RawYaml value() {
            return value;
        }

        void set(RawYaml value) {
            this.value = value;
        }
    }
}
