// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.server.ScrapeScript.Answer;
import dev.narthex.server.ScrapeScript.Ending;
import dev.narthex.server.ScrapeScript.Phase;
import dev.narthex.wire.ProtobufWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Random scripts for targets: options of all kinds, and series that come, go, collide, and bear timestamps of their own. */
final class RandomScripts {
    private static final String TEXT = "text/plain; version=0.0.4";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String PROTOBUF =
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    private static final long MINUTE_MS = 60_000;

    private static final List<String> TEXT_TYPES = List.of(
            TEXT,
            TEXT,
            TEXT,
            TEXT,
            "text/plain; version=1.0.0; escaping=allow-utf-8",
            "text/plain",
            "text/plain; version=0.0.5; charset=utf-8",
            "",
            "text/html",
            "application/json; charset=utf-8",
            "TEXT/PLAIN; VERSION=0.0.4",
            "text/plain; version=0.0.4, text/html",
            "text/;");
    private static final List<String> SERIES = List.of(
            "m0{x=\"1\"}",
            "m0{x=\"1\"}",
            "m0{x=\"2\",y=\"2\"}",
            "m0{y=\"2\",x=\"2\"}",
            "m0{x=\"3\"}",
            "m1{job=\"mine\",instance=\"here\"}",
            "m1{job=\"mine\",exported_job=\"k\"}",
            "m1{exported_job=\"k\",exported_exported_job=\"l\",job=\"m\"}",
            "m1{exported_a=\"\",a=\"2\"}",
            "m1{a=\"2\",exported_a=\"3\"}",
            "m2{a_long_label_name=\"v\"}",
            "m2{l=\"a label of a long value\"}",
            "m3",
            "m3{x=\"\"}",
            "{\"utf.8\",\"l.l\"=\"v\"}",
            "m4{a=\"1\",b=\"2\",c=\"3\",d=\"4\"}",
            "m5{__tmp=\"z\",x=\"1\"}",
            "m5{x=\"1\"}",
            "m6{instance=\"\",job=\"\"}",
            "m7{le=\"0.5\"}",
            "m7{quantile=\"1\"}");
    private static final List<String> VALUES = List.of("NaN", "+Inf", "-0", "1e3", "0.1", "-7");
    private static final List<String> FAULTS = List.of(
            "broken{\n",
            "m0{x=\"1\"} one\n",
            "m0{x=\"1\",x=\"2\"} 1\n",
            "m0{x=\"\u00ff",
            "# TYPE m0 what\n",
            "m0 1 2 3\n",
            "{x=\"1\"} 1\n",
            "m0{x=\"1\"}\n",
            "m0{x='1'} 1\n");
    private static final List<String> RELABELLING = List.of(
            "{regex: x, action: labeldrop}",
            "{regex: 'l|a', action: labeldrop}",
            "{source_labels: [__name__], regex: m1, action: drop}",
            "{source_labels: [x], regex: '1', target_label: __name__, replacement: ''}",
            "{source_labels: [__name__], regex: 'm(0|3)', target_label: __name__, replacement: same}",
            "{source_labels: [x], target_label: job}",
            "{action: labelmap, regex: 'exported_(.+)', replacement: '${1}_was'}",
            "{source_labels: [__name__], regex: m2, target_label: 'a name', replacement: v}",
            "{regex: '__name__|x|job|script', action: labelkeep}",
            "{source_labels: [__name__], regex: 'm.*|up|h.*', action: keep}",
            "{source_labels: [x, y], target_label: z, separator: '-'}",
            "{source_labels: [x], target_label: h, modulus: 3, action: hashmod}",
            "{source_labels: [__name__], regex: m5, target_label: __tmp, replacement: t}",
            "{source_labels: [instance], regex: here, target_label: instance, replacement: ''}");
    private static final List<String> PROTOCOLS = List.of(
            "PrometheusProto",
            "OpenMetricsText1.0.0",
            "OpenMetricsText0.0.1",
            "PrometheusText1.0.0",
            "PrometheusText0.0.4");
    private static final List<String> TARGET_LABELS = List.of(
            "", "", "", "exported_job: t, ", "a: '1', ", "x: '9', ", "exported_instance: '', ", "instance: own, ");

    private final Random random;
    private final long baseMs;
    private final int phases;
    private final int steps;

    /** @param baseMs what timestamps in bodies count from: about now */
    RandomScripts(Random random, long baseMs, int phases, int steps) {
        this.random = random;
        this.baseMs = baseMs;
        this.phases = phases;
        this.steps = steps;
    }

    ScrapeScript script(int number) {
        List<Phase> all = new ArrayList<>();
        boolean messages = random.nextInt(5) == 0;
        String options = options();
        String labels = one(TARGET_LABELS);
        for (int phase = 0; phase < phases; phase++) {
            boolean present = phase == 0 || phase == phases - 1 || !oneIn(4);
            if (phase > 0 && present && oneIn(2)) {
                options = options();
            }
            if (phase > 0 && present && oneIn(4)) {
                labels = one(TARGET_LABELS);
            }
            List<Answer> answers = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                boolean late = phase > 0 || step > 0;
                if (!answers.isEmpty() && oneIn(5)) {
                    answers.add(answers.getLast());
                } else {
                    answers.add(messages && !oneIn(8) ? message(late, false) : text(late, false));
                }
            }
            answers.add(messages ? message(true, true) : text(true, true));
            all.add(new Phase(options, labels, present, answers));
        }
        return new ScrapeScript(number, all);
    }

    private boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String options() {
        StringBuilder options = new StringBuilder();
        option(options, 3, "honor_labels: true");
        option(options, 5, "honor_timestamps: false");
        option(options, 3, "track_timestamps_staleness: true");
        option(options, 8, "sample_limit: " + (3 + random.nextInt(12)));
        option(options, 12, "label_limit: " + (4 + random.nextInt(4)));
        option(options, 15, "label_name_length_limit: " + (8 + random.nextInt(14)));
        option(options, 15, "label_value_length_limit: " + (14 + random.nextInt(10)));
        option(options, 10, "body_size_limit: " + (150 + random.nextInt(400)) + "B");
        option(options, 5, "enable_compression: false");
        option(options, 4, "extra_scrape_metrics: true");
        option(options, 3, "fallback_scrape_protocol: " + one(PROTOCOLS));
        option(options, 2, "scrape_native_histograms: true");
        option(options, 3, "always_scrape_classic_histograms: true");
        option(options, 3, "convert_classic_histograms_to_nhcb: true");
        option(options, 8, "native_histogram_bucket_limit: " + (2 + random.nextInt(4)));
        option(options, 8, "native_histogram_min_bucket_factor: " + (1.1 + random.nextInt(4)));
        if (oneIn(5)) {
            List<String> protocols = new ArrayList<>(PROTOCOLS);
            Collections.shuffle(protocols, random);
            options.append("scrape_protocols: [");
            options.append(String.join(", ", protocols.subList(0, 1 + random.nextInt(protocols.size()))));
            options.append("]\n");
        }
        boolean legacy = oneIn(10);
        if (legacy) {
            options.append("metric_name_validation_scheme: legacy\n");
            option(options, 2, "metric_name_escaping_scheme: underscores");
        } else {
            option(options, 8, "metric_name_escaping_scheme: " + one(List.of("underscores", "dots", "values")));
        }
        int rules = random.nextInt(6) - 2;
        if (rules > 0) {
            options.append("metric_relabel_configs:\n");
            for (int i = 0; i < rules; i++) {
                String rule = one(RELABELLING);
                options.append("- ");
                options.append(legacy ? rule.replace("a name", "a_name") : rule).append('\n');
            }
        }
        return options.toString();
    }

    private void option(StringBuilder into, int chances, String line) {
        if (oneIn(chances)) {
            into.append(line).append('\n');
        }
    }

    /**
     * An exposition in text.
     *
     * @param late whether samples may be very old, which a storage without newer ones takes
     * @param good whether it is to be taken again and again: without faults and timestamps
     */
    private Answer text(boolean late, boolean good) {
        boolean openMetrics = oneIn(4);
        StringBuilder body = new StringBuilder();
        int fault = !good && oneIn(6) ? random.nextInt(12) : -1;
        for (int line = random.nextInt(8); line < 12; line++) {
            if (line == fault) {
                body.append(one(FAULTS));
            }
            body.append(one(SERIES)).append(' ').append(value());
            if (!good && oneIn(7)) {
                long atMs = timestampMs(late);
                body.append(' ').append(openMetrics ? Double.toString(atMs / 1000.0) : Long.toString(atMs));
            }
            body.append('\n');
            if (oneIn(12)) {
                body.append(histogram());
            }
        }
        Answer answer = openMetrics
                ? Answer.of(OPEN_METRICS, body.append("# EOF\n").toString())
                : Answer.of(good ? TEXT : one(TEXT_TYPES), body.toString());
        return good ? answer : disturbed(answer);
    }

    private String value() {
        return oneIn(6) ? one(VALUES) : Integer.toString(random.nextInt(1000));
    }

    private long timestampMs(boolean late) {
        return switch (random.nextInt(late ? 8 : 6)) {
            case 0 -> baseMs + 5 * MINUTE_MS + 1000L * random.nextInt(30);
            case 1 -> baseMs + 20 * MINUTE_MS;
            case 6 -> baseMs - 180 * MINUTE_MS;
            case 7 -> random.nextInt(3) * 1000L;
            default -> baseMs - 2 * MINUTE_MS + 1000L * random.nextInt(60);
        };
    }

    private String histogram() {
        int first = random.nextInt(5);
        int all = first + random.nextInt(5) - (oneIn(6) ? 5 : 0);
        String name = "h" + random.nextInt(2);
        return "# TYPE " + name + " histogram\n" + name + "_bucket{le=\"0.5\"} " + first + "\n" + name
                + "_bucket{le=\"+Inf\"} " + all + "\n" + name + "_count " + all + "\n" + name + "_sum "
                + random.nextInt(9) + "\n# TYPE other gauge\n";
    }

    private Answer disturbed(Answer answer) {
        return switch (random.nextInt(24)) {
            case 0 -> new Answer(500, Map.of("Content-Type", TEXT), "", Ending.WHOLE);
            case 1 -> new Answer(one(List.of(201, 204, 404, 429, 503)), answer.headers(), "", Ending.WHOLE);
            case 2, 3 -> answer.ending(Ending.CUT_OFF);
            case 4 -> Answer.of(TEXT, "");
            case 5, 6 -> gzip(answer, false);
            case 7 -> gzip(answer, true);
            case 8 -> new Answer(200, Map.of("Content-Type", TEXT, "Content-Encoding", "br"), "x", Ending.WHOLE);
            default -> answer;
        };
    }

    private static Answer gzip(Answer answer, boolean damaged) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(answer.text().getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String text = packed.toString(StandardCharsets.ISO_8859_1);
        return new Answer(
                200,
                Map.of(
                        "Content-Type",
                        answer.headers().getOrDefault("Content-Type", TEXT),
                        "Content-Encoding",
                        oneOf(text.length() % 2 == 0, "gzip", "GZIP")),
                damaged ? text.substring(0, text.length() * 2 / 3) : text,
                Ending.WHOLE);
    }

    private static String oneOf(boolean first, String one, String other) {
        return first ? one : other;
    }

    private Answer message(boolean late, boolean good) {
        ProtobufWriter body = new ProtobufWriter();
        for (int families = random.nextInt(4); families < 5; families++) {
            ProtobufWriter family = new ProtobufWriter();
            int type = random.nextInt(5);
            family.text(1, "p" + type + random.nextInt(2)).text(2, "some help").int64(3, type);
            for (int metrics = random.nextInt(3); metrics < 3; metrics++) {
                ProtobufWriter metric = new ProtobufWriter();
                metric.message(
                        1,
                        new ProtobufWriter()
                                .text(1, one(List.of("x", "job", "exported_job", "l.l")))
                                .text(2, one(List.of("1", "2", ""))));
                switch (type) {
                    case 0 -> metric.message(3, number());
                    case 1 -> metric.message(2, number());
                    case 2 ->
                        metric.message(
                                4,
                                new ProtobufWriter()
                                        .int64(1, random.nextInt(9))
                                        .float64(2, random.nextInt(9))
                                        .message(
                                                3,
                                                new ProtobufWriter()
                                                        .float64(1, 0.5)
                                                        .float64(2, 7)));
                    case 3 -> metric.message(5, number());
                    default -> metric.message(7, histogramMessage());
                }
                if (!good && oneIn(7)) {
                    metric.int64(6, timestampMs(late));
                }
                family.message(4, metric);
            }
            body.varint(family.size()).raw(family);
        }
        String text = new String(body.toByteArray(), StandardCharsets.ISO_8859_1);
        return new Answer(200, Map.of("Content-Type", PROTOBUF), text, Ending.WHOLE);
    }

    private ProtobufWriter number() {
        return new ProtobufWriter().float64(1, random.nextInt(1000));
    }

    private ProtobufWriter histogramMessage() {
        int first = 1 + random.nextInt(5);
        int all = first + random.nextInt(5);
        ProtobufWriter histogram = new ProtobufWriter().int64(1, all).float64(2, random.nextInt(9));
        if (!oneIn(4)) {
            histogram.message(3, new ProtobufWriter().int64(1, first).float64(2, 0.5));
        }
        if (oneIn(3)) {
            return histogram;
        }
        return histogram
                .sint64(5, random.nextInt(4))
                .float64(6, 0.001)
                .int64(7, 0)
                .message(12, new ProtobufWriter().sint64(1, random.nextInt(5)).int64(2, 2))
                .message(13, new ProtobufWriter().zigzag(first).zigzag(all - 2L * first));
    }
}
