// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static dev.narthex.scrape.ScrapeScenario.INTERVAL;
import static dev.narthex.scrape.ScrapeScenario.URL;
import static dev.narthex.scrape.ScrapeScenario.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.RelabelAction;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.RelabelPattern;
import dev.narthex.http.HttpAnswer;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeLoopTest {
    private final ScrapeScenario scenario = new ScrapeScenario();

    @AfterEach
    void close() {
        scenario.close();
    }

    @Test
    void storesSamplesAndReportsTheScrape() {
        scenario.apply(job().target("a:1")).scrape("a 1\nb{x=\"y\"} 2\n").scrape("a 3\nb{x=\"y\"} 4\nc 5\n");
        assertThat(scenario.values("a")).containsExactly("1", "3");
        assertThat(scenario.values("b", "x", "y")).containsExactly("2", "4");
        assertThat(scenario.values("c")).containsExactly("5");
        assertThat(scenario.values("up")).containsExactly("1", "1");
        assertThat(scenario.values("scrape_samples_scraped")).containsExactly("2", "3");
        assertThat(scenario.values("scrape_samples_post_metric_relabeling")).containsExactly("2", "3");
        assertThat(scenario.values("scrape_series_added")).containsExactly("2", "1");
        assertThat(scenario.values("scrape_duration_seconds")).containsExactly("0", "0");
        assertThat(scenario.storage.commits()).isEqualTo(2);
    }

    @Test
    void goesOnAfterAScrapeThatEndedInAnError() {
        AtomicInteger scrapes = new AtomicInteger();
        MemoryStorage stored = new MemoryStorage();
        try (ScrapeScenario failing = new ScrapeScenario(() -> {
            if (scrapes.incrementAndGet() == 1) {
                throw new OutOfMemoryError("on purpose");
            }
            return stored.appender();
        })) {
            failing.apply(job().target("a:1")).scrape("a 1\n");
            assertThat(failing.target().lastError())
                    .contains("internal error, see the log")
                    .contains("on purpose");
            failing.scrape("a 2\n");
            assertThat(failing.target().lastError()).isEmpty();
            assertThat(stored.values(Labels.of("__name__", "a", "instance", "a:1", "job", "j")))
                    .containsExactly("2");
        }
    }

    @Test
    void handsStartTimestampsAndMetadataOverWhereTheyAreWanted() {
        byte[] body = "# HELP c How many.\n# TYPE c counter\nc_total 1\nc_created 5\n# EOF\n"
                .getBytes(StandardCharsets.UTF_8);
        HttpAnswer answer = new HttpAnswer(200, "application/openmetrics-text; version=1.0.0", "");
        scenario.apply(job().target("a:1"));
        scenario.client.serve(URL, answer, body);
        scenario.scheduler.advance(INTERVAL);
        assertThat(scenario.values("c_created")).containsExactly("5");
        assertThat(scenario.storage.startTimestamps()).isEmpty();
        assertThat(scenario.storage.metadata()).isEmpty();
        try (ScrapeScenario wanted =
                new ScrapeScenario(ScrapeSettings.of("1.2.3", 4711).withHandedOver(true, true))) {
            wanted.apply(job().target("a:1"));
            wanted.client.serve(URL, answer, body);
            wanted.scheduler.advance(INTERVAL);
            assertThat(wanted.values("c_total")).containsExactly("1");
            assertThat(wanted.storage.series())
                    .noneMatch(labels -> labels.metricName().equals("c_created"));
            assertThat(wanted.storage.startTimestamps()).containsExactly("c_total 5000");
            assertThat(wanted.storage.metadata().values())
                    .containsExactly(new Metadata(MetricType.COUNTER, "", "How many."));
        }
    }

    @Test
    void measuresHowLongAScrapeTakes() {
        scenario.client.whileFetching(() -> scenario.scheduler.manualClock().advance(Duration.ofMillis(250)));
        scenario.apply(job().target("a:1")).scrape("a 1\n");
        assertThat(scenario.values("scrape_duration_seconds")).containsExactly("0.25");
        assertThat(scenario.target().lastScrapeDuration()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void asksAsPrometheusDoes() {
        scenario.apply(job().target("a:1").interval(Duration.ofMillis(2500))).scrape("");
        assertThat(scenario.client.requests().getFirst().headers())
                .containsEntry("User-Agent", "narthex/1.2.3")
                .containsEntry("Accept-Encoding", "gzip")
                .containsEntry("X-Prometheus-Scrape-Timeout-Seconds", "2.5")
                .hasEntrySatisfying("Accept", accept -> assertThat(accept).contains("text/plain;version=0.0.4"));
    }

    @Test
    void neverOverlapsAndMakesUpForTheLastScrapeMissed() {
        scenario.apply(job().target("a:1"));
        scenario.client
                .serve(URL, "a 1\n")
                .whileFetching(() -> scenario.scheduler.manualClock().advance(Duration.ofSeconds(25)));
        scenario.scheduler.advance(Duration.ofSeconds(100));
        List<Long> times = List.copyOf(scenario.storage
                .samples(Labels.of("__name__", "a", "job", "j", "instance", "a:1"))
                .keySet());
        assertThat(times).hasSizeGreaterThan(2);
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isEqualTo(25_000);
        }
    }

    @Test
    void goesOnAfterTheClockHasJumpedBack() {
        scenario.apply(job().target("a:1")).scrape("a 1\n");
        scenario.scheduler
                .manualClock()
                .jumpTo(scenario.scheduler.clock().instant().minusSeconds(3600));
        scenario.pass().pass();
        assertThat(scenario.client.requests().size()).isBetween(2, 3);
    }

    @Test
    void marksASeriesStaleThatDisappears() {
        scenario.apply(job().target("a:1"))
                .scrape("a 1\nb 2\nc 3\n")
                .scrape("a 1\nc 3\n")
                .scrape("c 3\nb 4\n");
        assertThat(scenario.values("a")).containsExactly("1", "1", "stale");
        assertThat(scenario.values("b")).containsExactly("2", "stale", "4");
        assertThat(scenario.values("c")).containsExactly("3", "3", "3");
    }

    @Test
    void marksOnlyOnceAndNotForAnotherOrderOfLabels() {
        scenario.apply(job().target("a:1"))
                .scrape("a{x=\"1\",y=\"2\"} 1\nb 1\n")
                .scrape("a{y=\"2\",x=\"1\"} 2\n")
                .scrape("a{x=\"1\",y=\"2\"} 3\n");
        assertThat(scenario.values("a", "x", "1", "y", "2")).containsExactly("1", "2", "3");
        assertThat(scenario.values("b")).containsExactly("1", "stale");
    }

    @Test
    void marksEverythingStaleWhenAScrapeFails() {
        scenario.apply(job().target("a:1")).scrape("a 1\nb 2\n");
        scenario.client.fail(URL, "connect: connection refused");
        scenario.pass().pass();
        assertThat(scenario.values("a")).containsExactly("1", "stale");
        assertThat(scenario.values("up")).containsExactly("1", "0", "0");
        assertThat(scenario.values("scrape_samples_scraped")).containsExactly("2", "0", "0");
        assertThat(scenario.target().lastError()).isEqualTo("Get \"http://a:1/metrics\": connect: connection refused");
        assertThat(scenario.target().health()).isEqualTo(TargetHealth.DOWN);
        int lookups = scenario.storage.lookups();
        scenario.scrape("a 3\nb 4\n");
        assertThat(scenario.values("a")).containsExactly("1", "stale", "3");
        assertThat(scenario.values("scrape_series_added")).containsExactly("2", "0", "0", "0");
        assertThat(scenario.storage.lookups()).isEqualTo(lookups);
    }

    @Test
    void marksWhatABrokenExpositionDoesNotGetTo() {
        scenario.apply(job().target("a:1")).scrape("a 1\nb 2\n").scrape("a 1\nnew 1\nb{ 2\n");
        assertThat(scenario.values("a")).containsExactly("1");
        assertThat(scenario.values("b")).containsExactly("2", "stale");
        assertThat(scenario.values("new")).isEmpty();
        assertThat(scenario.values("up")).containsExactly("1", "0");
        assertThat(scenario.values("scrape_samples_scraped")).containsExactly("2", "2");
        assertThat(scenario.values("scrape_series_added")).containsExactly("2", "1");
        assertThat(scenario.target().lastError()).isEqualTo("line 3: expected a label name, found \"2\" in \"b{ \"");
        scenario.scrape("a 1\nnew 1\nb 2\n").scrape("a 1\n");
        assertThat(scenario.values("new")).containsExactly("1", "stale");
    }

    @Test
    void whatStandsAboveAFaultHasItsMarkerWhenItGoes() {
        scenario.apply(job().target("a:1")).scrape("a 1\nb 2\n").scrape("a 1\nnew 1\nb{ 2\n");
        scenario.client.fail(URL, "connect: connection refused");
        scenario.pass().pass();
        assertThat(scenario.values("a")).containsExactly("1", "stale");
        assertThat(scenario.values("b")).containsExactly("2", "stale");
        assertThat(scenario.values("new")).containsExactly("stale");
    }

    @Test
    void whatStandsAboveAFaultLivesOnThoughTheCacheDoesNotKeepIt() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            many.append("n{i=\"").append(i).append("\"} 1\n");
        }
        scenario.apply(job().target("a:1")).scrape("a 1\nb 2\n").scrape(many + "a 1\nb{ 2\n");
        assertThat(scenario.values("a")).containsExactly("1");
        assertThat(scenario.values("n", "i", "7")).isEmpty();
        scenario.scrape("n{i=\"7\"} 1\n");
        assertThat(scenario.values("a")).containsExactly("1", "stale");
        assertThat(scenario.values("n", "i", "7")).containsExactly("1");
        assertThat(scenario.values("n", "i", "8")).containsExactly("stale");
    }

    @Test
    void leavesSamplesWithTimestampsOutOfStaleness() {
        long nowMs = scenario.scheduler.clock().millis();
        scenario.apply(job().target("a:1")).scrape("a 1 " + nowMs + "\nb 1\n").scrape("c 1\n");
        assertThat(scenario.values("a")).containsExactly("1");
        assertThat(scenario.values("b")).containsExactly("1", "stale");
    }

    @Test
    void ignoresTimestampsWhereToldTo() {
        scenario.apply(job().target("a:1").ignoreTimestamps()).scrape("a 1 5\n").scrape("b 1\n");
        assertThat(scenario.values("a")).containsExactly("1", "stale");
    }

    @Test
    void refusesSamplesTooFarAhead() {
        long nowMs = scenario.scheduler.clock().millis();
        scenario.apply(job().target("a:1")).scrape("a 1 " + (nowMs + 3_600_000) + "\nb 1 " + (nowMs + 1000) + "\n");
        assertThat(scenario.values("a")).isEmpty();
        assertThat(scenario.values("b")).containsExactly("1");
        assertThat(scenario.values("scrape_samples_post_metric_relabeling")).containsExactly("2");
        assertThat(scenario.values("scrape_series_added")).containsExactly("1");
    }

    @Test
    void takesTheFirstOfRepeatedSeries() {
        scenario.apply(job().target("a:1"));
        String body = "a 1\nb 1\na 2\n";
        scenario.scrape(body)
                .scrape(body)
                .scrape("x 1\n" + body)
                .scrape("b 1\na 2\n")
                .scrape("a 7\n");
        assertThat(scenario.values("a")).containsExactly("1", "1", "1", "2", "7");
        assertThat(scenario.values("b")).containsExactly("1", "1", "1", "1", "stale");
        assertThat(scenario.values("scrape_samples_post_metric_relabeling")).containsExactly("3", "3", "4", "2", "1");
        assertThat(scenario.values("scrape_series_added")).containsExactly("2", "0", "1", "0", "0");
    }

    @Test
    void refusesTheWholeScrapeBeyondTheSampleLimit() {
        scenario.apply(job().target("a:1").sampleLimit(2)).scrape("a 1\nb 2\n").scrape("a 1\nb 2\nc 3\nd 4\n");
        assertThat(scenario.values("a")).containsExactly("1");
        assertThat(scenario.values("c")).isEmpty();
        assertThat(scenario.values("up")).containsExactly("1", "0");
        assertThat(scenario.values("scrape_samples_scraped")).containsExactly("2", "4");
        assertThat(scenario.values("scrape_samples_post_metric_relabeling")).containsExactly("2", "4");
        assertThat(scenario.values("scrape_series_added")).containsExactly("2", "0");
        assertThat(scenario.target().lastError()).isEqualTo("sample limit exceeded");
        scenario.scrape("a 1\nb 2\nc 3\nd 4\n").scrape("c 1\nd 2\n");
        assertThat(scenario.values("a")).containsExactly("1", "stale");
        assertThat(scenario.values("c")).containsExactly("1");
        assertThat(scenario.values("scrape_series_added")).containsExactly("2", "0", "0", "2");
    }

    @Test
    void settlesConflictsOfLabels() {
        scenario.apply(job().target("a:1", "zone", "z"))
                .scrape("a{job=\"x\",instance=\"y\"} 1\nb{job=\"x\",exported_job=\"k\"} 2\nc{zone=\"\"} 3\n");
        assertThat(scenario.values("a", "zone", "z", "exported_job", "x", "exported_instance", "y"))
                .containsExactly("1");
        assertThat(scenario.values("b", "zone", "z", "exported_job", "k", "exported_exported_job", "x"))
                .containsExactly("2");
        assertThat(scenario.values("c", "zone", "z")).containsExactly("3");
    }

    @Test
    void honorsLabelsWhereToldTo() {
        scenario.apply(job().target("a:1", "zone", "z").honorLabels())
                .scrape("a{job=\"x\",instance=\"y\"} 1\nc{zone=\"\"} 3\nd 4\n");
        assertThat(scenario.values("a", "zone", "z", "job", "x", "instance", "y"))
                .containsExactly("1");
        assertThat(scenario.values("c")).containsExactly("3");
        assertThat(scenario.values("d", "zone", "z")).containsExactly("4");
    }

    @Test
    void relabelsMetrics() {
        RelabelConfig drop =
                new RelabelConfig(List.of("__name__"), ";", RelabelPattern.of("b.*"), 0, "", "$1", RelabelAction.DROP);
        scenario.apply(job().target("a:1").metricRelabel(drop, RelabelConfig.replace(List.of("x"), "(.+)", "y", "$1-")))
                .scrape("a{x=\"1\"} 1\nb 2\n")
                .scrape("a{x=\"1\"} 3\nb 2\n");
        assertThat(scenario.values("a", "x", "1", "y", "1-")).containsExactly("1", "3");
        assertThat(scenario.storage.series())
                .noneMatch(labels -> labels.metricName().equals("b"));
        assertThat(scenario.values("scrape_samples_scraped")).containsExactly("2", "2");
        assertThat(scenario.values("scrape_samples_post_metric_relabeling")).containsExactly("1", "1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"\",b=\"c\"} 1|missing metric name (__name__ label)",
                "a{\"\"=\"c\"} 1|invalid metric name or label names: a label name is empty",
                "a{b=\"c\",b=\"d\"} 1|label name \"b\" is not unique: invalid sample",
                "a{__name__=\"b\"} 1|label name \"__name__\" is not unique: invalid sample",
            })
    void refusesSeriesThatCannotBe(String line, String error) {
        scenario.apply(job().target("a:1")).scrape("ok 1\n" + line + "\n");
        assertThat(scenario.target().lastError()).isEqualTo(error);
        assertThat(scenario.values("ok")).isEmpty();
        assertThat(scenario.values("scrape_samples_scraped")).containsExactly("2");
        assertThat(scenario.values("scrape_samples_post_metric_relabeling")).containsExactly("1");
    }

    @Test
    void treatsAnEmptyValueAsNoLabel() {
        scenario.apply(job().target("a:1")).scrape("a{b=\"c\",b=\"\"} 1\n");
        assertThat(scenario.values("a")).containsExactly("1");
    }

    @Test
    void looksUpNothingWhileATargetSaysTheSame() {
        String body = "# HELP a x\n# TYPE a gauge\na{b=\"c\"} 1\na{b=\"d\"} 2\n";
        scenario.apply(job().target("a:1")).scrape(body);
        int lookups = scenario.storage.lookups();
        scenario.scrape(body).scrape(body.replace("1\n", "3\n"));
        assertThat(scenario.storage.lookups()).isEqualTo(lookups);
        // Moved, removed and changed comments need no labels either.
        scenario.scrape("a{b=\"d\"} 2\n# HELP a y\na{b=\"c\"} 1\n");
        assertThat(scenario.storage.lookups()).isEqualTo(lookups);
        assertThat(scenario.values("a", "b", "c")).containsExactly("1", "1", "3", "1");
    }

    @Test
    void resolvesLabelsAnewWhenTheStorageHasForgottenThem() {
        scenario.apply(job().target("a:1")).scrape("a 1\nb 2\n");
        scenario.storage.forgetReferences();
        scenario.scrape("a 3\nb 4\n").scrape("a 5\n");
        assertThat(scenario.values("a")).containsExactly("1", "3", "5");
        assertThat(scenario.values("b")).containsExactly("2", "4", "stale");
        assertThat(scenario.values("up")).containsExactly("1", "1", "1");
    }

    @Test
    void failsTheScrapeWhenThereIsNoMemoryForMoreSeries() {
        scenario.apply(job().target("a:1")).scrape("a 1\n");
        scenario.storage.limitSeries(6);
        scenario.scrape("a 1\nb 1\n");
        assertThat(scenario.values("up")).containsExactly("1", "0");
        assertThat(scenario.target().lastError()).isEqualTo("no memory for more than 6 series");
    }

    @Test
    void goesOnWhenTheStorageIsFullForAWhile() {
        scenario.apply(job().target("a:1"));
        scenario.storage.full(true);
        scenario.scrape("a 1\n");
        scenario.storage.full(false);
        scenario.scrape("a 2\n");
        assertThat(scenario.values("a")).containsExactly("2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404|text/plain|''|server returned HTTP status 404 Not Found",
                "503|text/plain|''|server returned HTTP status 503 Service Unavailable",
                "200|''|''|non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target",
                "200|text/html|''|received unsupported Content-Type \"text/html\" and no fallback_scrape_protocol specified for target; accepted are text/plain, application/openmetrics-text and application/vnd.google.protobuf",
                "200|application/openmetrics-text; version=2.0.0|''|received OpenMetrics 2.0 Content-Type \"application/openmetrics-text; version=2.0.0\", but the openmetrics2 feature flag is not enabled and no fallback_scrape_protocol specified for target",
                "200|text/plain|gzip|gzip: body is cut off",
            })
    void saysWhyAnAnswerCannotBeRead(int status, String type, String encoding, String error) {
        scenario.apply(job().target("a:1"));
        scenario.client.serve(URL, new HttpAnswer(status, type, encoding), "a 1\n".getBytes(StandardCharsets.UTF_8));
        scenario.pass();
        assertThat(scenario.target().lastError()).isEqualTo(error);
        assertThat(scenario.values("up")).containsExactly("0");
    }

    @Test
    void aSeriesIsAddedOnceThoughALineOfItHasATimestamp() {
        scenario.apply(job().target("a:1"));
        scenario.scrape("a 1\na 2\na 3 " + (scenario.scheduler.clock().millis() - 1000) + "\n");
        assertThat(scenario.values("scrape_series_added")).containsExactly("1");
    }

    @Test
    void nothingAtAllMakesSeriesStaleButNotForgotten() {
        scenario.apply(job().target("a:1"));
        scenario.scrape("a 1\nb 2\n").scrape("").scrape("a 3\nc 4\n");
        assertThat(scenario.values("a")).containsExactly("1", "stale", "3");
        assertThat(scenario.values("b")).containsExactly("2", "stale");
        assertThat(scenario.values("up")).containsExactly("1", "1", "1");
        assertThat(scenario.values("scrape_series_added")).containsExactly("2", "0", "1");
        scenario.client.serve(URL, new HttpAnswer(200, "application/openmetrics-text", ""), new byte[0]);
        scenario.pass();
        assertThat(scenario.values("up")).containsExactly("1", "1", "1", "1");
        assertThat(scenario.values("c")).containsExactly("4", "stale");
    }

    @Test
    void saysWhatIsWrongWithAContentType() {
        scenario.apply(job().target("a:1"));
        byte[] body = "a 1\n".getBytes(StandardCharsets.UTF_8);
        scenario.client.serve(URL, new HttpAnswer(200, "text/plain; version", ""), body);
        scenario.pass();
        assertThat(scenario.target().lastError())
                .isEqualTo(
                        "cannot parse Content-Type \"text/plain; version\" and no fallback_scrape_protocol for target\n"
                                + "mime: invalid media parameter");
    }

    @Test
    void takesAnyOtherCodingForNone() {
        scenario.apply(job().target("a:1"));
        HttpAnswer answer = new HttpAnswer(200, "text/plain", "br");
        scenario.client.serve(URL, answer, "a 1\n".getBytes(StandardCharsets.UTF_8));
        scenario.pass();
        assertThat(scenario.values("a")).containsExactly("1");
        scenario.client.serve(URL, answer, "{{{\n".getBytes(StandardCharsets.UTF_8));
        scenario.pass();
        assertThat(scenario.target().lastError())
                .startsWith("line 1: ")
                .endsWith("; the target names the Content-Encoding \"br\", and only gzip is unpacked");
    }

    @Test
    void ownSeriesLoseTheLabelThatAConflictWouldBeKeptIn() {
        scenario.apply(job().target("a:1", "exported_job", "t", "a", "1", "exported_a", "2"));
        scenario.scrape("a 1\n");
        assertThat(scenario.values("up", "a", "1", "exported_a", "2")).containsExactly("1");
        assertThat(scenario.values("a", "a", "1", "exported_a", "2", "exported_job", "t"))
                .containsExactly("1");
    }

    @Test
    void unpacksGzip() {
        scenario.apply(job().target("a:1"));
        scenario.client.serve(URL, gzip("a 1\nb 2\n".getBytes(StandardCharsets.UTF_8)), "gzip");
        scenario.pass();
        assertThat(scenario.values("b")).containsExactly("2");
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void refusesABodyAsLargeAsTheLimit(boolean packed) {
        byte[] body = ("# " + "x".repeat(93) + "\na 1\n").getBytes(StandardCharsets.UTF_8);
        scenario.client.serve(URL, packed ? gzip(body) : body, packed ? "gzip" : "");
        scenario.apply(job().target("a:1").bodySizeLimit(body.length + 1)).pass();
        assertThat(scenario.values("a")).containsExactly("1");
        scenario.apply(job().target("a:1").bodySizeLimit(body.length)).pass();
        assertThat(scenario.values("up")).containsExactly("1", "0");
        assertThat(scenario.target().lastError()).startsWith("body size limit exceeded");
    }

    @Test
    void marksSeriesOfARemovedTargetStaleTwoIntervalsLater() {
        scenario.apply(job().target("a:1")).scrape("a 1\n");
        scenario.apply(job());
        scenario.pass();
        assertThat(scenario.values("a")).containsExactly("1");
        scenario.pass().pass();
        assertThat(scenario.values("a")).containsExactly("1", "stale");
        assertThat(scenario.values("up")).containsExactly("1", "stale");
        List<Long> times = List.copyOf(scenario.storage
                .samples(Labels.of("__name__", "a", "job", "j", "instance", "a:1"))
                .keySet());
        assertThat(times.getLast() - times.getFirst()).isEqualTo(INTERVAL.toMillis());
        assertThat(scenario.scheduler.pending()).isZero();
    }

    @Test
    void doesNotDisturbATargetThatComesBackAtOnce() {
        scenario.apply(job().target("a:1")).scrape("a 1\n");
        scenario.apply(job());
        scenario.apply(job().target("a:1"));
        scenario.pass().pass().pass().pass();
        assertThat(scenario.values("a")).containsOnly("1").hasSize(5);
    }

    @Test
    void leavesSeriesAsTheyAreWhenTheServerStops() {
        scenario.apply(job().target("a:1")).scrape("a 1\n");
        scenario.manager.close();
        scenario.pass().pass().pass().pass();
        assertThat(scenario.values("a")).containsExactly("1");
        assertThat(scenario.scheduler.pending()).isZero();
    }

    @Test
    void dropsAScrapeThatEndsAfterTheStop() {
        scenario.client.serve(URL, "a 1\n").whileFetching(scenario.manager::close);
        scenario.apply(job().target("a:1")).pass();
        assertThat(scenario.values("a")).isEmpty();
        assertThat(scenario.values("up")).isEmpty();
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
