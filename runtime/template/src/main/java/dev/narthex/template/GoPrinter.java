// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.GoFloat;
import dev.narthex.model.QuotedString;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Text of values as Go's {@code fmt} package makes it (Go documentation, fmt, "Printing"). */
final class GoPrinter {
    private GoPrinter() {}

    /** The default form, that of the verb {@code %v}. */
    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case Boolean bool -> bool.toString();
            case Long number -> number.toString();
            case Double number -> GoFloat.general(number);
            case String text -> text;
            case SafeText text -> text.text();
            case GoMap map ->
                map.entries().entrySet().stream()
                        .map(entry -> entry.getKey() + ":" + text(entry.getValue()))
                        .collect(Collectors.joining(" ", "map[", "]"));
            case GoList list -> list.items().stream().map(GoPrinter::text).collect(Collectors.joining(" ", "[", "]"));
            case GoStruct struct ->
                struct.fields().values().stream().map(GoPrinter::text).collect(Collectors.joining(" ", "{", "}"));
            case GoTime time -> time.toString();
            case GoDuration duration -> duration.toString();
            case GoComplex complex -> complex.toString();
            default -> throw new IllegalStateException("template value of " + value.getClass());
        };
    }

    /** {@code Sprint}: spaces between neighbours of which neither is a string. */
    static String print(List<@Nullable Object> values) {
        StringBuilder out = new StringBuilder();
        boolean afterString = true;
        for (Object value : values) {
            boolean string = value instanceof String || value instanceof SafeText;
            if (!afterString && !string) {
                out.append(' ');
            }
            out.append(text(value));
            afterString = string;
        }
        return out.toString();
    }

    /** {@code Sprintln}: spaces between all, a line feed at the end. */
    static String printLine(List<@Nullable Object> values) {
        return values.stream().map(GoPrinter::text).collect(Collectors.joining(" ", "", "\n"));
    }

    /** {@code Sprintf}. */
    static String format(String format, List<@Nullable Object> values) {
        return new FormatRun(format, values).run();
    }

    /** One value by one verb, padded. */
    static String format(Verb verb, @Nullable Object value) {
        if (verb.verb() == 'T') {
            return verb.padded(GoValues.type(value));
        }
        return switch (value) {
            case null -> verb.verb() == 'v' ? verb.padded("<nil>") : "%!" + verb.shown() + "(<nil>)";
            case Boolean bool ->
                switch (verb.verb()) {
                    case 't', 'v' -> verb.padded(bool.toString());
                    default -> bad(verb, value);
                };
            case Long number -> integer(verb, number);
            case Double number -> floatingPoint(verb, number);
            case String text -> string(verb, text);
            case SafeText text -> string(verb, text.text());
            case GoMap map -> {
                String inside = map.entries().entrySet().stream()
                        .map(entry -> format(verb, entry.getKey()) + ":" + format(verb, entry.getValue()))
                        .collect(Collectors.joining(" "));
                yield "map[" + inside + "]";
            }
            case GoList list ->
                list.items().stream().map(item -> format(verb, item)).collect(Collectors.joining(" ", "[", "]"));
            case GoStruct struct ->
                struct.fields().values().stream()
                        .map(field -> format(verb, field))
                        .collect(Collectors.joining(" ", "{", "}"));
            case GoTime _ -> string(verb, text(value));
            case GoDuration duration ->
                verb.verb() == 'd' ? integer(verb, duration.nanos()) : string(verb, text(value));
            case GoComplex _ -> "vgG".indexOf(verb.verb()) < 0 ? bad(verb, value) : verb.padded(text(value));
            default -> throw new IllegalStateException("template value of " + value.getClass());
        };
    }

    private static String bad(Verb verb, Object value) {
        return "%!" + verb.shown() + "(" + GoValues.type(value) + "=" + text(value) + ")";
    }

    private static String integer(Verb verb, long value) {
        long magnitude = Math.abs(value);
        String digits = switch (verb.verb()) {
            case 'v', 'd' -> Long.toUnsignedString(magnitude);
            case 'b' -> (verb.sharp() ? "0b" : "") + Long.toUnsignedString(magnitude, 2);
            case 'o' -> (verb.sharp() ? "0" : "") + Long.toUnsignedString(magnitude, 8);
            case 'O' -> "0o" + Long.toUnsignedString(magnitude, 8);
            case 'x' -> (verb.sharp() ? "0x" : "") + Long.toUnsignedString(magnitude, 16);
            case 'X' ->
                (verb.sharp() ? "0X" : "")
                        + Long.toUnsignedString(magnitude, 16).toUpperCase(Locale.ROOT);
            default -> "";
        };
        if (!digits.isEmpty()) {
            String shown = verb.precision() > digits.length()
                    ? "0".repeat(verb.precision() - digits.length()) + digits
                    : digits;
            return verb.paddedNumber(value < 0 ? "-" : verb.plusSign(), shown);
        }
        boolean character = Character.isValidCodePoint((int) value) && value == (int) value;
        String text = character ? Character.toString((int) value) : "\uFFFD";
        return switch (verb.verb()) {
            case 'c' -> verb.padded(text);
            case 'q' -> {
                String quoted = QuotedString.of(text);
                String inside = quoted.substring(1, quoted.length() - 1);
                yield verb.padded("'" + (text.equals("'") ? "\\'" : text.equals("\"") ? "\"" : inside) + "'");
            }
            case 'U' -> verb.padded("U+" + String.format(Locale.ROOT, "%04X", value));
            case 'e', 'E', 'f', 'F', 'g', 'G', 's', 't', 'p' -> bad(verb, value);
            default -> bad(verb, value);
        };
    }

    private static String floatingPoint(Verb verb, double value) {
        char form = verb.verb();
        if ("vgGeEfF".indexOf(form) < 0) {
            return bad(verb, value);
        }
        char lower = form == 'v' ? 'g' : (char) (form | 0x20);
        String shown = FloatFormat.format(Math.abs(value), lower, verb.precision());
        boolean negative = Double.doubleToRawLongBits(value) < 0 && !Double.isNaN(value);
        if (Double.isInfinite(value)) {
            return verb.withoutZeros().paddedNumber(negative ? "-" : "+", "Inf");
        }
        if (Double.isNaN(value)) {
            return verb.withoutZeros().paddedNumber(verb.plusSign(), "NaN");
        }
        boolean upper = form == 'G' || form == 'E';
        return verb.paddedNumber(negative ? "-" : verb.plusSign(), upper ? shown.toUpperCase(Locale.ROOT) : shown);
    }

    private static String string(Verb verb, String text) {
        String cut = verb.precision() >= 0 && verb.precision() < text.codePointCount(0, text.length())
                ? text.substring(0, text.offsetByCodePoints(0, verb.precision()))
                : text;
        return switch (verb.verb()) {
            case 'v' -> verb.padded(verb.sharp() ? QuotedString.of(cut) : cut);
            case 's' -> verb.padded(cut);
            case 'q' -> verb.padded(verb.sharp() && !cut.contains("`") ? "`" + cut + "`" : quoted(verb, cut));
            case 'x' -> verb.padded(hexadecimal(text));
            case 'X' -> verb.padded(hexadecimal(text).toUpperCase(Locale.ROOT));
            default -> bad(verb, text);
        };
    }

    /** In double quotes; with a plus sign in ASCII only. */
    private static String quoted(Verb verb, String text) {
        String quoted = QuotedString.of(text);
        if (!verb.plus()) {
            return quoted;
        }
        StringBuilder ascii = new StringBuilder();
        quoted.codePoints().forEach(c -> {
            if (c < 0x7f) {
                ascii.append((char) c);
            } else {
                ascii.append(String.format(Locale.ROOT, c <= 0xffff ? "\\u%04x" : "\\U%08x", c));
            }
        });
        return ascii.toString();
    }

    private static String hexadecimal(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
