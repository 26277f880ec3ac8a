// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

/**
 * A token of YAML 1.1.
 *
 * @param text of a scalar its value, of an anchor or alias its name, of a tag or a {@code %TAG} what stands behind the handle
 * @param handle of a tag or a {@code %TAG}
 * @param plain whether a scalar stands there without quotes
 */
record YamlToken(Kind kind, YamlMark start, String text, String handle, boolean plain) {
    enum Kind {
        STREAM_END,
        VERSION,
        TAG_DIRECTIVE,
        DOCUMENT_START,
        DOCUMENT_END,
        BLOCK_SEQUENCE_START,
        BLOCK_MAPPING_START,
        BLOCK_END,
        FLOW_SEQUENCE_START,
        FLOW_SEQUENCE_END,
        FLOW_MAPPING_START,
        FLOW_MAPPING_END,
        BLOCK_ENTRY,
        FLOW_ENTRY,
        KEY,
        VALUE,
        ALIAS,
        ANCHOR,
        TAG,
        SCALAR
    }

    YamlToken(Kind kind, YamlMark start) {
        this(kind, start, "", "", false);
    }

    YamlToken(Kind kind, YamlMark start, String text) {
        this(kind, start, text, "", false);
    }

    boolean is(Kind first) {
        return kind == first;
    }

    boolean is(Kind first, Kind second) {
        return kind == first || kind == second;
    }

    boolean is(Kind first, Kind second, Kind third) {
        return kind == first || kind == second || kind == third;
    }

    /** What it is, in words for a person. */
    String found() {
        return switch (kind) {
            case STREAM_END -> "the end";
            case VERSION, TAG_DIRECTIVE -> "a directive";
            case DOCUMENT_START -> "---";
            case DOCUMENT_END -> "...";
            case BLOCK_SEQUENCE_START, BLOCK_ENTRY -> "a dash";
            case BLOCK_MAPPING_START, KEY -> "a key";
            case BLOCK_END -> "a line that is moved in less far";
            case FLOW_SEQUENCE_START -> "[";
            case FLOW_SEQUENCE_END -> "]";
            case FLOW_MAPPING_START -> "{";
            case FLOW_MAPPING_END -> "}";
            case FLOW_ENTRY -> "a comma";
            case VALUE -> "a colon";
            case ALIAS -> "*" + text;
            case ANCHOR -> "&" + text;
            case TAG -> "a tag";
            case SCALAR -> text.isEmpty() ? "an empty text" : "a text";
        };
    }
}
