// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.LabelNames;
import java.util.Locale;
import java.util.Optional;

/**
 * How names that need quotes are written for one who knows none (Prometheus documentation, "Escaping schemes"). Names
 * that need no quotes stay as they are in every scheme.
 */
public enum EscapingScheme {
    /** Names as they are, in quotes where they need them. */
    ALLOW_UTF_8("allow-utf-8"),
    /** Every character that may not be there becomes an underscore. */
    UNDERSCORES("underscores"),
    /** Dots become {@code _dot_}; underscores, and what else may not be there, two underscores. */
    DOTS("dots"),
    /** After {@code U__} underscores are doubled, and other characters become their code point between underscores. */
    VALUES("values");

    private static final String PARAMETER = "escaping=";

    private final String text;

    EscapingScheme(String text) {
        this.text = text;
    }

    /** Its name in a header field. */
    public String text() {
        return text;
    }

    /** The scheme that the first part of an Accept header field with one asks for. */
    public static Optional<EscapingScheme> ofAccept(String accept) {
        String lower = accept.toLowerCase(Locale.ROOT);
        for (int at = lower.indexOf(PARAMETER); at >= 0; at = lower.indexOf(PARAMETER, at + 1)) {
            String rest = lower.substring(at + PARAMETER.length());
            for (EscapingScheme scheme : values()) {
                if (rest.startsWith(scheme.text)) {
                    return Optional.of(scheme);
                }
            }
        }
        return Optional.empty();
    }

    public String metricName(String name) {
        return this == ALLOW_UTF_8 || LabelNames.isClassicMetricName(name) ? name : escaped(name);
    }

    public String labelName(String name) {
        return this == ALLOW_UTF_8 || LabelNames.isClassic(name) ? name : escaped(name);
    }

    private String escaped(String name) {
        StringBuilder escaped = new StringBuilder(this == VALUES ? "U__" : "");
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            int c = name.codePointAt(i);
            boolean valid = isLetter(c) || (c >= '0' && c <= '9' && i > 0);
            switch (this) {
                case UNDERSCORES -> append(escaped, valid, c, "_");
                case DOTS -> append(escaped, valid && c != '_', c, c == '.' ? "_dot_" : "__");
                case VALUES ->
                    append(escaped, valid && c != '_', c, c == '_' ? "__" : "_" + Integer.toHexString(c) + "_");
                case ALLOW_UTF_8 -> escaped.appendCodePoint(c);
            }
        }
        return escaped.toString();
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
    }

    private static void append(StringBuilder to, boolean asItIs, int c, String otherwise) {
        if (asItIs) {
            to.appendCodePoint(c);
        } else {
            to.append(otherwise);
        }
    }
}
