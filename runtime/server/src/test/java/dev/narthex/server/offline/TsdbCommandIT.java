// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLine;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.tsdb.Tsdb;
import dev.narthex.tsdb.TsdbConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code narthex tsdb} beside the real promtool, on the same directories. */
class TsdbCommandIT extends PromtoolComparison {
    private static final String IDLE = "global: {scrape_interval: 1h}\n";

    @TempDir
    private Path directory;

    /** Blocks and a log of ours: floats and staleness markers, histograms of both bucket schemes, odd label values. */
    private Path ourDirectory() throws IOException {
        Path data = directory.resolve("data");
        long nowMs = scheduler.clock().millis();
        TsdbConfig config = TsdbConfig.defaults(data, new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE));
        try (Tsdb tsdb = Tsdb.open(config)) {
            for (int i = 9 * 60; i >= 0; i--) {
                try (Appender appender = tsdb.appender()) {
                    long t = nowMs - 60_000L * i;
                    for (int s = 0; s < 12; s++) {
                        if (i < 300 || s < 7) {
                            Labels labels = Labels.of("__name__", "m" + s % 3, "s", "ü\t\"" + s);
                            appender.append(
                                    appender.series(labels), t, i % 50 == 0 ? StalenessMarker.VALUE : i * 1e5 / 7 + s);
                        }
                    }
                    appender.append(appender.series(Labels.of("__name__", "h")), t, exponential(540 - i));
                    appender.append(appender.series(Labels.of("__name__", "hc")), t, custom(540 - i));
                    appender.commit();
                }
                if (i % 60 == 0) {
                    tsdb.maintain();
                }
            }
            tsdb.maintain();
            assertThat(tsdb.blocks()).isNotEmpty();
        }
        return data;
    }

    private static IntegerHistogram exponential(int n) {
        HistogramLayout layout = HistogramLayout.exponential(
                1, 0.001, List.of(new BucketSpan(0, 2), new BucketSpan(1, 1)), List.of(new BucketSpan(0, 1)));
        return new IntegerHistogram(
                CounterResetHint.UNKNOWN, layout, 3L + 4L * n, 1L, 0.5 * n, new long[] {n, n + 1, n}, new long[] {n + 1
                });
    }

    private static IntegerHistogram custom(int n) {
        HistogramLayout layout = HistogramLayout.custom(List.of(0.1, 1.0, 10.0), List.of(new BucketSpan(0, 4)));
        return new IntegerHistogram(
                CounterResetHint.UNKNOWN, layout, 4L * n, 0L, n, new long[] {n, n, n, n}, new long[0]);
    }

    /** A Prometheus that has scraped itself, native histograms included; and a snapshot of it, which has a block. */
    private Path theirDirectory() throws IOException, InterruptedException {
        try (PeerProcess prometheus = PeerProcess.prometheus(
                IDLE, directory, "--web.enable-admin-api", "--enable-feature=native-histograms")) {
            String address = prometheus.uri().getAuthority();
            Files.writeString(
                    directory.resolve("prometheus.yml"),
                    "global: {scrape_interval: 100ms, scrape_timeout: 100ms}\nscrape_configs:\n- job_name: self\n"
                            + "  scrape_protocols: [PrometheusProto]\n"
                            + "  static_configs: [{targets: ['" + address + "']}]\n");
            prometheus.reload();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> prometheus
                            .get(
                                    "/api/v1/query?query=count_over_time(prometheus_http_request_duration_seconds%5B1m%5D)%3E5")
                            .body()
                            .contains("\"value\""));
            Files.writeString(directory.resolve("prometheus.yml"), IDLE);
            prometheus.reload();
            URI uri = prometheus.uri().resolve("/api/v1/admin/tsdb/snapshot");
            try (HttpClient client = HttpClient.newHttpClient()) {
                assertThat(client.send(
                                        HttpRequest.newBuilder(uri)
                                                .POST(HttpRequest.BodyPublishers.noBody())
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
        return directory.resolve("data");
    }

    @Test
    void ourDirectoriesAreListedAnalyzedAndDumpedAsByPromtool() throws IOException, InterruptedException {
        String data = ourDirectory().toString();
        assertSame("list", data);
        assertSame("list", "-r", data);
        assertSameAnalysis(data);
        assertSameAnalysis("--extended", data);
        assertSameAnalysis("--extended", "--match={__name__=~\"m.*\"}", data);
        assertSameAnalysis("--match=nothing", data);
        String first = lines(ours("list", data)).get(1).split(" ", 2)[0];
        assertSameAnalysis("--extended", data, first);
        assertSameSamples(data);
        assertSameSamples("--match={s=~'.*'}", data);
        assertSameSamples("--match=m1", "--match={__name__=~\"m1|h.*\"}", data);
        long nowMs = scheduler.clock().millis();
        assertSameSamples("--min-time=" + (nowMs - 20_000_000), "--max-time=" + (nowMs - 5_000_000), data);
    }

    /** In the churn of promtool 3.5.3, a pause between two chunks of a series counts as covered. */
    @Test
    void seriesThatPauseAreAnalyzedAsByPromtool() throws IOException, InterruptedException {
        StringBuilder exposition = new StringBuilder("# TYPE m gauge\n");
        for (int s = 0; s < 20; s++) {
            for (int i = 0; i < 137; i++) {
                int seconds = i < 117 ? 5 * i : 3000 + 100 * (i - 117); // a chunk ends before the pause
                exposition.append("m{s=\"" + s + "\"} " + i % 7 + " " + (1_795_953_600 + seconds) + "\n");
            }
        }
        Path in = Files.writeString(directory.resolve("in"), exposition + "# EOF\n");
        Path out = directory.resolve("out");
        ours("create-blocks-from", "openmetrics", in.toString(), out.toString());
        assertThat(lines(ours("list", out.toString()))).hasSize(2);
        assertSameAnalysis(out.toString());
    }

    @Test
    void samplesOutOfOrderAreDumpedAsByPromtool() throws IOException, InterruptedException {
        Path data = directory.resolve("data");
        long nowMs = scheduler.clock().millis();
        TsdbConfig config = TsdbConfig.defaults(data, new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                .with(c -> c.outOfOrderWindow = Duration.ofHours(3));
        try (Tsdb tsdb = Tsdb.open(config)) {
            try (Appender appender = tsdb.appender()) {
                appender.append(appender.series(Labels.of("__name__", "m", "s", "0")), nowMs, 1);
                appender.append(appender.series(Labels.of("__name__", "h")), nowMs, exponential(300));
                appender.commit();
            }
            for (int i = 1; i <= 200; i++) { // of each series so many that some are in head chunks
                try (Appender appender = tsdb.appender()) {
                    long t = nowMs - 30_000L * (i * 7 % 200 + 1);
                    for (int s = 0; s < 3; s++) {
                        appender.append(appender.series(Labels.of("__name__", "m", "s", Integer.toString(s))), t, i);
                    }
                    appender.append(appender.series(Labels.of("__name__", "h")), t, exponential(300 - i * 7 % 200));
                    appender.commit();
                }
            }
            tsdb.maintain();
            assertThat(tsdb.stats().outOfOrder().floatsAppended()).isGreaterThan(500);
            assertThat(tsdb.stats().headChunkBytes()).isGreaterThan(1000);
        }
        assertThat(data.resolve("wbl")).isDirectory();
        assertSameSamples(data.toString());
        assertSameSamples("--match={s='1'}", data.toString());
        assertSameSamples("--min-time=" + (nowMs - 4_000_000), "--max-time=" + (nowMs - 1_000_000), data.toString());
    }

    @Test
    void directoriesOfPrometheusAreListedAnalyzedAndDumpedAsByPromtool() throws IOException, InterruptedException {
        Path data = theirDirectory();
        assertSame("list", data.toString());
        assertSameSamples(data.toString());
        Path snapshot;
        try (Stream<Path> snapshots = Files.list(data.resolve("snapshots"))) {
            snapshot = snapshots.findFirst().orElseThrow();
        }
        Files.createDirectory(snapshot.resolve("wal")); // without one, promtool dumps nothing
        assertSame("list", "-r", snapshot.toString());
        assertSameAnalysis("--extended", snapshot.toString());
        assertSameSamples(snapshot.toString());
    }

    @Test
    void aDirectoryInUseIsDumpedAndLeftAlone() throws IOException, InterruptedException {
        Path data = ourDirectory();
        TsdbConfig config = TsdbConfig.defaults(data, new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE));
        try (Tsdb tsdb = Tsdb.open(config.with(b -> b.maintenanceInterval = Duration.ofDays(1)))) {
            try (Appender appender = tsdb.appender()) {
                appender.append(
                        appender.series(Labels.of("__name__", "new")),
                        scheduler.clock().millis(),
                        42);
                appender.commit();
            }
            List<String> before = tree(data);
            assertThat(lines(ours("dump", "--match=new", data.toString())))
                    .singleElement()
                    .asString()
                    .startsWith("{__name__=\"new\"} 42 ");
            assertThat(tree(data)).isEqualTo(before);
        }
    }

    private static List<String> tree(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.map(file -> file + " " + file.toFile().length())
                    .sorted()
                    .toList();
        }
    }

    /** Series with up to 120 samples a block, of all that OpenMetrics has. */
    private Path input() throws IOException {
        StringBuilder text = new StringBuilder("""
                # HELP c A counter.
                # TYPE c counter
                # TYPE h histogram
                h_bucket{le="1"} 1 1700000000 # {trace="x"} 2
                h_bucket{le="+Inf"} 3 1700000000.5
                h_count 3 1700000000
                h_created 1600000000 1700000000
                # TYPE c counter
                c_total{a="2",b="1"} +Inf 1700000001
                c_total{b="1",a="2"} NaN 1700000002.123
                {"odd.name","odd.label"="ü\\n\\"\\\\"} -1e-7 1700007200
                same 1 1700007199.999
                same 2 1700007199.999
                """);
        for (int s = 40; s > 0; s--) {
            for (int i = 0; i < 300; i++) {
                text.append("wide{s=\"" + s + "\",x=\"" + s % 7 + "\"} " + (s % 3 == 0 ? i / 7.0 : i) + " "
                        + (1700000000 + 60L * i + s) + "\n");
            }
        }
        return Files.writeString(directory.resolve("in.om"), text.append("# EOF\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2h", "6h", "20h"})
    void blocksOfSamplesEqualThoseOfPromtool(String duration) throws IOException, InterruptedException {
        Path in = input();
        Path mine = directory.resolve("ours");
        Path real = directory.resolve("theirs");
        CommandResult theirs = theirs(
                        "create-blocks-from",
                        "openmetrics",
                        "--max-block-duration=" + duration,
                        "--label=x=7",
                        "--label=more=a=b",
                        "--label=b=",
                        "--label=no=",
                        in.toString(),
                        real.toString())
                .assertSuccess();
        CommandResult ours = ours(
                        "create-blocks-from",
                        "openmetrics",
                        "--max-block-duration=" + duration,
                        "--label=x=7",
                        "--label=more=a=b",
                        "--label=b=",
                        "--label=no=",
                        in.toString(),
                        mine.toString())
                .assertSuccess();
        Files.createDirectory(mine.resolve("wal"));
        Files.createDirectory(real.resolve("wal"));
        assertThat(lines(theirs("dump", mine.toString())))
                .containsExactlyInAnyOrderElementsOf(lines(theirs("dump", real.toString())));
        if (duration.equals("2h")) {
            assertThat(withoutNames(ours.output())).isEqualTo(withoutNames(theirs.output()));
            List<Path> ourBlocks = blocks(mine);
            List<Path> theirBlocks = blocks(real);
            assertThat(ourBlocks).hasSameSizeAs(theirBlocks).hasSizeGreaterThan(2);
            for (int i = 0; i < ourBlocks.size(); i++) {
                for (String file : List.of("index", "chunks/000001", "tombstones")) {
                    assertThat(ourBlocks.get(i).resolve(file))
                            .hasSameBinaryContentAs(theirBlocks.get(i).resolve(file));
                }
                assertThat(withoutNames(Files.readString(ourBlocks.get(i).resolve("meta.json"))))
                        .isEqualTo(
                                withoutNames(Files.readString(theirBlocks.get(i).resolve("meta.json"))));
            }
        }
    }

    /** The ranges of the bars grow with the spread of the numbers: from 10 to 100 where it is 110. */
    @Test
    void barsOfAnalysisHaveTheRangesOfPromtool() throws IOException, InterruptedException {
        for (int most : new int[] {2, 11, 100, 101, 110, 111}) {
            StringBuilder text = new StringBuilder("a 1 1700000000\n");
            for (int i = 0; i < most; i++) {
                text.append("b " + i + " " + (1700000000 + 30 * i) + "\n");
            }
            Path in = Files.writeString(directory.resolve("in.om"), text.append("# EOF\n"));
            String out = directory.resolve("out" + most).toString();
            ours("create-blocks-from", "openmetrics", in.toString(), out).assertSuccess();
            assertSameAnalysis("--extended", out);
        }
    }

    @Test
    void aFileFarLargerThanWhatIsKeptInMemoryMakesTheSameBlocks() throws Exception {
        Path in = input();
        Path mine = directory.resolve("ours");
        Path few = directory.resolve("few");
        ours("create-blocks-from", "openmetrics", "-q", in.toString(), mine.toString())
                .assertSuccess();
        Command.CreateBlocks command = (Command.CreateBlocks)
                CommandLine.parse("tsdb", "create-blocks-from", "openmetrics", "-q", in.toString(), few.toString());
        new BlockCreation(new LocalFiles(), scheduler.clock(), _ -> {}, _ -> {}).run(command, 1);
        assertThat(lines(ours("dump", few.toString()))).isEqualTo(lines(ours("dump", mine.toString())));
        assertThat(blocks(few)).hasSameSizeAs(blocks(mine));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a 1\n# EOF\n",
                "a 1 10\n",
                "a 1 10\nb x 5\n# EOF\n",
                "a 1 10\n# EOF\na 2 10\n",
                "a{x=\"1\",x=\"2\"} 1 10\n# EOF\n"
            })
    void whatPromtoolRefusesIsRefused(String text) throws IOException, InterruptedException {
        String in = Files.writeString(directory.resolve("in.om"), text).toString();
        String out = directory.resolve("out").toString();
        assertThat(theirs("create-blocks-from", "openmetrics", in, out).exitCode())
                .isEqualTo(1);
        CommandResult ours = ours("create-blocks-from", "openmetrics", in, out);
        assertThat(ours.exitCode()).isEqualTo(1);
        assertThat(ours.errors()).isNotBlank();
    }

    @Test
    void whatIsOutOfOrderIsToldOf() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder("a 1 1700000100\na 2 1700000050\n");
        Path in = Files.writeString(directory.resolve("in.om"), text + "# EOF\n");
        Path out = directory.resolve("out");
        CommandResult ours = ours("create-blocks-from", "openmetrics", in.toString(), out.toString())
                .assertSuccess();
        CommandResult theirs = theirs(
                        "create-blocks-from",
                        "openmetrics",
                        in.toString(),
                        directory.resolve("real").toString())
                .assertSuccess();
        assertThat(withoutNames(ours.output())).isEqualTo(withoutNames(theirs.output()));
        assertThat(ours.errors()).contains("found 1; sort the samples");

        for (int i = 0; i < 6000; i++) {
            text.append("b{i=\"" + i + "\"} 1 1700000000\n");
        }
        Files.writeString(in, text.append("a 3 1700000060\n# EOF\n"));
        assertThat(theirs("create-blocks-from", "openmetrics", in.toString(), out.toString())
                        .exitCode())
                .isEqualTo(1);
        CommandResult failed = ours("create-blocks-from", "openmetrics", in.toString(), out.toString());
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.errors()).contains("out of order sample").contains("{__name__=\"a\"}");
    }

    @Test
    void badCommandLinesEndAsThoseOfPromtool() throws IOException, InterruptedException {
        String none = directory.resolve("none").toString();
        Path empty = Files.createDirectory(directory.resolve("empty"));
        for (String line : List.of(
                "list " + none,
                "list a b",
                "list --foo",
                "analyze " + none,
                "analyze " + empty,
                "analyze --limit=x " + empty,
                "analyze --match={ " + empty,
                "dump " + none,
                "dump --min-time=x " + empty,
                "dump --match={ " + empty,
                "dump-openmetrics " + none,
                "foo",
                "create-blocks-from",
                "create-blocks-from foo",
                "create-blocks-from openmetrics",
                "create-blocks-from openmetrics " + none,
                "create-blocks-from openmetrics --label=a " + none,
                "create-blocks-from openmetrics --max-block-duration=x " + none,
                "create-blocks-from openmetrics a b c")) {
            assertThat(theirs(line.split(" ")).exitCode()).as(line).isEqualTo(1);
            CommandResult ours = ours(line.split(" "));
            assertThat(ours.exitCode()).as(line).isEqualTo(1);
            assertThat(ours.output()).as(line).isEmpty();
            assertThat(ours.errors()).as(line).isNotBlank();
        }
        assertSame("list", empty.toString());
        for (String command :
                List.of("", "list", "analyze", "dump", "dump-openmetrics", "create-blocks-from openmetrics")) {
            assertThat(ours((command + " --help").strip().split(" ")).output()).startsWith("usage: narthex tsdb ");
        }
    }
}
