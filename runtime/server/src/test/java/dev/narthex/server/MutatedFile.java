// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Files of YAML in which letters, values, keys and lines are changed at random, as people and editors do it, and worse. */
final class MutatedFile {
    private static final String LETTERS = "{}[]:,\"'#!|>%@`-? \n\t~.0aZ_$é\\&*<=+/\r\u00a0\u0085\u2028\ufeff\u0001(";

    /** What may stand in the place of a value; a line of them may hold line breaks, written as in Java. */
    private static final List<String> VALUES = """
            null;~;true;yes;0;-1;1m;1h30m;5x;'';"";[];{};[a];{a: b};1e3;0x1F;.inf;http://x;/a*;up;a b;'{{ $value }}';&a b;*a
            !!str 1;|;>-;? a;- a;<<: {};!!int 1;!!int a;!!float 1;!!bool yes;!!null '';!!null a;!!binary YQ==;!!binary a
            !!timestamp 2001-01-01;!!timestamp x;!!map {};!!seq [];!!set {a};!foo bar;!<tag:yaml.org,2002:str> a;!<x> a;! a
            !!str;&a;&a [*a];&a {a: *a};[a, b;[a: b];[? a : b];{? a : b};{a, b};{a: b, a: c};{"a":b};{a:b};[a]b;"a"b;'a'' b'
            "a\\\\x41\\\\u00e9\\\\/";"\\\\z";"\\\\ud800";|\\n    a\\n   b;|2\\n   a;|+\\n\\n;> # c\\n    a;|#c;|-2;|0;a #b;a#b;#b
            a: b;a:b;:a;: a;- - a;? a;?a;@a;`a;%a;2001-01-01;0o17;017;1_000;0b1;+1;-.inf;.nan;1e400;0x;190:20:30;on;N;TRUE
            1d;1w2d;0s;1h-1m;1.5h;100000y;http://[::1]:80/;http://a:b@c/;//x;a://;http://%zz;http://a b;^(a;(?i)x;[;a{2,1};$1
            ${1};\\ta;a\\t;a\\t#b;"a\\n  b";'a\\n\\n  b';a\\n  b;a\\n    b: c;a\\n\\tb;"a\\n---\\n";*b;&a *a;!!str &a b;&a !!str b
            {<<: *a};<<: [a];1GB;5MiB;0.5;1e2;-0;99999999999999999999;9223372036854775808;ALERTS;__name__;a-b;été;"\\\\0"
            {{ .x }};"{{ .x";'{{ if }}';sum(x;x > 1;1 +;up{a="b"}""".lines()
            .flatMap(line -> List.of(line.split(";")).stream())
            .map(value -> value.replace("\\n", "\n").replace("\\t", "\t").replace("\\\n", "\\n"))
            .toList();

    private static final List<String> LINES = List.of(
            "# c\n",
            "  # c\n",
            "\t# c\n",
            "---\n",
            "...\n",
            "%YAML 1.1\n",
            "%TAG ! tag:x,2000:\n",
            "%FOO\n",
            "\n",
            "   \n",
            "\t\n",
            "--- a\n",
            "- \n",
            "? a\n: b\n",
            "x: &a {a: b}\n",
            "<<: *a\n",
            "- &a\n",
            "\"a\": b\n",
            "'a': b\n",
            "[a]: b\n",
            "{a: b}: c\n",
            "~: a\n",
            "null: a\n",
            "!!str a: b\n",
            "&x a: b\n",
            ": a\n");
    private static final List<String> ENDS =
            List.of(" # c", "#c", "\t", "  ", " \t# c", ":", ",", " \\", "\r", " &a", " |", " - a", " : b", "\n\t");
    private static final List<String> KEYS = List.of(
            "\"KEY\"", "'KEY'", "? KEY\nINDENT", "&k KEY", "!!str KEY", "KEY ", "!!int KEY", "KEY\t", "\"KEY\" ");
    private static final List<String> STYLES = List.of(
            "\"VALUE\"",
            "'VALUE'",
            "|\n      VALUE",
            "&a VALUE",
            "!!str VALUE",
            "[VALUE]",
            "{VALUE}",
            "!!binary VALUE",
            "&b VALUE\n",
            "\tVALUE",
            "\n       VALUE",
            "- VALUE");
    private static final List<String> INSERTED = List.of(
            "\t", " ", "\n", " \n", "\n  ", "\n    ", "''", "\"\"", "# ", ": ", ", ", "- ", "? ", "[", "{", "}", "]",
            "&a ", "*a ", "!!str ");
    private static final List<String> IN_BRACES = List.of(
            "\n",
            "\n\t",
            "\t",
            " ",
            ",",
            "a,",
            "? a,",
            "a: b, ",
            "\"a\":b, ",
            "#c\n",
            "<<: {}, ",
            "~: 1, ",
            "- a",
            "a:, ",
            "a: , ",
            "*a, ",
            "&a ",
            "[], ",
            "{}: 1, ");
    private static final List<String> TAILS =
            List.of("\n", "x: 1", "...\n", "---\n", "# c", "\t", "--- {", " ", "%A", "&a");

    private final Random random;
    private final List<String> good;

    /**
     * Makes a maker.
     *
     * @param good files to change
     */
    MutatedFile(Random random, List<String> good) {
        this.random = random;
        this.good = good;
    }

    /** The bytes of another file. */
    byte[] next() {
        StringBuilder text = new StringBuilder(pick(good));
        if (random.nextInt(3) == 0) {
            text = new StringBuilder(together(text.toString(), pick(good)));
        }
        for (int changes = random.nextInt(4); changes >= 0 && !text.isEmpty(); changes--) {
            change(text);
        }
        return bytes(text.toString());
    }

    private byte[] bytes(String mutated) {
        String text = random.nextInt(20) == 0 ? mutated.replace("\n", "\r\n") : mutated;
        // Behind a second mark Prometheus' reader loses characters.
        boolean marked = text.startsWith("\ufeff");
        if (random.nextInt(40) == 0 && !marked) {
            return ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(60)) {
            case 0 -> {
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] = (byte) (128 + random.nextInt(128));
                }
                yield bytes;
            }
            case 1 -> marked ? bytes : ("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE);
            case 2 -> marked ? bytes : ("\ufeff" + text).getBytes(StandardCharsets.UTF_16BE);
            default -> bytes;
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Two files in one: what their first lines say alike is said once. */
    private static String together(String first, String second) {
        int end = first.indexOf('\n');
        return end > 0 && second.startsWith(first.substring(0, end + 1))
                ? first + second.substring(end + 1)
                : first + second;
    }

    private void change(StringBuilder text) {
        int at = random.nextInt(text.length());
        int line = text.lastIndexOf("\n", at - 1) + 1;
        int end = endOfLine(text, at);
        switch (random.nextInt(20)) {
            case 0 -> text.insert(at, LETTERS.charAt(random.nextInt(LETTERS.length())));
            case 1 -> text.setCharAt(at, LETTERS.charAt(random.nextInt(LETTERS.length())));
            case 2 -> text.deleteCharAt(at);
            case 3 -> text.delete(line, end);
            case 4 -> text.insert(end, text.substring(line, end));
            case 5 -> text.insert(line, random.nextBoolean() ? " " : "  ");
            case 6, 7, 8 -> replaceValue(text, line, end, pick(VALUES));
            case 9 -> {
                if (text.charAt(line) == ' ') {
                    text.deleteCharAt(line);
                }
            }
            case 10 -> text.insert(line, pick(LINES));
            case 11 -> text.insert(withoutBreak(text, line, end), pick(ENDS));
            case 12 -> restyleKey(text, line, end);
            case 13 -> {
                int colon = text.indexOf(": ", line);
                if (colon > 0 && colon < end) {
                    int to = Math.max(colon + 2, withoutBreak(text, line, end));
                    replaceValue(text, line, end, pick(STYLES).replace("VALUE", text.substring(colon + 2, to)));
                }
            }
            case 14 -> moveLines(text, line);
            case 15 -> {
                int to = end;
                for (int lines = random.nextInt(3); lines > 0 && to < text.length(); lines--) {
                    to = endOfLine(text, to);
                }
                text.insert(to, text.substring(line, to));
            }
            case 16 -> text.insert(at, pick(INSERTED));
            case 17 -> {
                int brace = text.indexOf("{", line);
                if (brace >= line && brace < end) {
                    text.insert(brace + 1, pick(IN_BRACES));
                } else {
                    text.append(pick(TAILS));
                }
            }
            case 18 -> {
                if (text.charAt(line) == ' ') {
                    text.setCharAt(line, '\t');
                }
            }
            default -> {
                int behind = end < text.length() ? endOfLine(text, end) : end;
                String next = text.substring(end, behind);
                text.delete(end, behind);
                text.insert(line, next);
            }
        }
    }

    private static int endOfLine(StringBuilder text, int from) {
        int end = text.indexOf("\n", from);
        return end < 0 ? text.length() : end + 1;
    }

    private static int withoutBreak(StringBuilder text, int line, int end) {
        return end > line && text.charAt(end - 1) == '\n' ? end - 1 : end;
    }

    private static void replaceValue(StringBuilder text, int line, int end, String value) {
        int colon = text.indexOf(": ", line);
        if (colon > 0 && colon < end) {
            text.replace(colon + 2, Math.max(colon + 2, withoutBreak(text, line, end)), value);
        }
    }

    private void restyleKey(StringBuilder text, int line, int end) {
        int colon = text.indexOf(":", line);
        if (colon <= 0 || colon >= end) {
            return;
        }
        String before = text.substring(line, colon);
        String key = before.stripLeading();
        String indent = before.substring(0, before.length() - key.length());
        String dash = key.startsWith("- ") ? "- " : "";
        key = key.substring(dash.length());
        String style = pick(KEYS).replace("INDENT", indent + " ".repeat(dash.length()));
        text.replace(line, colon, indent + dash + style.replace("KEY", key));
    }

    private void moveLines(StringBuilder text, int line) {
        int at = line;
        for (int lines = 1 + random.nextInt(3); lines > 0 && at < text.length(); lines--) {
            text.insert(at, ' ');
            at = endOfLine(text, at);
        }
    }
}
