// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.NameEscapingScheme;
import dev.narthex.config.NameValidationScheme;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.ScrapeConfigBuilder;
import dev.narthex.config.ScrapeLimits;
import dev.narthex.config.ScrapeProtocol;
import dev.narthex.config.Secret;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.http.HttpAnswer;
import dev.narthex.http.HttpCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of a scrape configuration, one by one, on manual time. */
class ScrapeOptionsTest {
    private final ScrapeScenario scenario = new ScrapeScenario();

    @AfterEach
    void close() {
        scenario.close();
    }

    private void apply(ScrapeScenario.Job job, UnaryOperator<ScrapeConfigBuilder> options) {
        ScrapeConfig config = options.apply(job.build().toBuilder()).build();
        scenario.manager.apply(List.of(config), GlobalConfig.DEFAULT);
    }

    private static ScrapeScenario.Job oneTarget() {
        return ScrapeScenario.job().target("a:1");
    }

    private static ScrapeLimits limits(long targets, long labels, long name, long value, long dropped) {
        return new ScrapeLimits(0, 0, targets, labels, name, value, dropped, 0, 0);
    }

    @Test
    void asksForProtocolsInTheirOrder() {
        apply(
                oneTarget(),
                job -> job.scrapeProtocols(
                                List.of(ScrapeProtocol.PROMETHEUS_PROTO, ScrapeProtocol.PROMETHEUS_TEXT_1_0_0))
                        .nameEscapingScheme(NameEscapingScheme.VALUES)
                        .enableCompression(false));
        scenario.scrape("a 1\n");
        HttpCall call = scenario.client.requests().getFirst();
        assertThat(call.headers())
                .containsEntry(
                        "Accept",
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;"
                                + "q=0.7,text/plain;version=1.0.0;escaping=values;q=0.6,*/*;q=0.5")
                .containsEntry("Accept-Encoding", "identity")
                .containsEntry("X-Prometheus-Scrape-Timeout-Seconds", "10");
    }

    @Test
    void readsAnAnswerWithoutAKnownTypeByTheFallback() {
        apply(oneTarget(), job -> job);
        HttpAnswer blank = new HttpAnswer(200, "", "");
        scenario.client.serve(ScrapeScenario.URL, blank, "a 1\n".getBytes(StandardCharsets.US_ASCII));
        scenario.pass();
        assertThat(scenario.target().lastError())
                .isEqualTo("non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol"
                        + " specified for target");
        apply(oneTarget(), job -> job.fallbackScrapeProtocol(ScrapeProtocol.PROMETHEUS_TEXT_0_0_4));
        scenario.pass();
        assertThat(scenario.target().lastError()).isEmpty();
        assertThat(scenario.values("a")).containsExactly("1");
    }

    @Test
    void refusesAScrapeWhoseLabelsExceedALimit() {
        String body = "a{bb=\"12345678901\"} 1\n";
        apply(oneTarget(), job -> job.limits(limits(0, 3, 0, 0, 0)));
        scenario.scrape(body);
        assertThat(scenario.target().lastError())
                .isEqualTo("label_limit exceeded (metric: a, number of labels: 4, limit: 3)");
        assertThat(scenario.values("up")).containsExactly("0");
        apply(oneTarget(), job -> job.limits(limits(0, 4, 7, 0, 0)));
        scenario.scrape(body);
        assertThat(scenario.target().lastError())
                .isEqualTo("label_name_length_limit exceeded (metric: a, label name: __name__, length: 8, limit: 7)");
        apply(oneTarget(), job -> job.limits(limits(0, 4, 8, 10, 0)));
        scenario.scrape(body);
        assertThat(scenario.target().lastError())
                .isEqualTo("label_value_length_limit exceeded (metric: a, label name: bb, value: \"12345678901\","
                        + " length: 11, limit: 10)");
        apply(oneTarget(), job -> job.limits(limits(0, 4, 8, 11, 0)));
        scenario.scrape(body);
        assertThat(scenario.target().lastError()).isEmpty();
        assertThat(scenario.values("a", "bb", "12345678901")).containsExactly("1");
    }

    @Test
    void scrapesNoneOfTooManyTargets() {
        ScrapeScenario.Job two = ScrapeScenario.job().target("a:1").target("b:1");
        apply(two, job -> job.limits(limits(1, 0, 0, 0, 0)));
        scenario.scrape("a 1\n");
        assertThat(scenario.client.requests()).isEmpty();
        assertThat(scenario.manager.activeTargets()).allSatisfy(target -> {
            assertThat(target.lastError()).isEqualTo("target_limit exceeded (number of targets: 2, limit: 1)");
            assertThat(target.health()).isEqualTo(TargetHealth.DOWN);
        });
        assertThat(scenario.values("up")).containsExactly("0");
        apply(two, job -> job.limits(limits(2, 0, 0, 0, 0)));
        scenario.scrape("a 1\n");
        assertThat(scenario.values("up")).containsExactly("0", "1");
    }

    @Test
    void keepsOnlySoManyDroppedTargetsAndCountsAll() {
        ScrapeScenario.Job many =
                ScrapeScenario.job().target("a:1").target("b:1").target("c:1");
        apply(
                many,
                job -> job.limits(limits(0, 0, 0, 0, 2))
                        .relabelConfigs(List.of(RelabelConfig.keep(List.of("job"), "other"))));
        assertThat(scenario.manager.droppedTargets()).hasSize(2);
        assertThat(scenario.manager.droppedTargetCounts()).containsEntry("j", 3);
    }

    @Test
    void writesExtraSeries() {
        apply(oneTarget(), job -> job.extraScrapeMetrics(true).limits(ScrapeLimits.NONE.with(7, 20)));
        scenario.scrape("a 1\n");
        scenario.scrape("a 1234567890123456789\n");
        assertThat(scenario.values("scrape_timeout_seconds")).containsExactly("10", "10");
        assertThat(scenario.values("scrape_sample_limit")).containsExactly("7", "7");
        assertThat(scenario.values("scrape_body_size_bytes")).containsExactly("4", "-1");
        assertThat(scenario.target().lastError()).isEqualTo("body size limit exceeded");
    }

    @Test
    void refusesNamesThatAreNotLegacyOnes() {
        apply(oneTarget(), job -> job.nameValidationScheme(NameValidationScheme.LEGACY));
        scenario.scrape("{\"a.b\"} 1\n");
        assertThat(scenario.target().lastError()).startsWith("invalid metric name or label names: ");
        scenario.scrape("a_b{c_d=\"e.f\"} 1\n");
        assertThat(scenario.target().lastError()).isEmpty();
    }

    @Test
    void writesFailedScrapesToTheirLog(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("failures.log");
        apply(oneTarget(), job -> job.scrapeFailureLogFile(file.toString()));
        scenario.client.fail(ScrapeScenario.URL, "some \"reason\"");
        scenario.pass();
        scenario.scrape("a 1\n");
        assertThat(Files.readAllLines(file))
                .singleElement()
                .asString()
                .startsWith("{\"time\":\"")
                .endsWith("\"level\":\"ERROR\",\"msg\":\"Get \\\"" + ScrapeScenario.URL
                        + "\\\": some \\\"reason\\\"\",\"job_name\":\"j\",\"target\":\"" + ScrapeScenario.URL + "\"}");
    }

    @Test
    void goesOnWithItsCachesWhenOnlyOptionsOfTheRequestChange() {
        apply(oneTarget(), job -> job);
        scenario.scrape("a 1\n");
        int lookups = scenario.storage.lookups();
        apply(oneTarget(), job -> job.enableCompression(false));
        scenario.scrape("a 2\n");
        assertThat(scenario.storage.lookups()).as("series looked up again").isEqualTo(lookups);
        assertThat(scenario.values("a")).containsExactly("1", "2");
    }

    @Test
    void goesOnAsItWasWhenItsNewOptionsCannotBeUsed() {
        apply(oneTarget(), job -> job);
        scenario.scrape("a 1\n");
        ProxyConfig broken = new ProxyConfig(new Secret("broken"), "", false, Map.of());
        HttpClientConfig unusable = new HttpClientConfig(null, null, null, null, broken, true, true, Map.of());
        apply(oneTarget(), job -> job.httpClient(unusable));
        scenario.scrape("a 2\n");
        assertThat(scenario.values("a")).containsExactly("1", "2");
        ExpositionWriter out = new ExpositionWriter();
        scenario.manager.writeMetrics(out);
        assertThat(out.toString()).contains("prometheus_target_scrape_pool_reloads_failed_total 1");
    }

    @Test
    void takesEachWordForATruthThatGoTakes() {
        for (String word : List.of("1", "t", "T", "TRUE", "True", "0", "f", "F", "FALSE", "False")) {
            apply(ScrapeScenario.job().target("a:1", "__scrape_native_histograms__", word), job -> job);
            assertThat(scenario.manager.activeTargets()).as(word).hasSize(1);
        }
    }

    @Test
    void leavesOutATargetWhoseHistogramLabelIsNoTruthValue() {
        apply(ScrapeScenario.job().target("a:1", "__scrape_native_histograms__", "yes"), job -> job);
        assertThat(scenario.manager.activeTargets()).isEmpty();
        assertThat(scenario.manager.droppedTargets())
                .singleElement()
                .satisfies(target -> assertThat(target.reason())
                        .isEqualTo("__scrape_native_histograms__ must be \"true\" or \"false\", found \"yes\""));
    }
}
