// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The syntax of label selectors and field selectors (Kubernetes documentation, "Labels and Selectors" and "Field
 * Selectors"), to check them before an API server sees them.
 */
final class KubernetesSelectorSyntax {
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern PREFIX =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final String SPECIAL = "=!(),<>";

    private final List<String> tokens;
    private int at;

    private KubernetesSelectorSyntax(List<String> tokens) {
        this.tokens = tokens;
    }

    /**
     * Checks a label selector, such as {@code app=web,tier in (a, b),!canary}.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static void checkLabels(String text) {
        KubernetesSelectorSyntax syntax = new KubernetesSelectorSyntax(tokens(text));
        if (syntax.tokens.isEmpty()) {
            return;
        }
        syntax.requirement();
        while (syntax.at < syntax.tokens.size()) {
            syntax.expect(",");
            syntax.requirement();
        }
    }

    /**
     * Checks a field selector, such as {@code status.phase=Running,spec.nodeName!=a}.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static void checkFields(String text) {
        for (String term : fieldTerms(text)) {
            if (term.isEmpty()) {
                continue;
            }
            int operator = fieldOperator(term);
            if (operator < 0) {
                throw new IllegalArgumentException("found '" + term + "'; field=value or field!=value is expected");
            }
            checkFieldValue(term.substring(operator + operatorLength(term, operator)));
        }
    }

    private void requirement() {
        boolean not = take("!");
        String key = word("a label name");
        checkKey(key);
        if (not || at == tokens.size() || tokens.get(at).equals(",")) {
            return;
        }
        String operator = tokens.get(at++);
        switch (operator) {
            case "=", "==", "!=" -> {
                String value = at < tokens.size() && !tokens.get(at).equals(",") ? word("a value") : "";
                checkValue(value);
            }
            case "in", "notin" -> values();
            case ">", "<" -> {
                String value = word("a number");
                if (!INTEGER.matcher(value).matches()) {
                    throw new IllegalArgumentException("found '" + value + "'; > and < take whole numbers");
                }
            }
            default ->
                throw new IllegalArgumentException(
                        "found '" + operator + "'; in, notin, =, ==, !=, > or < is expected");
        }
    }

    private void values() {
        expect("(");
        while (!take(")")) {
            if (at == tokens.size()) {
                throw new IllegalArgumentException("found the end; ')' is expected");
            }
            if (!take(",")) {
                checkValue(word("a value"));
            }
        }
    }

    private String word(String what) {
        String found = at < tokens.size() ? tokens.get(at) : "";
        if (found.isEmpty() || SPECIAL.indexOf(found.charAt(0)) >= 0) {
            throw new IllegalArgumentException("found '" + found + "'; " + what + " is expected");
        }
        at++;
        return found;
    }

    private boolean take(String token) {
        if (at < tokens.size() && tokens.get(at).equals(token)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String token) {
        if (!take(token)) {
            String found = at < tokens.size() ? tokens.get(at) : "";
            throw new IllegalArgumentException("found '" + found + "'; '" + token + "' is expected");
        }
    }

    private static void checkKey(String key) {
        int slash = key.indexOf('/');
        String name = key.substring(slash + 1);
        boolean prefixed = slash < 0
                || (slash <= 253 && PREFIX.matcher(key.substring(0, slash)).matches());
        if (!prefixed || name.length() > 63 || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + key + "' is not the name of a label");
        }
    }

    private static void checkValue(String value) {
        if (!value.isEmpty() && (value.length() > 63 || !NAME.matcher(value).matches())) {
            throw new IllegalArgumentException("'" + value + "' is not the value of a label");
        }
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                at++;
            } else if (SPECIAL.indexOf(c) >= 0) {
                int end = at + 1;
                if ((c == '=' || c == '!') && end < text.length() && text.charAt(end) == '=') {
                    end++;
                }
                tokens.add(text.substring(at, end));
                at = end;
            } else {
                int end = at;
                while (end < text.length()
                        && SPECIAL.indexOf(text.charAt(end)) < 0
                        && " \t\r\n".indexOf(text.charAt(end)) < 0) {
                    end++;
                }
                tokens.add(text.substring(at, end));
                at = end;
            }
        }
        return tokens;
    }

    private static List<String> fieldTerms(String text) {
        List<String> terms = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == ',') {
                terms.add(text.substring(start, i));
                start = i + 1;
            }
        }
        terms.add(text.substring(start));
        return terms;
    }

    private static int fieldOperator(String term) {
        for (int i = 0; i < term.length(); i++) {
            if (operatorLength(term, i) > 0) {
                return i;
            }
        }
        return -1;
    }

    private static int operatorLength(String term, int at) {
        if (term.startsWith("!=", at) || term.startsWith("==", at)) {
            return 2;
        }
        return term.startsWith("=", at) ? 1 : 0;
    }

    private static void checkFieldValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
                if (i == value.length() || "\\,=".indexOf(value.charAt(i)) < 0) {
                    throw new IllegalArgumentException("'" + value + "' has an escape that is none of \\\\ \\, \\=");
                }
            } else if (c == ',' || c == '=') {
                throw new IllegalArgumentException("'" + value + "' has " + c + " without a backslash");
            }
        }
    }
}
