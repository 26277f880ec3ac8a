// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.server.ScrapeScript.Answer;
import dev.narthex.server.ScrapeScript.Ending;
import dev.narthex.server.ScrapeScript.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Written scripts: several limits exceeded at once, the same series in several ways, labels that collide, names lost by
 * relabelling, forms of histograms, types of contents. Each says the same all the time, but for the first scrape, which
 * finds what is good with all of them.
 */
final class WrittenScripts {
    private static final String TEXT = "text/plain; version=0.0.4";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final Answer GOOD = Answer.of(TEXT, "a 1\nb 2\n");

    private static final String LABELS = "a 1\nb{a_long_label_name=\"a value that is long\",c=\"1\",d=\"2\"} 2\nc 3\n";
    private static final String HISTOGRAM = """
            # TYPE h histogram
            h_bucket{le="1"} 1
            h_bucket{le="2.0"} 3
            h_bucket{le="+Inf"} 4
            h_sum 5
            h_count 4
            """;

    private WrittenScripts() {}

    /** Options of a scrape configuration, one a line, and the body of every scrape but the first. */
    private record Case(String options, String labels, Answer answer) {
        Case(String options, String body) {
            this(options, "", Answer.of(TEXT, body));
        }
    }

    private static List<Case> cases() {
        return List.of(
                // Which limit is told.
                new Case("sample_limit: 2\nlabel_limit: 3\n", LABELS),
                new Case("sample_limit: 1\nlabel_limit: 3\n", LABELS),
                new Case("sample_limit: 2\nlabel_name_length_limit: 10\n", LABELS),
                new Case("label_limit: 3\nlabel_name_length_limit: 10\n", LABELS),
                new Case("label_limit: 6\nlabel_name_length_limit: 10\nlabel_value_length_limit: 16\n", LABELS),
                new Case("label_value_length_limit: 16\nlabel_name_length_limit: 20\n", LABELS),
                new Case("label_name_length_limit: 5\n", LABELS),
                new Case("label_value_length_limit: 1\n", LABELS),
                new Case("label_limit: 2\n", LABELS),
                new Case("body_size_limit: 20B\nsample_limit: 1\n", LABELS),
                new Case("body_size_limit: 20B\n", "broken{"),
                new Case("body_size_limit: 7B\n", "broken{"),
                new Case("sample_limit: 1\n", "a 1\nb 2\nbroken{\n"),
                new Case("sample_limit: 1\n", "a 1\na 1\na 1\n"),
                new Case("sample_limit: 1\n", "a 1 1000\nb 1\n"),
                new Case("sample_limit: 2\nlabel_limit: 3\n", "a 1\nb 1\nc 1\nd{a=\"1\",b=\"2\"} 3\n"),
                new Case("label_limit: 3\n", "a 1\nb{a=\"1\",b=\"2\"} 3\nbroken{\n"),
                new Case("label_limit: 4\n", "broken{\nb{a=\"1\",b=\"2\"} 3\n"),
                new Case(
                        "sample_limit: 2\nmetric_relabel_configs: [{source_labels: [__name__], regex: c, action: drop}]\n",
                        "a 1\nb 2\nc 3\n"),
                new Case("label_limit: 4\nmetric_relabel_configs: [{regex: 'c|d', action: labeldrop}]\n", LABELS),
                new Case(
                        "label_limit: 4\nmetric_relabel_configs: [{source_labels: [__name__], regex: b, action: drop}]\n",
                        LABELS),
                new Case("label_limit: 4\nmetric_relabel_configs: [{target_label: n, replacement: m}]\n", "a 1\n"),
                new Case("extra_scrape_metrics: true\nsample_limit: 1\nbody_size_limit: 1MB\n", "a 1\nb 2\n"),
                new Case("extra_scrape_metrics: true\nbody_size_limit: 10B\n", "a 1\nb 2\nc 3\nd 4\n"),
                new Case("extra_scrape_metrics: true\n", "broken{\n"),
                // The same series more than once.
                new Case("", "a 1\na 2\na 1\n"),
                new Case("", "a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 2\na{x=\"1\",y=\"2\",z=\"\"} 3\n"),
                new Case(
                        "metric_relabel_configs: [{regex: x, action: labeldrop}]\n",
                        "a{x=\"1\"} 1\na{x=\"2\"} 2\na 3\n"),
                new Case(
                        "metric_relabel_configs: [{source_labels: [__name__], target_label: __name__, regex: 'a|b', replacement: same}]\n",
                        "a 1\nb 2\nsame 3\n"),
                new Case("", "up 7\nscrape_duration_seconds 8\nscrape_samples_scraped{x=\"1\"} 9\n"),
                new Case("honor_labels: true\n", "up 7\nup{job=\"other\"} 8\n"),
                // Names that are lost, labels that become none.
                new Case("metric_relabel_configs: [{regex: __name__, action: labeldrop}]\n", "a 1\n"),
                new Case(
                        "metric_relabel_configs: [{source_labels: [x], regex: '1', target_label: __name__, replacement: ''}]\n",
                        "a 1\nb{x=\"1\"} 2\n"),
                new Case("metric_relabel_configs: [{target_label: __name__, replacement: 'a b'}]\n", "a 1\n"),
                new Case(
                        "metric_name_validation_scheme: legacy\nmetric_relabel_configs: [{target_label: __name__, replacement: 'a b'}]\n",
                        "a 1\n"),
                new Case("metric_name_validation_scheme: legacy\n", "a 1\n{\"a.b\"} 2\n"),
                new Case("metric_name_validation_scheme: legacy\n", "a 1\nb{\"c.d\"=\"1\"} 2\n"),
                new Case("metric_relabel_configs: [{regex: 'job|instance|a', action: labeldrop}]\n", "a 1\n"),
                // Collisions with labels of the target.
                new Case(
                        "",
                        "job: own, exported_job: t, ",
                        Answer.of(
                                TEXT,
                                "a{job=\"1\"} 1\nb{job=\"1\",exported_job=\"2\"} 2\nc{job=\"1\",exported_job=\"2\",exported_exported_job=\"3\"} 3\nd{exported_exported_job=\"3\"} 4\ne{exported_job=\"\"} 5\nf{job=\"\"} 6\n")),
                new Case(
                        "honor_labels: true\n",
                        "job: own, exported_job: t, ",
                        Answer.of(
                                TEXT,
                                "a{job=\"1\"} 1\nb{job=\"1\",exported_job=\"2\"} 2\ne{exported_job=\"\"} 5\nf{job=\"\"} 6\ng{instance=\"\",job=\"\",script=\""
                                        + "\"} 7\n")),
                new Case(
                        "",
                        "a: t, ",
                        Answer.of(
                                TEXT,
                                "a{a=\"1\",exported_a=\"1\"} 1\na{a=\"\",exported_a=\"2\"} 2\na{exported_a=\"3\"} 3\n")),
                // Times.
                new Case("honor_timestamps: false\ntrack_timestamps_staleness: true\n", "a 1 1000\nb 2\n"),
                new Case("", "a 1 0\nb 2 -5\nc 3 1\n"),
                new Case("", "a 1 9223372036854775807\nb 2\n"),
                new Case("", "a 1 -9223372036854775808\nb 2\n"),
                // Forms of histograms.
                new Case("always_scrape_classic_histograms: true\n", HISTOGRAM),
                new Case("convert_classic_histograms_to_nhcb: true\n", HISTOGRAM),
                new Case(
                        "convert_classic_histograms_to_nhcb: true\nalways_scrape_classic_histograms: true\n",
                        HISTOGRAM),
                new Case("convert_classic_histograms_to_nhcb: true\nnative_histogram_bucket_limit: 1\n", HISTOGRAM),
                new Case("convert_classic_histograms_to_nhcb: true\nsample_limit: 2\n", "a 1\n" + HISTOGRAM),
                new Case(
                        "convert_classic_histograms_to_nhcb: true\nscrape_native_histograms: true\nsample_limit: 1\n",
                        HISTOGRAM),
                new Case(
                        "convert_classic_histograms_to_nhcb: true\nnative_histogram_bucket_limit: 1\nsample_limit: 1\n",
                        HISTOGRAM + "a 1\nb 1\n"),
                new Case(
                        "convert_classic_histograms_to_nhcb: true\nnative_histogram_bucket_limit: 1\nsample_limit: 1\n",
                        HISTOGRAM + "a 1\n"),
                new Case(
                        "convert_classic_histograms_to_nhcb: true\nnative_histogram_bucket_limit: 1\nlabel_limit: 4\n",
                        HISTOGRAM + "a{x=\"1\",y=\"2\"} 1\n"),
                new Case(
                        "convert_classic_histograms_to_nhcb: true\nnative_histogram_bucket_limit: 1\n",
                        HISTOGRAM + "a 1\nbroken{\n"),
                // Types of contents.
                new Case("", "", Answer.of("application/openmetrics-text; version=2", "a 1\n# EOF\n")),
                new Case("", "", Answer.of("application/openmetrics-text; version=2.1", "a 1\n# EOF\n")),
                new Case("", "", Answer.of("application/openmetrics-text; version=3.0.0", "a 1\n# EOF\n")),
                new Case("", "", Answer.of("text/plain; version=1.0.0; escaping=none", "a 1\n")),
                new Case("", "", Answer.of("text/plain, text/html", "a 1\n")),
                new Case("", "", Answer.of("text/plain; a=b; a=c", "a 1\n")),
                new Case("", "", Answer.of("text/plain;;", "a 1\n")),
                new Case("", "", Answer.of("text/", "a 1\n")),
                new Case("", "", Answer.of("text", "a 1\n")),
                new Case(
                        "fallback_scrape_protocol: PrometheusText0.0.4\n",
                        "",
                        Answer.of("text/plain; version", "a 1\n")),
                new Case(
                        "fallback_scrape_protocol: PrometheusText0.0.4\n",
                        "",
                        Answer.of("application/openmetrics-text; version=2.0.0", "a 1\n")),
                new Case(
                        "",
                        "",
                        new Answer(
                                200,
                                Map.of("Content-Type", TEXT, "Content-Encoding", "identity"),
                                "a 1\n",
                                Ending.WHOLE)),
                new Case(
                        "",
                        "",
                        new Answer(
                                200, Map.of("Content-Type", TEXT, "Content-Encoding", "GZIP"), "a 1\n", Ending.WHOLE)),
                new Case(
                        "extra_scrape_metrics: true\n",
                        "",
                        new Answer(
                                200, Map.of("Content-Type", TEXT, "Content-Encoding", "gzip"), "a 1\n", Ending.WHOLE)),
                new Case(
                        "extra_scrape_metrics: true\n",
                        "",
                        Answer.of(TEXT, "a 1\n".repeat(2)).ending(Ending.CUT_OFF)),
                new Case("extra_scrape_metrics: true\n", "", Answer.of("text/html", "a 1\n")),
                new Case(
                        "extra_scrape_metrics: true\n",
                        "",
                        new Answer(500, Map.of("Content-Type", TEXT), "a 1\n", Ending.WHOLE)),
                new Case("", "", new Answer(200, Map.of(), "a 1\n", Ending.WHOLE)),
                new Case(
                        "fallback_scrape_protocol: OpenMetricsText0.0.1\n",
                        "",
                        new Answer(200, Map.of(), "a 1\n# EOF\n", Ending.WHOLE)),
                new Case(
                        "fallback_scrape_protocol: PrometheusProto\n",
                        "",
                        new Answer(200, Map.of("Content-Type", "text/html"), "a 1\n", Ending.WHOLE)),
                new Case(
                        "fallback_scrape_protocol: PrometheusText1.0.0\n",
                        "",
                        new Answer(200, Map.of("Content-Type", "application/json"), "a 1\n", Ending.WHOLE)),
                new Case("", "", Answer.of("text/html", "a 1\n")),
                new Case("", "", Answer.of("text/plain; version", "a 1\n")),
                new Case("", "", Answer.of("text/plain; version=9", "a 1\n")),
                new Case("", "", Answer.of("text/plain; charset=utf-16", "a 1\n")),
                new Case("", "", Answer.of("application/openmetrics-text", "a 1\n# EOF\n")),
                new Case("", "", Answer.of("application/openmetrics-text; version=2.0.0", "a 1\n# EOF\n")),
                new Case("", "", Answer.of("APPLICATION/OpenMetrics-Text", "a 1\n# EOF\n")),
                new Case("", "", Answer.of("application/vnd.google.protobuf", "a 1\n")),
                new Case(
                        "",
                        "",
                        Answer.of(
                                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text",
                                "a 1\n")),
                new Case("", "", Answer.of(OPEN_METRICS, "a 1\n")),
                new Case("", "", Answer.of(TEXT, "")),
                new Case("", "", Answer.of(OPEN_METRICS, "")),
                new Case("", "", Answer.of("application/vnd.google.protobuf", "")),
                new Case(
                        "",
                        "",
                        new Answer(
                                200,
                                Map.of("Content-Type", TEXT, "Content-Encoding", "deflate"),
                                "a 1\n",
                                Ending.WHOLE)),
                new Case("", "", new Answer(204, Map.of(), "", Ending.WHOLE)),
                new Case("", "", new Answer(500, Map.of(), "a 1\n", Ending.WHOLE)),
                new Case("enable_compression: false\n", "a 1\n"));
    }

    /** The same in each of so many phases. */
    static List<ScrapeScript> all(int phases) {
        List<ScrapeScript> scripts = new ArrayList<>();
        List<Case> all = new ArrayList<>(cases());
        OddAnswers.all().forEach(answer -> all.add(new Case("", "", answer)));
        for (Case each : all) {
            Phase first = new Phase(each.options, each.labels, true, List.of(GOOD, each.answer));
            Phase then = new Phase(each.options, each.labels, true, List.of(each.answer));
            scripts.add(new ScrapeScript(
                    scripts.size(),
                    Stream.iterate(first, _ -> then).limit(phases).toList()));
        }
        return scripts;
    }
}
