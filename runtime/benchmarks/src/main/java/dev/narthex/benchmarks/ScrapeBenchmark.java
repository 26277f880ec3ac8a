// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.discovery.DiscoveryManager;
import dev.narthex.discovery.fixed.StaticDiscoverer;
import dev.narthex.http.HttpAnswer;
import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Scheduler;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.model.time.Ticker;
import dev.narthex.scrape.ScrapeManager;
import dev.narthex.scrape.ScrapeSettings;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appendable;
import dev.narthex.storage.Appender;
import dev.narthex.tsdb.Tsdb;
import dev.narthex.tsdb.TsdbConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whole scrapes of a target of 1,000 series, without the network: body into the buffer, lines compared, numbers read,
 * samples appended and committed. Wall and thread time for each line. Going nowhere, in their old places, comparing and
 * reading took 20 ns of thread time a line of 122 bytes (2 shared vCPU EPYC, Temurin 25, best of 60 runs).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScrapeBenchmark {
    static final int LINES = 1_000;

    /** Where the samples go: nowhere, or into the head and its log. */
    @Param({"nowhere", "tsdb"})
    String storage = "nowhere";

    /** What the target answers in: text, openmetrics or protobuf. */
    @Param({"text", "openmetrics", "protobuf"})
    String format = "text";

    /**
     * Where the series stand: in place, where they stood the scrape before; moved, elsewhere and so found by a hash; new, of
     * those that are not in the scrape before, whose labels are made.
     */
    @Param({"in place", "moved", "new"})
    String series = "in place";

    private final OneTaskScheduler time = new OneTaskScheduler();
    private final Appends appends = new Appends();
    private byte[][] bodies = {};
    private int scrapes;
    private SystemScheduler scheduler;
    private Path directory;
    private Tsdb tsdb;
    private DiscoveryManager discovery;
    private ScrapeManager manager;

    @Setup
    public void open() throws IOException {
        bodies = ScrapeBodies.of(format, series, LINES);
        scheduler = new SystemScheduler("benchmark");
        directory = Files.createTempDirectory("narthex-benchmark");
        tsdb = Tsdb.open(TsdbConfig.defaults(
                directory,
                new LocalFiles(),
                scheduler,
                new MemoryAccount(Runtime.getRuntime().maxMemory())));
        String contentType = ScrapeBodies.contentType(format);
        Appendable target = storage.equals("tsdb") ? tsdb : () -> appends;
        StaticDiscoveryConfig targets =
                new StaticDiscoveryConfig(List.of(new StaticTargets(List.of("a:1"), Labels.EMPTY)));
        discovery = new DiscoveryManager(time, _ -> new StaticDiscoverer(targets));
        manager = new ScrapeManager(
                target,
                discovery,
                time,
                (_, into) -> {
                    into.add(ByteBuffer.wrap(bodies[scrapes++ % bodies.length]));
                    return new HttpAnswer(200, contentType, "");
                },
                ScrapeSettings.of("benchmark", 1));
        manager.apply(List.of(ScrapeConfig.of("j", GlobalConfig.DEFAULT).withDiscovery(targets)), GlobalConfig.DEFAULT);
        while (!health().equals("up")) {
            time.runNext();
        }
    }

    @TearDown
    public void close() throws IOException {
        manager.close();
        discovery.close();
        tsdb.close();
        scheduler.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** One scrape. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void scrape(ThreadTime cpu) {
        time.runNext();
        cpu.lines += LINES;
    }

    /** CPU time of the thread that scrapes, in an iteration; what others do on the machine does not lengthen it. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class ThreadTime {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        private long startNanos;
        private long lines;

        @Setup(Level.Iteration)
        public void begin() {
            startNanos = THREADS.getCurrentThreadCpuTime();
            lines = 0;
        }

        /** In this iteration; the summary that JMH prints at the end is the sum of the iterations. */
        public double cpuNanosPerLine() {
            return lines == 0 ? 0 : (THREADS.getCurrentThreadCpuTime() - startNanos) / (double) lines;
        }
    }

    /** How the target is, for the test. */
    String health() {
        return manager.activeTargets().getFirst().health().text();
    }

    /** Samples that went nowhere. */
    long appended() {
        return appends.samples;
    }

    /** Runs waiting tasks in order, the clock jumping to when each is due. */
    private static final class OneTaskScheduler implements Scheduler {
        private record Waiting(Instant due, Runnable task) {}

        private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
        private Instant now = Instant.ofEpochMilli(1_767_225_600_000L);

        @Override
        public InstantSource clock() {
            return () -> now;
        }

        @Override
        public Ticker ticker() {
            return () -> 0;
        }

        @Override
        public Task schedule(Duration delay, Runnable task) {
            Waiting entry = new Waiting(now.plus(delay), task);
            waiting.addLast(entry);
            return () -> waiting.remove(entry);
        }

        void runNext() {
            Waiting next = waiting.removeFirst();
            now = next.due.isAfter(now) ? next.due : now;
            next.task.run();
        }
    }

    /** Accepts everything, keeps nothing. */
    private static final class Appends implements Appender {
        private long series;
        private long samples;

        @Override
        public long series(Labels labels) {
            return ++series;
        }

        @Override
        public AppendResult append(long seriesRef, long timestampMs, double value) {
            samples++;
            return AppendResult.ACCEPTED;
        }

        @Override
        public void commit() {}

        @Override
        public void rollback() {}

        @Override
        public void close() {}
    }
}
