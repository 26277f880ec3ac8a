// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.ExpositionEntry;
import dev.narthex.exposition.ExpositionException;
import dev.narthex.exposition.ExpositionParser;
import dev.narthex.exposition.OpenMetricsParser;
import dev.narthex.exposition.TextParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Expositions in text made of what the formats are made of, right and wrong: names with and without quotes, labels,
 * escapes, numbers in every notation, timestamps, exemplars, comments, white space, ends of lines; then tokens and lines
 * are swapped, repeated and taken away. Some bodies have hardly anything wrong, others little that is right.
 */
final class RandomExpositions {
    private static final List<String> NAMES = List.of(
            "a",
            "b_total",
            "c_bucket",
            "c_count",
            "c_sum",
            "d_created",
            "e_info",
            "f_seconds",
            "g:h",
            "_",
            ":",
            "i1",
            "up",
            "c",
            "a_total",
            "http_requests_total",
            "j_gcount",
            "j_gsum",
            "scrape_samples_scraped");
    private static final List<String> ODD_NAMES = List.of(
            "1a",
            "\u00c3\u00a9",
            "a.b",
            "a-b",
            "",
            "__name__",
            "\"a",
            "a\"",
            "a\u00ff",
            "TYPE",
            "EOF",
            "a\u0000",
            "\\a",
            "NaN",
            "1");
    private static final List<String> QUOTED = List.of(
            "a.b",
            "a b",
            "a",
            "\u00c3\u00a9",
            "x\\\"y",
            "x\\\\y",
            "x\\ny",
            "b_total",
            "c",
            "a{b}",
            "a,b",
            "a=b",
            "#",
            "1",
            "d.e_total");
    private static final List<String> ODD_QUOTED = List.of(
            "",
            "\\t",
            "x\\",
            "x\ny",
            "\u00ff",
            "a\u0000b",
            "\\",
            "__name__",
            "\\\\\\",
            "\\u00e9",
            "\r",
            "\t",
            "\u00c3");
    private static final List<String> LABELS =
            List.of("b", "c", "le", "quantile", "job", "instance", "_", "__x__", "exported_job", "code", "d1", "A");
    private static final List<String> ODD_LABELS =
            List.of("__name__", "1", "a:b", "", "\u00c3\u00a9", "a.b", "b ", "a\u0000", "le\"", "'b'", ":");
    private static final List<String> VALUES = List.of(
            "",
            "c",
            "1",
            "1.0",
            "0.5",
            "+Inf",
            "5",
            "x y",
            "\u00c3\u00a9",
            "\\\\",
            "\\n",
            "\\\"",
            "{",
            "}",
            ",",
            "#",
            "a=\\\"b\\\"",
            "v1");
    private static final List<String> ODD_VALUES = List.of(
            "\\t",
            "\\",
            "\n",
            "\u00ff",
            "\u0000",
            "\\\n",
            "\u00c3",
            "\u00ed\u00a0\u0080",
            "\u00f4\u0090\u0080\u0080",
            "\u00c0\u0080",
            "\r",
            "1e3",
            "0x1p1",
            "nan",
            "Inf",
            "-0",
            "1_0",
            "1e400",
            "\u00ef\u00bb\u00bf",
            "\u00e2\u0080\u00a8");
    private static final List<String> NUMBERS = List.of(
            "1",
            "0",
            "-1",
            "2.5",
            "1e5",
            "+Inf",
            "-Inf",
            "NaN",
            "1.5e-7",
            "123456789012345678",
            "-0",
            "0.1",
            "1e+06",
            "3");
    private static final List<String> ODD_NUMBERS = List.of(
            "+nan",
            "-NaN",
            "nan",
            "NAN",
            "Nan",
            "inf",
            "INF",
            "+inf",
            "infinity",
            "-Infinity",
            "+INFINITY",
            "infinit",
            "infi",
            "1e400",
            "-1e400",
            "1e-400",
            "0x10",
            "0x1p4",
            "0X1P-2",
            "0x",
            "0x1.8p1",
            "1_000",
            "1__0",
            "_1",
            "1_",
            "0x_1p1",
            "1.",
            ".5",
            ".",
            "1e",
            "1e+",
            "+1",
            "++1",
            "--1",
            "-",
            "+",
            "1d",
            "1f",
            "1.2.3",
            "0e99999999999",
            "1e99999999999",
            "1e-99999999999",
            "00012",
            "4.9e-324",
            "2e-324",
            "2.2250738585072011e-308",
            "9007199254740993",
            "18446744073709551616",
            "1.7976931348623159e308",
            "1.7976931348623158e308",
            "0.1234567890123456789012345",
            "\u00d9\u00a1",
            "1e5.5",
            "1,5",
            "0b1",
            "0o7",
            "1i",
            "NaN1",
            "Infx",
            "1\u0000",
            "123456789012345678901234567890e-20",
            "-.5e-3",
            "e5",
            "1E5",
            "1E+05",
            "0x1p-1074",
            "0.000000000000000000000000000000000000000000001",
            "\u00a01",
            "1\u00a0",
            "1\r",
            "\"1\"",
            "1#",
            "nan(1)");
    private static final List<String> TYPES = List.of(
            "counter", "gauge", "histogram", "summary", "untyped", "unknown", "info", "stateset", "gaugehistogram");
    private static final List<String> ODD_TYPES = List.of(
            "Counter",
            "counter ",
            " counter",
            "COUNTER",
            "",
            " ",
            "foo",
            "counter\r",
            "\tgauge",
            "gauge x",
            "\"gauge\"",
            "histogram\u0000",
            "null");
    private static final List<String> HELPS = List.of(
            "help",
            "two words",
            "x\\ny",
            "x\\\\y",
            "x\\\"y",
            "x\\ty",
            "\"q\"",
            "\u00c3\u00a9",
            "",
            " lead",
            "trail ",
            "a # b",
            "x\\",
            "{}",
            "1");
    private static final List<String> ODD_HELPS =
            List.of("\u00ff", "\u0000x", "x\u0000", "\r", "\t", "  ", "\u00c3", "\t \t");
    private static final List<String> UNITS = List.of("seconds", "bytes", "total", "", "ratio", "h", "bucket");
    private static final List<String> BLANKS =
            List.of("", "  ", "\t", " \t ", "\n", "\r", "\u00a0", "\u0000", "\u000b", "\f");
    private static final List<String> ODD_LINES = List.of(
            "",
            " ",
            "\t",
            "#",
            "# ",
            "##",
            "#x",
            "# x y",
            "# EOF",
            "#EOF",
            "# EOF ",
            "# EOFx",
            "# EOF\r",
            "#  EOF",
            "# HELP",
            "# TYPE",
            "# UNIT",
            "# HELP ",
            "# TYPE ",
            "# UNIT ",
            "# TYPE a",
            "# HELP a",
            "# UNIT a",
            "\u0000",
            "\r",
            "\\",
            "\"",
            "{",
            "}",
            "{}",
            "{} 1",
            "=",
            ",",
            "# HELP\ta\tb",
            "#\tTYPE\ta\tgauge",
            "# help a b",
            "# type a gauge",
            "#HELP a b",
            "#TYPE a gauge",
            "\u00ef\u00bb\u00bfa 1",
            "a 1 # comment",
            "a 1 # {} 1",
            "\u0000a 1");
    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "\"",
            "=",
            ",",
            "#",
            "\\",
            " ",
            "\n",
            "\t",
            "# EOF\n",
            "1",
            "a",
            "\r\n",
            "\u0000",
            "\u00ff",
            "_total",
            "{}",
            "\"\"",
            "NaN",
            "# {x=\"y\"} 1",
            "e",
            ".",
            "-",
            "+",
            "_",
            ":");
    private static final double[] ODDITY = {0, 0.004, 0.02, 0.1, 0.35};

    private final Random random;
    private final boolean openMetrics;
    private final long nowMs;
    private final StringBuilder body = new StringBuilder();
    private double oddity;

    private RandomExpositions(Random random, boolean openMetrics, long nowMs) {
        this.random = random;
        this.openMetrics = openMetrics;
        this.nowMs = nowMs;
    }

    /**
     * Bodies of one format.
     *
     * @param nowMs the time now, near which some samples have theirs
     */
    static List<byte[]> bodies(Random random, boolean openMetrics, int count, long nowMs) {
        RandomExpositions expositions = new RandomExpositions(random, openMetrics, nowMs);
        List<byte[]> bodies = new ArrayList<>();
        while (bodies.size() < count) {
            byte[] body = expositions.next().getBytes(StandardCharsets.ISO_8859_1);
            if (!hasBareName(openMetrics ? new OpenMetricsParser() : new TextParser(), body)) {
                bodies.add(body);
            }
        }
        return bodies;
    }

    /**
     * Whether a metric name stands in braces without quotes: Prometheus 3.5 cuts off its first and last character, or ends
     * at one of one letter; 3.15 refuses it.
     */
    static boolean hasBareName(ExpositionParser parser, byte[] body) {
        parser.reset(body, 0, body.length);
        try {
            while (parser.next() != ExpositionEntry.END) {
                // Only whether it fails counts.
            }
            return false;
        } catch (ExpositionException e) {
            return String.valueOf(e.getMessage()).contains("needs quotes");
        }
    }

    private String next() {
        oddity = ODDITY[random.nextInt(ODDITY.length)];
        body.setLength(0);
        for (int i = random.nextInt(random.nextInt(4) == 0 ? 20 : 5); i >= 0; i--) {
            if (isOdd()) {
                line(any(ODD_LINES));
            } else if (random.nextInt(3) == 0) {
                family();
            } else {
                comments(metricName());
                sample(name(), labels());
            }
        }
        if (openMetrics && !isOdd()) {
            body.append("# EOF");
            if (random.nextInt(8) > 0) {
                body.append('\n');
            }
        }
        for (int i = isOdd() ? 1 + random.nextInt(3) : 0; i > 0 && !body.isEmpty(); i--) {
            disturb();
        }
        return body.toString();
    }

    private boolean isOdd() {
        return random.nextDouble() < oddity;
    }

    private boolean chance(int of) {
        return random.nextInt(of) == 0;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String any(List<String> good, List<String> odd) {
        return any(isOdd() ? odd : good);
    }

    private void line(String text) {
        body.append(text)
                .append(isOdd() ? any(List.of("\r\n", "", "\n\n", " \n", "\u0000\n", "\u0000", "\n ", "\r")) : "\n");
    }

    private String blank(String usual) {
        if (isOdd()) {
            return any(BLANKS);
        }
        return !openMetrics && chance(6) ? any(List.of(" ", "  ", "\t")) : usual;
    }

    private String metricName() {
        return chance(6) ? '"' + any(QUOTED, ODD_QUOTED) + '"' : any(NAMES, ODD_NAMES);
    }

    /** A name before braces, or none. */
    private String name() {
        return chance(6) ? "" : any(NAMES, ODD_NAMES);
    }

    private List<String> labels() {
        List<String> labels = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            labels.add(label(any(LABELS, ODD_LABELS), any(VALUES, ODD_VALUES)));
        }
        return labels;
    }

    private String label(String name, String value) {
        String shown = chance(8) ? '"' + (chance(2) ? any(QUOTED, ODD_QUOTED) : name) + '"' : name;
        return shown
                + blank("")
                + (isOdd() ? any(List.of("", "==", "!=", "=~", ":")) : "=")
                + blank("")
                + (isOdd() ? any(List.of(value, "'" + value + "'", '"' + value, value + '"')) : '"' + value + '"');
    }

    private String braces(String name, List<String> labels) {
        List<String> inside = new ArrayList<>(labels);
        if (name.isEmpty() && !isOdd()) {
            inside.add(chance(3) ? random.nextInt(inside.size() + 1) : 0, '"' + any(QUOTED, ODD_QUOTED) + '"');
        } else if (isOdd()) {
            inside.add(random.nextInt(inside.size() + 1), isOdd() ? any(LABELS) : '"' + any(QUOTED) + '"');
        }
        if (inside.isEmpty() && !chance(4)) {
            return name;
        }
        StringBuilder text = new StringBuilder(name)
                .append(blank(""))
                .append(isOdd() ? "" : "{")
                .append(blank(""));
        for (int i = 0; i < inside.size(); i++) {
            text.append(i == 0 ? "" : isOdd() ? any(List.of("", ",,", ";", " ")) : ",")
                    .append(blank(""));
            text.append(inside.get(i)).append(blank(""));
        }
        return text.append((inside.isEmpty() ? isOdd() : chance(10)) ? "," : "")
                .append(isOdd() ? any(List.of("", "}}", "]", "},")) : "}")
                .toString();
    }

    private void sample(String name, List<String> labels) {
        if (isOdd()) {
            body.append(any(BLANKS));
        }
        body.append(braces(name, labels)).append(blank(" ")).append(number());
        if (chance(5)) {
            body.append(blank(" ")).append(timestamp());
        }
        if (openMetrics ? chance(5) : isOdd()) {
            exemplar();
        }
        line("");
    }

    private void exemplar() {
        body.append(blank(" "))
                .append(isOdd() ? any(List.of("", "##", "# #")) : "#")
                .append(blank(" "));
        body.append(chance(3) ? "{}" : braces(" ", labels()).strip())
                .append(blank(" "))
                .append(number());
        if (chance(3)) {
            body.append(blank(" ")).append(timestamp());
        }
    }

    private String number() {
        if (chance(10)) {
            return Double.toString(Double.longBitsToDouble(random.nextLong()));
        }
        return any(NUMBERS, ODD_NUMBERS);
    }

    private String timestamp() {
        if (isOdd()) {
            return any(ODD_NUMBERS);
        }
        long timeMs = nowMs - random.nextInt(300_000);
        if (!openMetrics) {
            return Long.toString(timeMs);
        }
        return switch (random.nextInt(4)) {
            case 0 -> Long.toString(timeMs / 1000);
            case 1 -> String.format(Locale.ROOT, "%.9f", timeMs / 1000.0);
            case 2 -> Double.toString(timeMs / 1000.0);
            default -> String.format(Locale.ROOT, "%.3f", timeMs / 1000.0);
        };
    }

    private void comments(String name) {
        List<String> kinds = new ArrayList<>(List.of("HELP", "TYPE", "UNIT"));
        Collections.shuffle(kinds, random);
        for (String kind : kinds.subList(0, random.nextInt(4))) {
            if (kind.equals("UNIT") && !openMetrics && !isOdd()) {
                continue;
            }
            comment(kind, isOdd() ? metricName() : name);
        }
    }

    private void comment(String kind, String name) {
        String text = switch (kind) {
            case "HELP" -> any(HELPS, ODD_HELPS);
            case "TYPE" -> any(openMetrics ? TYPES : TYPES.subList(0, 5), isOdd() ? ODD_TYPES : TYPES);
            default ->
                isOdd()
                        ? any(UNITS)
                        : name.indexOf('_') < 1 || name.endsWith("\"") ? "" : name.substring(name.lastIndexOf('_') + 1);
        };
        if (kind.equals("TYPE") && openMetrics && text.equals("untyped") && !isOdd()) {
            text = "unknown";
        }
        line('#' + blank(" ") + kind + blank(" ") + name + blank(" ") + text);
    }

    /** Samples that belong together. */
    private void family() {
        String name = any(List.of("h", "s", "k", "l_seconds", "m.n", "o p"));
        boolean quoted = name.indexOf('.') >= 0 || name.indexOf(' ') >= 0;
        String type = any(openMetrics ? TYPES : TYPES.subList(0, 5));
        if (openMetrics && type.equals("untyped")) {
            type = "unknown";
        }
        line("# TYPE " + (quoted ? '"' + name + '"' : name) + ' ' + type);
        if (chance(2)) {
            comment(chance(2) ? "HELP" : "UNIT", quoted ? '"' + name + '"' : name);
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<String> labels = labels();
            switch (type) {
                case "histogram", "gaugehistogram" -> {
                    String g = type.startsWith("g") ? "g" : "";
                    for (String bound : List.of("0.5", "1", "1e2", "+Inf")) {
                        if (!isOdd()) {
                            List<String> more = new ArrayList<>(labels);
                            more.add(random.nextInt(more.size() + 1), label("le", bound));
                            member(name, quoted, "_bucket", more);
                        }
                    }
                    member(name, quoted, "_" + g + "count", labels);
                    member(name, quoted, "_" + g + "sum", labels);
                }
                case "summary" -> {
                    for (String quantile : List.of("0", "0.5", "1")) {
                        List<String> more = new ArrayList<>(labels);
                        more.add(label("quantile", quantile));
                        member(name, quoted, "", more);
                    }
                    member(name, quoted, "_count", labels);
                    member(name, quoted, "_sum", labels);
                }
                case "counter" -> member(name, quoted, chance(3) ? "" : "_total", labels);
                case "info" -> member(name, quoted, "_info", labels);
                default -> member(name, quoted, "", labels);
            }
            if (openMetrics && chance(3)) {
                member(name, quoted, "_created", labels);
            }
        }
    }

    private void member(String name, boolean quoted, String suffix, List<String> labels) {
        if (!quoted) {
            sample(name + suffix, labels);
            return;
        }
        List<String> inside = new ArrayList<>(labels);
        inside.addFirst('"' + name + suffix + '"');
        body.append('{').append(String.join(",", inside)).append("} ").append(number());
        line("");
    }

    private void disturb() {
        int at = random.nextInt(body.length());
        switch (random.nextInt(7)) {
            case 0 -> body.insert(at, any(TOKENS));
            case 1 -> body.deleteCharAt(at);
            case 2 -> body.setCharAt(at, (char) random.nextInt(256));
            case 3 -> body.setLength(at);
            case 4 -> swapTokens();
            case 5 -> {
                int start = body.lastIndexOf("\n", at) + 1;
                int end = body.indexOf("\n", at);
                body.append(body, start, end < 0 ? body.length() : end + 1);
            }
            default -> {
                int end = Math.min(body.length(), at + random.nextInt(12));
                body.insert(random.nextInt(body.length()), body.substring(at, end));
            }
        }
    }

    private void swapTokens() {
        List<String> tokens = new ArrayList<>(List.of(body.toString().split("(?<=[{}\",= \\n])|(?=[{}\",= \\n])", -1)));
        Collections.swap(tokens, random.nextInt(tokens.size()), random.nextInt(tokens.size()));
        body.setLength(0);
        tokens.forEach(body::append);
    }
}
