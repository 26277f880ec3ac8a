// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.TextParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** Bodies to scrape: written ones that are at the edge of the format, real ones, and real ones with random damage. */
final class ExpositionCorpus {
    private static final List<String> FILES =
            List.of("alltypes.237mfs.prom.txt", "alltypes.5mfs.om.txt", "1histogram.om.txt");

    /** In Latin-1. */
    private static final List<String> WRITTEN = List.of(
            "a 1\n",
            "  a 1\n",
            "a 1",
            "a\t1\n",
            "a  1  \n",
            "a 1 123\n",
            "a 1 -123\n",
            "a 1 99999999999999999999\n",
            "a{} 1\n",
            "a {} 1\n",
            "a { } 1\n",
            "a{b=\"c\"}1\n",
            "a{b=\"c\",} 1\n",
            "a{b=\"c\",,} 1\n",
            "a{,} 1\n",
            "a{b=\"c\" d=\"e\"} 1\n",
            "a{ b = \"c\" } 1\n",
            "a{b=\"c\"\n} 1\n",
            "{\"a\"} 1\n",
            "{\"a\",b=\"c\"} 1\n",
            "{b=\"c\",\"a\"} 1\n",
            "{b=\"c\"} 1\n",
            "{} 1\n",
            "a{\"x\"} 1\n",
            "a{\"b\"=\"c\"} 1\n",
            "a{\"b c\"=\"c\"} 1\n",
            "{\"a b\"} 1\n",
            "{\"a\\\"b\"} 1\n",
            "{\"a\\nb\"} 1\n",
            "{\"a\\tb\"} 1\n",
            "{\"a\\\\b\"} 1\n",
            "{\"\",b=\"c\"} 1\n",
            "a{\"\"=\"c\"} 1\n",
            "{\"a\u00ffb\"} 1\n",
            "a{\"b\u00ff\"=\"c\"} 1\n",
            "a{b=\"\u00ff\"} 1\n",
            "a{b=\"\u00c3\u00a9\"} 1\n",
            "\u00c3\u00a9 1\n",
            "a{\u00c3\u00a9=\"x\"} 1\n",
            "a{b=\"x\\ny\\\"z\\\\w\"} 1\n",
            "a{b=\"x\\ty\"} 1\n",
            "a{b=\"x\ny\"} 1\n",
            "a{b=\"c\",b=\"d\"} 1\n",
            "a{b=\"\",b=\"d\"} 1\n",
            "a{b=\"d\",b=\"\"} 1\n",
            "a{b=\"\"} 1\n",
            "a{__name__=\"b\"} 1\n",
            "{__name__=\"b\"} 1\n",
            "{\"a\",__name__=\"b\"} 1\n",
            "a{job=\"x\",job=\"y\"} 1\n",
            "a NaN\n",
            "a nan\n",
            "a +nan\n",
            "a Inf\n",
            "a -inf\n",
            "a +Infinity\n",
            "a infinit\n",
            "a 1e400\n",
            "a -1e400\n",
            "a 1e-400\n",
            "a 0x10\n",
            "a 0x1p4\n",
            "a 1_000\n",
            "a 1.\n",
            "a .5\n",
            "a .\n",
            "a 1e\n",
            "a 1e+\n",
            "a +1\n",
            "a 1d\n",
            "a 1\r\n",
            "a --1\n",
            "a 0e99999999999\n",
            "a 00012\n",
            "a 1.7976931348623159e308\n",
            "a 4.9e-324\n",
            "a 2e-324\n",
            "a 2.2250738585072011e-308\n",
            "a 9007199254740993\n",
            "a 18446744073709551616\n",
            "a 123456789012345678901234567890\n",
            "a 0.1234567890123456789012345\n",
            "# HELP\na 1\n",
            "# HELP \na 1\n",
            "# HELP a\na 1\n",
            "# HELP a b\na 1\n",
            "# HELP \"a\" b\na 1\n",
            "# HELP {a} b\na 1\n",
            "# HELP 1a b\na 1\n",
            "# HELP a\u00ff b\na 1\n",
            "# HELP a b\u00ff\na 1\n",
            "#HELP 1a b\na 1\n",
            "#\na 1\n",
            "# \na 1\n",
            "# foo\u00ff bar\na 1\n",
            "#\tHELP a b\na 1\n",
            "# HELP",
            "# HELP a",
            "#",
            "# foo",
            "  # HELP a b\na 1\n",
            "# TYPE a  counter\na 1\n",
            "# TYPE a counter \na 1\n",
            "# TYPE a\tcounter\na 1\n",
            "# TYPE a\na 1\n",
            "# TYPE a unknown\na 1\n",
            "# TYPE a untyped\na 1\n",
            "# TYPE a info\na 1\n",
            "# TYPE a{ counter\na 1\n",
            "# TYPE a counter\r\na 1\n",
            "# TYPEa b\na 1\n",
            "# UNIT a seconds\na 1\n",
            "# EOF\n",
            "a 1\n# EOF\nb 2\n",
            "# TYPE \"a counter\na 1\n",
            "# TYPE \"a\\\"b\" counter\na 1\n",
            "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"1000000\"} 1\nb{le=\"+Inf\"} 2\nc{quantile=\"1\"} 2\n",
            "# TYPE a summary\na{quantile=\"1\"} 1\na{quantile=\"0.50\"} 1\na{quantile=\"x\"} 2\na{quantile=\"1e-7\"} 2\n",
            "# TYPE a summary\na{quantile=\"1_0\"} 3\na{quantile=\"0x1p4\"} 3\na{quantile=\"nan\"} 3\na{quantile=\"-0\"} 3\n",
            "# TYPE a histogram\n# TYPE b gauge\na_bucket{le=\"1\"} 1\n",
            "\0a 1\n",
            "a\0 1\n",
            "a 1\n\0\nb 2\n",
            "a{b=\"\0\"} 1\n",
            "a{b=\"x\0y\"} 1\n",
            "# HELP a \0b\na 1\n",
            "# foo \0\na 1\n",
            "#\0\na 1\n",
            "a 1\0\n",
            "a 1 1\0\n",
            "a{\0b=\"c\"} 1\n",
            "# TYPE a counter\0\na 1\n",
            "{\"a\0b\"} 1\n",
            "a{b=\"c\"}\0 1\n",
            "a 1\na 1\n",
            "a 1\na 2\n",
            "a{b=\"c\",d=\"e\"} 1\na{d=\"e\",b=\"c\"} 2\n",
            "\n\n\na 1\n\n",
            "   \na 1\n",
            "a\n",
            "a",
            "a ",
            "a{",
            "a{b",
            "a{b=",
            "a{b=\"",
            "a{b=\"c",
            "a{b=\"c\"",
            "a{b=\"c\"}",
            "a{b=\"c\"} ",
            "a{b=\"c\"} 1 ",
            "a 1 1 1\n",
            "a 1 1.5\n",
            "a 1 1e3\n",
            "a 1 # {x=\"y\"} 1\n",
            "a 1#foo\n",
            "a:b 1\n",
            ":a 1\n",
            "a{b:c=\"d\"} 1\n",
            "1a 1\n",
            "a{1=\"d\"} 1\n",
            "a-b 1\n",
            "a{b=c} 1\n",
            "a{b='c'} 1\n",
            "a{b=\"c\"}{d=\"e\"} 1\n",
            "a b 1\n",
            "a 1{ 2\n",
            "a{b!=\"c\"} 1\n",
            "\"a\" 1\n",
            "\"a\"{} 1\n",
            "a{b=\"\\",
            "",
            "\n",
            "ok 1\nbad{ 1\n",
            "a{job=\"x\"} 1\na{exported_job=\"y\",job=\"z\"} 1\na{instance=\"k\"} 2\n",
            "up 5\n",
            "up{job=\"j\",instance=\"zz\"} 7\n",
            "scrape_samples_scraped 99\n",
            "a 1 9223372036854775807\n",
            "a{__foo__=\"x\"} 1\n",
            "a{\tb\t=\t\"c\"\t,\td=\"e\"\t}\t1\n",
            "a{b=\"c\"}\n1\n",
            "\ta 1\n",
            "a 1\n b 2\n",
            "\u00a0a 1\n",
            "\u00ef\u00bb\u00bfa 1\n");

    private static final String BYTES = "{}\"=,#\\ \t\n+-.eEnNiIaA_:xp019\u00ff\u00e9\r";
    private static final List<String> NUMBERS = List.of(
            "NaN",
            "+Inf",
            "-Inf",
            "1e5",
            "-0",
            "0.1e-7",
            "1e309",
            "123456789012345678",
            "1.0000000000000002",
            "5e-324",
            "9007199254740993e-3",
            "0x1",
            "1_0",
            "00",
            ".1",
            "1.",
            "7.2057594037927933e+16",
            "179769313486231590e290");

    private ExpositionCorpus() {}

    /** The written ones, the real ones, and a number of damaged ones. */
    static List<byte[]> bodies(Random random, int damaged) throws IOException {
        List<byte[]> bodies = new ArrayList<>();
        WRITTEN.forEach(text -> bodies.add(text.getBytes(StandardCharsets.ISO_8859_1)));
        List<byte[]> real = new ArrayList<>();
        for (String file : FILES) {
            real.add(resource(file));
        }
        bodies.addAll(real);
        while (bodies.size() < WRITTEN.size() + FILES.size() + damaged) {
            byte[] body = damage(part(real.get(random.nextInt(real.size())), random), random);
            if (!RandomExpositions.hasBareName(new TextParser(), body)) {
                bodies.add(body);
            }
        }
        return bodies;
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in = ExpositionCorpus.class.getResourceAsStream("/exposition/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static String part(byte[] body, Random random) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        List<String> lines = text.lines().toList();
        int first = random.nextInt(lines.size());
        int count = 1 + random.nextInt(30);
        return String.join("\n", lines.subList(first, Math.min(lines.size(), first + count))) + "\n";
    }

    private static byte[] damage(String text, Random random) {
        StringBuilder body = new StringBuilder(text);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(body.length());
            char c = BYTES.charAt(random.nextInt(BYTES.length()));
            switch (random.nextInt(7)) {
                case 0 -> body.insert(at, c);
                case 1 -> body.setCharAt(at, c);
                case 2 -> body.deleteCharAt(at);
                case 3 -> body.setLength(Math.max(1, at));
                case 4 -> replaceValue(body, at, NUMBERS.get(random.nextInt(NUMBERS.size())));
                case 5 -> replaceValue(body, at, Double.toString(Double.longBitsToDouble(random.nextLong())));
                default -> repeatLine(body, at);
            }
            if (body.isEmpty()) {
                body.append('\n');
            }
        }
        return body.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void replaceValue(StringBuilder body, int at, String value) {
        int end = body.indexOf("\n", at);
        int start = end < 0 ? -1 : body.lastIndexOf(" ", end);
        if (start >= 0) {
            body.replace(start + 1, end, value);
        }
    }

    private static void repeatLine(StringBuilder body, int at) {
        int start = body.lastIndexOf("\n", at) + 1;
        int end = body.indexOf("\n", at);
        if (end >= start) {
            body.append(body, start, end + 1);
        }
    }
}
