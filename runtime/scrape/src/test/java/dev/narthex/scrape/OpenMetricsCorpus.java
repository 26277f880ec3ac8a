// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.OpenMetricsParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** OpenMetrics bodies: lines at the edge of the format, real expositions, and both with random damage. */
final class OpenMetricsCorpus {
    private static final String EOF = "# EOF\n";

    /** In Latin-1; each becomes a body with an end. */
    private static final List<String> LINES = List.of(
            "a 1",
            "a  1",
            "a 1 ",
            "a\t1",
            " a 1",
            "a 1 5.",
            "a 1 NaN",
            "a 1 1e400",
            "a{} 1",
            "a {} 1",
            "a{ } 1",
            "a{b=\"c\"}1",
            "a{b=\"c\",} 1",
            "a{b=\"c\",,} 1",
            "a{,} 1",
            "a{b=\"c\", d=\"e\"} 1",
            "a{b =\"c\"} 1",
            "a{b=\"x\ny\"} 1",
            "a{b=\"x\\ny\\\"z\\\\w\"} 1",
            "a{b=\"x\\ty\"} 1",
            "a{b=\"\u00ff\"} 1",
            "a{b=\"c\",b=\"d\"} 1",
            "a{b=\"\"} 1",
            "a{\"b\"} 1",
            "a{b=\"\u0000\"} 1",
            "{\"a\"} 1",
            "{b=\"c\",\"a\"} 1",
            "{b=\"c\"} 1",
            "{} 1",
            "{\"a b\"} 1",
            "{\"a\\nb\"} 1",
            "{\"\",b=\"c\"} 1",
            "a{\"\"=\"c\"} 1",
            "{\"a\u00ff\"} 1",
            "\u00c3\u00a9 1",
            "{\"a\",\"b\"} 1",
            "a:b 1",
            "a NaN",
            "a +nan",
            "a Inf",
            "a 0x10",
            "a 1_0",
            "a .5",
            "a .",
            "a 1e-400",
            "# HELP a b\na 1",
            "# HELP a\na 1",
            "# HELP a \na 1",
            "# HELP  a b",
            "# HELP a b\\nc\\\\d\\\"e\\te\na 1",
            "# HELP a \u00ff",
            "# TYPE a counter\na_total 1",
            "# TYPE a untyped",
            "# TYPE a stateset\na{a=\"x\"} 1",
            "# TYPE a info\na_info{b=\"c\"} 1",
            "# TYPE a gauge ",
            "# TYPE a gauge\n# TYPE a counter\na 1",
            "# UNIT a_s s\na_s 1",
            "# UNIT a s",
            "# UNIT a_s \na_s 1",
            "# UNIT a_s",
            "# foo",
            "#",
            "",
            "a 1 # {} 1",
            "a 1 # {b=\"c\"} 1 5",
            "a 1 # {b=\"c\"}1",
            "a 1 # {\"b\"} 1",
            "a 1 # {b=\"\u0000\"} 1",
            "a 1 # {b=\"c\"} x",
            "# TYPE a histogram\na_bucket{le=\"1\"} 1 # {t=\"x\"} 0.5\na_bucket{le=\"+Inf\"} 2\na_count 2\na_sum 3",
            "# TYPE a histogram\na_bucket{le=\"1e5\"} 1\na_bucket{le=\"x\"} 2\na_created 123.5",
            "# TYPE a gaugehistogram\na_bucket{le=\"1\"} 1\na_gcount 1\na_gsum 2",
            "# TYPE a summary\na{quantile=\"1\"} 1\na_count 2\na_sum 3\na_created 5",
            "a 1\r\nb 2");

    private static final String BYTES = "{}\"=,#\\ \t\n+-.eEnN_:xp019\u00ff\u00e9\r\u0000";

    private OpenMetricsCorpus() {}

    static List<byte[]> bodies(Random random, int damaged) throws IOException {
        List<String> whole = new ArrayList<>();
        LINES.forEach(line -> whole.add(line + "\n" + EOF));
        whole.addAll(
                List.of("", "# EOF", "# EOF\n\n", "# EOF\na 1\n", "a 1\n", "# EOF\u0000", "\u0000", "a 1\n\u0000"));
        List<String> real = new ArrayList<>();
        for (String file : List.of("alltypes.5mfs.om.txt", "1histogram.om.txt")) {
            real.add(new String(ExpositionCorpus.resource(file), StandardCharsets.ISO_8859_1));
        }
        List<byte[]> bodies = new ArrayList<>();
        whole.forEach(body -> bodies.add(body.getBytes(StandardCharsets.ISO_8859_1)));
        real.forEach(body -> bodies.add(body.getBytes(StandardCharsets.ISO_8859_1)));
        int wanted = bodies.size() + damaged;
        while (bodies.size() < wanted) {
            String body = random.nextInt(4) == 0
                    ? whole.get(random.nextInt(whole.size()))
                    : part(real.get(random.nextInt(real.size())), random);
            byte[] changed = damage(body, random).getBytes(StandardCharsets.ISO_8859_1);
            if (!RandomExpositions.hasBareName(new OpenMetricsParser(), changed)) {
                bodies.add(changed);
            }
        }
        return bodies;
    }

    private static String part(String text, Random random) {
        List<String> lines = text.lines().toList();
        int first = random.nextInt(lines.size());
        int count = 1 + random.nextInt(20);
        String part = String.join("\n", lines.subList(first, Math.min(lines.size(), first + count))) + "\n";
        return part.endsWith(EOF) ? part : part + EOF;
    }

    private static String damage(String text, Random random) {
        StringBuilder body = new StringBuilder(text);
        for (int i = random.nextInt(3); i > 0 && !body.isEmpty(); i--) {
            int at = random.nextInt(body.length());
            char c = BYTES.charAt(random.nextInt(BYTES.length()));
            switch (random.nextInt(4)) {
                case 0 -> body.insert(at, c);
                case 1 -> body.setCharAt(at, c);
                case 2 -> body.deleteCharAt(at);
                default -> {
                    int end = Math.max(at, body.indexOf("\n", at));
                    body.insert(end, random.nextBoolean() ? " # {t=\"x\"} 1" : " 1e3");
                }
            }
        }
        return body.toString();
    }
}
