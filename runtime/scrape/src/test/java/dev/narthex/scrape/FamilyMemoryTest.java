// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.exposition.ExpositionException;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.http.BufferPool;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.storage.Appender;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is known of metric families after each of several scrapes of one target, as a Prometheus 3.15 showed it. */
class FamilyMemoryTest {
    private static final Labels TARGET = Labels.of("instance", "a:1", "job", "j");
    private static final String A = "# HELP a x\n# TYPE a counter\na 1\n";
    private static final String B = "b 1\n";
    private static final String BAD = "bad{\n";
    /** No answer, or one with another status. */
    private static final String FAILED = "failed";

    private static final String AS_OPEN_METRICS = "# EOF\n";

    private final MemoryStorage storage = new MemoryStorage();
    private final ScrapeWorkspace work = new ScrapeWorkspace(new BufferPool(1 << 20), 1);
    private final SampleIngester ingester = new SampleIngester(
            new SeriesLabeler(
                    new Target(
                            TARGET,
                            TARGET,
                            TARGET,
                            URI.create("http://a:1"),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(1)),
                    ScrapeConfig.of("j", GlobalConfig.DEFAULT)),
            IngestRules.DEFAULT);

    /** @param shown what is known, each time that it changes, behind the number of the scrape */
    record Script(List<String> bodies, List<String> shown) {}

    static List<Script> scripts() {
        String whole = "# HELP a_s x\n# UNIT a_s s\n# TYPE a_s gauge\na_s 1\n" + AS_OPEN_METRICS;
        return List.of(
                script(bodies(1, A, 12, B), "1: a=counter  x", "12: "),
                script(bodies(1, A, 13, "# HELP a y\na 1\n"), "1: a=counter  x", "2: a=counter  y"),
                script(bodies(1, A, 1, "# TYPE a gauge\na 1\n", 12, B), "1: a=counter  x", "2: a=gauge  x", "13: "),
                script(bodies(1, A, 13, "# HELP a y\nbad{\n"), "1: a=counter  x", "2: a=counter  y"),
                script(bodies(1, A, 1, B, 8, BAD, 4, B), "1: a=counter  x", "12: "),
                script(bodies(1, A, 15, FAILED, 3, B), "1: a=counter  x", "17: "),
                script(bodies(1, A, 30, ""), "1: a=counter  x"),
                script(bodies(1, A, 14, "", 3, B), "1: a=counter  x", "16: "),
                script(bodies(1, A, 30, BAD), "1: a=counter  x"),
                script(bodies(1, A, 14, BAD, 1, A, 13, B), "1: a=counter  x", "27: "),
                script(bodies(1, A, 3, A + "bad", 13, B), "1: a=counter  x", "15: "),
                script(bodies(1, "# TYPE a counter\na{\n", 13, B), "1: a=counter  ", "12: "),
                script(bodies(1, "# TYPE a counter\n# UNIT a s\n# EOF\n", 13, B), "1: a=counter  ", "12: "),
                script(bodies(1, "# HELP a x\n# TYPE a foo\n", 13, B), "1: a=unknown  x", "12: "),
                script(bodies(1, A, 3, "b 1\n# c\n", 6, B, 5, "c 1\n"), "1: a=counter  x", "12: "),
                script(
                        bodies(
                                1,
                                whole,
                                1,
                                "# TYPE a_s counter\na_s 1\n" + AS_OPEN_METRICS,
                                1,
                                "# UNIT a_s \na_s 1\n# HELP a_s \n" + AS_OPEN_METRICS,
                                14,
                                B),
                        "1: a_s=gauge s x",
                        "2: a_s=counter s x",
                        "3: a_s=counter  ",
                        "14: "),
                script(bodies(1, whole, 13, "# HELP a_s y\n"), "1: a_s=gauge s x", "2: a_s=gauge s y"));
    }

    private static Script script(List<String> bodies, String... shown) {
        return new Script(bodies, List.of(shown));
    }

    /** How often and what, in turns. */
    private static List<String> bodies(Object... timesAndBodies) {
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < timesAndBodies.length; i += 2) {
            bodies.addAll(Collections.nCopies((Integer) timesAndBodies[i], timesAndBodies[i + 1].toString()));
        }
        return bodies;
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void showsWhatPrometheusShows(Script script) throws IOException {
        List<String> shown = new ArrayList<>();
        String before = "";
        for (int i = 1; i <= script.bodies.size(); i++) {
            scrape(script.bodies.get(i - 1), 1000L * i);
            String now = text(ingester.metadata());
            assertThat(ingester.metadataSize()).isEqualTo(MetadataSize.of(ingester.metadata()));
            if (!now.equals(before)) {
                shown.add(i + ": " + now);
                before = now;
            }
        }
        assertThat(shown).isEqualTo(script.shown);
    }

    private static String text(Map<String, Metadata> families) {
        List<String> texts = new ArrayList<>();
        new TreeMap<>(families)
                .forEach((family, metadata) -> texts.add(
                        family + "=" + metadata.type().text() + " " + metadata.unit() + " " + metadata.help()));
        return String.join(", ", texts);
    }

    private void scrape(String body, long timeMs) throws IOException {
        if (body.equals(FAILED)) {
            try (Appender appender = storage.appender()) {
                ingester.markStale(appender, timeMs);
                appender.commit();
            }
            return;
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        ExpositionFormat format =
                body.endsWith(AS_OPEN_METRICS) ? ExpositionFormat.OPEN_METRICS : ExpositionFormat.TEXT;
        try (Appender appender = storage.appender()) {
            ingester.ingest(work, format, bytes, bytes.length, appender, timeMs);
            appender.commit();
        } catch (ExpositionException _) {
            try (Appender appender = storage.appender()) {
                ingester.markFailed(appender, timeMs);
                appender.commit();
            }
        }
    }
}
