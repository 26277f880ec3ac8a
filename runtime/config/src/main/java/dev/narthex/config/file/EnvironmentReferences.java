// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import java.util.function.UnaryOperator;

/** References to environment variables in a text (Go documentation, {@code os.Expand}, which Prometheus expands by). */
final class EnvironmentReferences {
    /** Characters that are a name alone, as in a shell; none of them is the name of a variable. */
    private static final String SPECIAL = "*#$@!?-0123456789";

    private EnvironmentReferences() {}

    /**
     * Replaces {@code $NAME} and {@code ${NAME}} by what the environment has; {@code $$} is a dollar sign. Names are of
     * ASCII letters, digits and underscores, in braces of anything. Braces that are empty, or are not closed, are left out
     * with their dollar sign; one that nothing of these follows stays.
     */
    static String expand(String text, UnaryOperator<String> environment) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '$' || at == text.length()) {
                out.append(c);
            } else if (text.charAt(at) == '{') {
                int closing = text.indexOf('}', at);
                if (closing > at + 1) {
                    out.append(value(text.substring(at + 1, closing), environment));
                }
                at = closing < 0 ? at + 1 : closing + 1;
            } else {
                int end = endOfName(text, at);
                out.append(end == at ? "$" : value(text.substring(at, end), environment));
                at = end;
            }
        }
        return out.toString();
    }

    private static String value(String name, UnaryOperator<String> environment) {
        return name.equals("$") ? "$" : environment.apply(name);
    }

    private static int endOfName(String text, int start) {
        if (SPECIAL.indexOf(text.charAt(start)) >= 0) {
            return start + 1;
        }
        int end = start;
        while (end < text.length() && isNameCharacter(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
}
