// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of a format over its arguments (Go documentation, fmt, "Printing" and "Format errors"). */
final class FormatRun {
    private static final int MAX_NUMBER = 1_000_000;

    private final String format;
    private final List<@Nullable Object> values;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int argument;
    private boolean reordered;
    private boolean goodIndex;

    FormatRun(String format, List<@Nullable Object> values) {
        this.format = format;
        this.values = values;
    }

    String run() {
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            if (percent < 0) {
                out.append(format, at, format.length());
                break;
            }
            out.append(format, at, percent);
            at = percent + 1;
            goodIndex = true;
            verb();
        }
        if (!reordered && argument < values.size()) {
            extra();
        }
        return out.toString();
    }

    private void verb() {
        boolean plus = false;
        boolean minus = false;
        boolean sharp = false;
        boolean space = false;
        boolean zero = false;
        int flag;
        while (at < format.length() && (flag = "+-# 0".indexOf(format.charAt(at))) >= 0) {
            plus |= flag == 0;
            minus |= flag == 1;
            sharp |= flag == 2;
            space |= flag == 3;
            zero |= flag == 4;
            at++;
        }
        index();
        int width = 0;
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            width = star("%!(BADWIDTH)", 0);
            minus |= width < 0;
            width = Math.abs(width);
            index();
        } else {
            width = Math.max(0, number());
        }
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            index();
            if (at < format.length() && format.charAt(at) == '*') {
                at++;
                precision = star("%!(BADPREC)", -1);
                index();
            } else {
                precision = Math.max(0, number());
            }
        }
        index();
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        int code = format.codePointAt(at);
        at += Character.charCount(code);
        apply(new Verb(code, plus, minus, sharp, space, zero, width, precision));
    }

    private void apply(Verb verb) {
        if (verb.verb() == '%') {
            out.append('%');
        } else if (!goodIndex) {
            out.append("%!").append(verb.shown()).append("(BADINDEX)");
        } else if (argument >= values.size()) {
            out.append("%!").append(verb.shown()).append("(MISSING)");
        } else {
            out.append(GoPrinter.format(verb, values.get(argument++)));
        }
    }

    private void extra() {
        out.append("%!(EXTRA ");
        for (int i = argument; i < values.size(); i++) {
            Object value = values.get(i);
            if (i > argument) {
                out.append(", ");
            }
            out.append(value == null ? "<nil>" : GoValues.type(value) + "=" + GoPrinter.text(value));
        }
        out.append(')');
    }

    /** An explicit argument index, {@code [2]}. */
    private void index() {
        if (at >= format.length() || format.charAt(at) != '[') {
            return;
        }
        reordered = true;
        int end = format.indexOf(']', at);
        if (end < 0) {
            goodIndex = false;
            at++;
            return;
        }
        int index = -1;
        try {
            index = Integer.parseInt(format.substring(at + 1, end)) - 1;
        } catch (NumberFormatException _) {
            // Stays out of range.
        }
        at = end + 1;
        if (index < 0 || index >= values.size()) {
            goodIndex = false;
        } else {
            argument = index;
        }
    }

    private int star(String bad, int otherwise) {
        Object value = argument < values.size() ? values.get(argument) : null;
        argument++;
        if (value instanceof Long number && Math.abs(number) <= MAX_NUMBER) {
            return number.intValue();
        }
        out.append(bad);
        return otherwise;
    }

    private int number() {
        int number = -1;
        while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
            number = Math.max(0, number) * 10 + format.charAt(at) - '0';
            at++;
            if (number > MAX_NUMBER) {
                number = 0;
            }
        }
        return number;
    }
}
