// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.discovery.DiscoveryManager;
import dev.narthex.discovery.standard.StandardDiscoverers;
import dev.narthex.http.BodyBuffer;
import dev.narthex.http.HttpAnswer;
import dev.narthex.http.HttpCall;
import dev.narthex.http.HttpFetcher;
import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.scrape.ScrapeManager;
import dev.narthex.scrape.ScrapeSettings;
import dev.narthex.testkit.time.ManualScheduler;
import dev.narthex.tsdb.Tsdb;
import dev.narthex.tsdb.TsdbConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty-four hours of scrapes at 15 seconds, of which a twentieth of the series is replaced by others every minute, on a
 * clock that the test drives: after the first hours neither memory nor disk grows. {@code -Dtest.day.targets=100} for more.
 */
class SimulatedDayIT {
    private static final int TARGETS = Integer.getInteger("test.day.targets", 5);
    private static final int SERIES_A_TARGET = 200;
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    /** Each series lives for twenty minutes, one twentieth ends each minute. */
    private static final int LIFE_MINUTES = 20;

    private static final Duration RETENTION = Duration.ofHours(6);

    /** Until then retention has not dropped anything, and blocks have not been merged. */
    private static final int WARM_UP_HOURS = 12;

    private static final int HOURS = 24;

    private static final Logger LOG = Logger.getLogger("dev.narthex");

    @TempDir
    private Path directory;

    private final ManualScheduler scheduler = new ManualScheduler();
    private final MemoryAccount memory = new MemoryAccount(1L << 30);

    /** Targets that answer from the clock alone. */
    private final class Targets implements HttpFetcher {
        private long scrapes;

        @Override
        public HttpFetcher configured(HttpClientConfig config) {
            return this;
        }

        @Override
        public HttpAnswer fetch(HttpCall request, BodyBuffer into) throws IOException {
            scrapes++;
            long minute = scheduler.clock().millis() / 60_000;
            StringBuilder body = new StringBuilder("# TYPE pod_work_total counter\n");
            for (int i = 0; i < SERIES_A_TARGET; i++) {
                long generation = (minute + i % LIFE_MINUTES) / LIFE_MINUTES;
                body.append("pod_work_total{container=\"app\",namespace=\"shop\",pod=\"frontend-")
                        .append(i)
                        .append('-')
                        .append(generation)
                        .append("\"} ")
                        .append(minute * (i + 1))
                        .append('\n');
            }
            into.add(ByteBuffer.wrap(body.toString().getBytes(StandardCharsets.UTF_8)));
            return new HttpAnswer(200, "text/plain; version=0.0.4", "");
        }
    }

    private record Size(int hour, long heapBytes, long accountBytes, long diskBytes) {}

    private Size size(int hour) throws IOException {
        System.gc();
        return new Size(
                hour, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), memory.bytes(), diskBytes());
    }

    private long diskBytes() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(SimulatedDayIT::fileBytes)
                    .sum();
        }
    }

    private static long fileBytes(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ScrapeConfig job() {
        List<String> addresses = IntStream.range(0, TARGETS)
                .mapToObj(i -> "10.0.0." + i + ":9100")
                .toList();
        return new ScrapeConfig(
                "pods",
                INTERVAL,
                INTERVAL,
                ScrapeConfig.DEFAULT_METRICS_PATH,
                ScrapeConfig.DEFAULT_SCHEME,
                Map.of(),
                false,
                true,
                0,
                0,
                List.of(new StaticDiscoveryConfig(List.of(new StaticTargets(addresses, Labels.EMPTY)))),
                List.of(),
                List.of());
    }

    @Test
    void aDayOfScrapesWithChangingSeriesTakesNoMoreMemoryOrDiskThanHalfOfOne() throws Exception {
        TsdbConfig config = TsdbConfig.defaults(directory, new LocalFiles(), scheduler, memory)
                .withRetention(RETENTION)
                .with(b -> b.staleSeriesThreshold = 0.3);
        Targets targets = new Targets();
        List<Size> sizes = new ArrayList<>();
        try (Tsdb tsdb = Tsdb.open(config);
                DiscoveryManager discovery =
                        new DiscoveryManager(scheduler, new StandardDiscoverers(scheduler, targets, "test"));
                ScrapeManager manager =
                        new ScrapeManager(tsdb, discovery, scheduler, targets, ScrapeSettings.of("test", 4711))) {
            manager.apply(List.of(job()), GlobalConfig.DEFAULT);
            for (int hour = 1; hour <= HOURS; hour++) {
                scheduler.advance(Duration.ofHours(1));
                assertThat(scheduler.failures()).isEmpty();
                sizes.add(size(hour));
            }
            assertThat(targets.scrapes).isGreaterThanOrEqualTo(TARGETS * (HOURS * 240L - 1));
            assertThat(tsdb.stats().head().samplesAppended()).isGreaterThan(targets.scrapes * SERIES_A_TARGET);
        }
        sizes.forEach(size -> System.out.printf(
                Locale.ROOT,
                "hour %2d: heap %5.1f MB, of it series %5.1f MB; disk %5.1f MB%n",
                size.hour,
                size.heapBytes / 1e6,
                size.accountBytes / 1e6,
                size.diskBytes / 1e6));
        List<Size> first = sizes.subList(0, WARM_UP_HOURS);
        List<Size> second = sizes.subList(WARM_UP_HOURS, HOURS);
        assertThat(most(second, Size::accountBytes)).isLessThan(1.1 * most(first, Size::accountBytes));
        assertThat(most(second, Size::heapBytes)).isLessThan(1.1 * most(first, Size::heapBytes));
        assertThat(most(second, Size::diskBytes)).isLessThan(1.3 * most(first, Size::diskBytes));
    }

    /** In tests nobody takes the lines of the log, and they are kept in memory. */
    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    private static double most(List<Size> sizes, ToLongFunction<Size> part) {
        return sizes.stream().mapToLong(part).max().orElseThrow();
    }
}
