// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.http.BufferPool;
import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of bodies of all formats, real, written and damaged, served to a real Prometheus and ingested here: the same
 * decision on each, the same series, floats, native histograms, explicit timestamps, exemplars, metadata and counts. One
 * round of scrapes takes them all. {@code -Dfuzz.bodies=} says how many damaged ones there are of each format, and takes
 * other ones in each run; so does {@code -Dtest.seed=}.
 */
class ExpositionDifferentialIT {
    private static final long DAILY_SEED = -8361201129815056556L;
    /** Bodies that one Prometheus scrapes; its answers of many more take longer than a request may. */
    private static final int AT_ONCE = 5000;

    private static final int DAMAGED = Integer.getInteger("fuzz.bodies", 1700);
    /**
     * What real ones answered: node, mysqld (MariaDB 10.11), redis (7.0) and haproxy (2.6) exporters of Debian, a Flask
     * app with the official Python client, and a Spring Boot app with Micrometer.
     */
    private static final List<String> EXPORTERS = List.of("node", "mysqld", "redis", "haproxy", "flask", "spring");

    /** A body in some thousands may still differ, and is no news to whoever builds: other seeds are asked for. */
    private final Random random = Integer.getInteger("fuzz.bodies") == null && Long.getLong(Seed.PROPERTY) == null
            ? new Seed(DAILY_SEED).random()
            : Seed.of(ExpositionDifferentialIT.class).random();

    @TempDir
    private Path directory;

    private static List<ExposedBody> texts(Random random, int damaged) throws IOException {
        List<ExposedBody> bodies = new ArrayList<>();
        long nowMs = WallClock.system().millis();
        for (byte[] body : ExpositionCorpus.bodies(random, damaged / 2)) {
            bodies.add(ExposedBody.text(body));
        }
        for (byte[] body : RandomExpositions.bodies(random, false, damaged / 2, nowMs)) {
            bodies.add(ExposedBody.text(body));
        }
        for (byte[] body : OpenMetricsCorpus.bodies(random, damaged / 2)) {
            bodies.add(openMetrics(random, body));
        }
        for (byte[] body : RandomExpositions.bodies(random, true, damaged / 2, nowMs)) {
            bodies.add(openMetrics(random, body));
        }
        for (String exporter : EXPORTERS) {
            bodies.add(ExposedBody.text(exporter(exporter + ".prom.txt")));
        }
        for (String speaking : List.of("flask", "spring")) {
            bodies.add(ExposedBody.openMetrics("1.0.0", exporter(speaking + ".om.txt")));
        }
        return bodies;
    }

    private static ExposedBody openMetrics(Random random, byte[] body) {
        return ExposedBody.openMetrics(random.nextBoolean() ? "1.0.0" : "0.0.1", body);
    }

    private static byte[] exporter(String file) throws IOException {
        return ExpositionCorpus.resource("exporters/" + file);
    }

    private static List<ExposedBody> messages(Random random, int damaged, long nowMs) throws IOException {
        List<ExposedBody> bodies = new ArrayList<>();
        for (byte[] body : ProtobufCorpus.bodies(random, damaged, nowMs / 1000)) {
            bodies.add(ExposedBody.message(body));
        }
        for (String exporter : EXPORTERS) {
            if (!exporter.equals("flask")) {
                bodies.add(ExposedBody.message(exporter(exporter + ".pb")));
            }
        }
        return bodies;
    }

    @Test
    void makesOfEveryTextWhatPrometheusMakesOfIt() throws IOException {
        compare(texts(random, DAMAGED), IngestRules.DEFAULT, "", this::oldest);
    }

    @Test
    void makesOfEveryMessageWhatTheNewestPrometheusMakesOfIt() throws IOException {
        compare(
                messages(random, DAMAGED, WallClock.system().millis()),
                IngestRules.DEFAULT.withHistograms(true, false, false),
                "  scrape_native_histograms: true\n",
                this::newest);
    }

    @Test
    void convertsClassicHistogramsAsTheNewestPrometheusDoes() throws IOException {
        long nowMs = WallClock.system().millis();
        List<ExposedBody> bodies = new ArrayList<>(HistogramTexts.bodies(random, DAMAGED / 2, nowMs / 1000));
        bodies.addAll(messages(random, DAMAGED / 2, nowMs));
        boolean keep = random.nextBoolean();
        compare(
                bodies,
                IngestRules.DEFAULT.withHistograms(false, keep, true),
                "  convert_classic_histograms_to_nhcb: true\n  always_scrape_classic_histograms: " + keep + "\n",
                this::newest);
    }

    @Test
    void makesHistogramsCoarserAsTheNewestPrometheusDoes() throws IOException {
        compare(
                messages(random, DAMAGED / 4, WallClock.system().millis()),
                IngestRules.DEFAULT.withHistograms(true, true, false).withBuckets(2, 1.5),
                """
                scrape_native_histograms: true
                always_scrape_classic_histograms: true
                native_histogram_bucket_limit: 2
                native_histogram_min_bucket_factor: 1.5
                """.indent(2),
                this::newest);
    }

    /** The one that is everywhere; the newest one with {@code -Dfuzz.newest=true}. */
    private PeerProcess oldest(String configuration, String... flags) throws IOException {
        return Boolean.getBoolean("fuzz.newest")
                ? newest(configuration, flags)
                : PeerProcess.prometheus(configuration, nextDirectory(), flags);
    }

    private PeerProcess newest(String configuration, String... flags) throws IOException {
        Optional<Path> built = Peers.newestPrometheus();
        Assumptions.assumeTrue(built.isPresent(), "no newest Prometheus here; e2e/peers --newest builds one");
        return PeerProcess.prometheus(built.orElseThrow(), configuration, nextDirectory(), flags);
    }

    /** For the data of one Prometheus only: each has other bodies of the same numbers. */
    private Path nextDirectory() throws IOException {
        return Files.createTempDirectory(directory, "peer");
    }

    private static void compare(
            List<ExposedBody> bodies, IngestRules rules, String options, PeerBodyResults.Start start)
            throws IOException {
        List<String> differences = new ArrayList<>();
        int accepted = 0;
        for (int from = 0; from < bodies.size(); from += AT_ONCE) {
            List<ExposedBody> some = bodies.subList(from, Math.min(bodies.size(), from + AT_ONCE));
            accepted += compare(some, rules, options, start, differences);
        }
        assertThat(differences)
                .as(differences.size() + " of " + bodies.size() + " bodies with another result")
                .isEmpty();
        assertThat(accepted).isBetween(bodies.size() / 5, bodies.size() * 9 / 10);
    }

    /** Gives how many were accepted. */
    private static int compare(
            List<ExposedBody> bodies,
            IngestRules rules,
            String options,
            PeerBodyResults.Start start,
            List<String> differences)
            throws IOException {
        long aroundMs = WallClock.system().millis();
        List<BodyResult> expected = PeerBodyResults.of(bodies, options, aroundMs, start);
        long nowMs = WallClock.system().millis();
        int accepted = 0;
        try (ScrapeWorkspace work = new ScrapeWorkspace(new BufferPool(1 << 20), 1)) {
            for (int i = 0; i < bodies.size(); i++) {
                BodyResult actual = BodyResult.of(work, bodies.get(i), rules, i, nowMs, aroundMs);
                BodyResult real = expected.get(i);
                accepted += real.up() ? 1 : 0;
                actual.settle(real, bodies.get(i).format);
                if (!actual.equals(real)) {
                    differences.add(bodies.get(i) + "\n" + actual.difference(real));
                }
            }
        }
        return accepted;
    }
}
