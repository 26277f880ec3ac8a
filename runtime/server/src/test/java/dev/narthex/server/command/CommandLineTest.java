// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.server.command.ConfigurationOptions.OfFiles;
import dev.narthex.server.command.ConfigurationOptions.OfSecrets;
import dev.narthex.server.http.ListenAddress;
import dev.narthex.tsdb.wal.WalCompression;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    private static Command.Run run(String... flags) throws CommandLineException {
        return (Command.Run) CommandLine.parse(flags);
    }

    private static CommandLineException refusal(String... arguments) {
        return catchThrowableOfType(CommandLineException.class, () -> CommandLine.parse(arguments));
    }

    @Test
    void hasTheDefaultsOfPrometheus() throws CommandLineException {
        Command.Run run = run("run");

        assertThat(run.configuration()).isEqualTo(new OfFiles(Path.of("prometheus.yml"), null, Duration.ZERO));
        assertThat(run.server().addresses()).containsExactly(new ListenAddress("0.0.0.0", 9090));
        assertThat(run.server().dataDirectory()).isEqualTo(Path.of("data"));
        assertThat(run.server().retention()).isEqualTo(Duration.ofDays(15));
        assertThat(run.server().queryTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(run.server().lookbackDelta()).isEqualTo(Duration.ofMinutes(5));
        assertThat(run.server().maxSamples()).isEqualTo(50_000_000);
        assertThat(run.server().maxConcurrency()).isEqualTo(20);
        assertThat(run.server().lifecycleApi()).isFalse();
    }

    @Test
    void takesACommandLineOfPrometheusAsItIs() throws CommandLineException {
        Command.Run run = run(
                "--config.file=/etc/prometheus/prometheus.yml",
                "--storage.tsdb.path",
                "/prometheus",
                "--web.console.libraries=/usr/share/prometheus/console_libraries",
                "--web.listen-address=:1",
                "--web.listen-address=:2",
                "--web.enable-lifecycle",
                "--query.max-samples=5e7");

        assertThat(run.configuration())
                .isEqualTo(new OfFiles(Path.of("/etc/prometheus/prometheus.yml"), null, Duration.ZERO));
        assertThat(run.server().dataDirectory()).isEqualTo(Path.of("/prometheus"));
        assertThat(run.server().addresses()).containsExactly(new ListenAddress("", 1), new ListenAddress("", 2));
        assertThat(run.server().lifecycleApi()).isTrue();
        assertThat(run.withoutEffect()).containsExactly("web.console.libraries");
    }

    @Test
    void switchesOffWithNo() throws CommandLineException {
        assertThat(run("--no-web.enable-lifecycle").server().lifecycleApi()).isFalse();
        assertThat(run("--no-web.enable-admin-api").server().lifecycleApi()).isFalse();
    }

    @Test
    void aLimitOfBytesAloneIsALimitOfBytesOnly() throws CommandLineException {
        assertThat(run("--storage.tsdb.retention.size=512MB").server().retentionBytes())
                .isEqualTo(512L << 20);
        assertThat(run("--storage.tsdb.retention.size=512MB").server().retention())
                .isGreaterThan(Duration.ofDays(3650));
        assertThat(run("--storage.tsdb.retention.size=1GB", "--storage.tsdb.retention.time=3d")
                        .server()
                        .retention())
                .isEqualTo(Duration.ofDays(3));
        assertThat(run("--log.level=info").server().retentionBytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void featuresAreNamedAsInPrometheus() throws CommandLineException {
        FeatureFlags features = run("--enable-feature=promql-experimental-functions,exemplar-storage,nope")
                .server()
                .features();

        assertThat(features.promql()).containsExactly(PromqlFeature.EXPERIMENTAL_FUNCTIONS);
        assertThat(features.withoutEffect()).containsExactly("enable-feature=nope");
        assertThat(features.startTimestampZeros()).isFalse();
        assertThat(features.metadataRecords()).isFalse();
        features = run("--enable-feature=created-timestamp-zero-ingestion,metadata-wal-records")
                .server()
                .features();
        assertThat(features.startTimestampZeros()).isTrue();
        assertThat(features.metadataRecords()).isTrue();
        assertThat(features.startTimestamps()).isFalse();
        assertThat(features.withoutEffect()).isEmpty();
        features = run("--enable-feature=st-storage").server().features();
        assertThat(features.startTimestamps()).isTrue();
        assertThat(features.startTimestampZeros()).isFalse();
        assertThat(features.readsStartTimestamps()).isTrue();
        assertThat(features.withoutEffect()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://shop.example/prometheus/, , /prometheus",
        "http://shop.example, , ''",
        "http://shop.example/prometheus, /, ''",
        ", x/y/, /x/y",
    })
    void derivesThePrefixFromTheExternalUrl(String url, String prefix, String expected) throws CommandLineException {
        String urlFlag = "--web.external-url=" + (url == null ? "" : url);
        Command.Run run = prefix == null ? run(urlFlag) : run(urlFlag, "--web.route-prefix=" + prefix);

        assertThat(run.server().routePrefix()).isEqualTo(expected);
    }

    @Test
    void takesTheConfigurationFromSecrets() throws CommandLineException {
        Command.Run run = run(
                "--kubernetes.config-namespace=monitoring",
                "--kubernetes.config-name=main",
                "--kubernetes.config-dir=/etc/narthex");

        assertThat(run.configuration()).isEqualTo(new OfSecrets("monitoring", "main", Path.of("/etc/narthex")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --bogus-flag-of-mine | 1 | unknown long flag '--bogus-flag-of-mine'",
                "run --storage.tsdb.pth=x | 1 | did you mean --storage.tsdb.path?",
                "run -x | 1 | unknown short flag '-x'",
                "run --config.file | 1 | expected argument for flag '--config.file'",
                "run more | 1 | unexpected more",
                "run --web.enable-lifecycle=true | 1 | takes no value, found \"true\"",
                "run --no-config.file=x | 1 | unknown long flag '--no-config.file'",
                "run --query.timeout=zz | 2 | --query.timeout: not a valid duration string: \"zz\"",
                "run --query.timeout=1m --query.timeout=2m | 2 | flag 'query.timeout' cannot be repeated",
                "run --query.max-samples=0 | 2 | --query.max-samples: no whole number from 1",
                "run --log.level=loud | 2 | --log.level: unknown, found \"loud\"; debug, info, warn, error are there",
                "run --web.listen-address=9090 | 1 | --web.listen-address: no port in the address",
                "run --web.external-url=shop | 2 | --web.external-url: no URL, found \"shop\"",
                "run --web.cors.origin=( | 2 | --web.cors.origin: no regular expression",
                "run --web.enable-otlp-receiver | 2 | --web.enable-otlp-receiver: Narthex does not do this",
                "run --storage.tsdb.retention.size=x | 2 | --storage.tsdb.retention.size: no size",
                "run --agent | 2 | --agent: Narthex does not do this",
                "run --storage.agent.path=x | 3 | The following flag(s) can only be used in agent mode",
                "run --storage.tsdb.wal-segment-size=1MB | 1 | must be set between 10MB and 256MB",
                "run --storage.tsdb.max-block-chunk-segment-size=1B | 1 | must be set over 1MB",
                "run --storage.tsdb.min-block-duration=0s | 2 | must be greater than zero",
                "run --rules.max-concurrent-evals=x | 2 | --rules.max-concurrent-evals: no number, found \"x\"",
                "run --auto-gomemlimit.refresh-interval=x | 2 | --auto-gomemlimit.refresh-interval: no duration",
                "run --kubernetes.config-name=x | 2 | --kubernetes.config-namespace: missing",
                "run --kubernetes.config-dir=x | 2 | --kubernetes.config-dir: needs",
                "run --kubernetes.config-name=x --kubernetes.config-namespace=y --config.file=z | 2 | --config.file: the",
                "rum | 1 | unknown command, found \"rum\"; did you mean run?",
                "up a b | 1 | one directory at most, found a b",
                "config show | 1 | no such command, found \"show\"",
                "config render --format=json | 2 | --format: unknown, found \"json\"",
            })
    void refusesWithTheExitCodeOfPrometheus(String line, int exitCode, String message) {
        CommandLineException refusal = refusal(line.split(" "));

        assertThat(refusal.exitCode()).isEqualTo(exitCode);
        assertThat(refusal).hasMessageContaining(message);
    }

    @Test
    void keepsTheDataOfAFolderInTheFolder() throws CommandLineException {
        Command.Up up = (Command.Up) CommandLine.parse("up", "shop", "--receiver.listen-address=127.0.0.1:0");

        assertThat(up.directory()).isEqualTo(Path.of("shop"));
        assertThat(up.server().dataDirectory()).isEqualTo(Path.of("shop/.narthex/data"));
        assertThat(up.server().addresses()).containsExactly(new ListenAddress("127.0.0.1", 9090));
        assertThat(up.receiver().port()).isZero();
        assertThat(up.demo().address().port()).isEqualTo(9464);
        assertThat(((Command.Up) CommandLine.parse("up")).directory()).isEqualTo(Path.of("examples/getting-started"));
    }

    @Test
    void showsFlagsByNameInOneForm() throws CommandLineException {
        assertThat(run("run").server().shownFlags())
                .containsEntry("query.timeout", "2m")
                .containsEntry("agent", "false")
                .containsEntry("auto-gomaxprocs", "true")
                .containsEntry("web.route-prefix", "/")
                .containsEntry("storage.tsdb.max-block-duration", "1d12h")
                .doesNotContainKeys("help", "version");
        assertThat(run(
                                "--agent",
                                "--no-agent",
                                "--query.timeout=90s",
                                "--query.max-samples=5e6",
                                "--storage.tsdb.retention.size=512MB",
                                "--storage.tsdb.retention.time=48h",
                                "--auto-gomemlimit.refresh-interval=90s",
                                "--scrape.timestamp-tolerance=0.005s",
                                "--enable-feature=search-api",
                                "--enable-feature=exemplar-storage,auto-reload-config",
                                "--web.external-url=http://shop.example/a/")
                        .server()
                        .shownFlags())
                .containsEntry("query.timeout", "1m30s")
                .containsEntry("query.max-samples", "5000000")
                .containsEntry("storage.tsdb.retention.size", "512MiB")
                .containsEntry("storage.tsdb.retention.time", "2d")
                .containsEntry("storage.tsdb.max-block-duration", "4h48m")
                .containsEntry("auto-gomemlimit.refresh-interval", "1m30s")
                .containsEntry("scrape.timestamp-tolerance", "5ms")
                .containsEntry("enable-feature", "search-api,exemplar-storage,auto-reload-config")
                .containsEntry("web.route-prefix", "/a");
    }

    @Test
    void tunesStorageAndScrapesByFlagsThatTheHelpDoesNotList() throws CommandLineException {
        assertThat(run("run").server().tuning())
                .isEqualTo(new StorageTuning(Duration.ofHours(2), Duration.ofHours(36), 128 << 20, 512 << 20, true));
        assertThat(run("run").server().timestampToleranceMs()).isEqualTo(2);
        ServerOptions tuned = run(
                        "--storage.tsdb.min-block-duration=1h",
                        "--storage.tsdb.max-block-duration=4h",
                        "--storage.tsdb.wal-segment-size=10MB",
                        "--storage.tsdb.max-block-chunk-segment-size=1MB",
                        "--storage.tsdb.no-lockfile",
                        "--scrape.timestamp-tolerance=10ms")
                .server();
        assertThat(tuned.tuning())
                .isEqualTo(new StorageTuning(Duration.ofHours(1), Duration.ofHours(4), 10 << 20, 1 << 20, false));
        assertThat(tuned.timestampToleranceMs()).isEqualTo(10);
        assertThat(run("--no-scrape.adjust-timestamps").server().timestampToleranceMs())
                .isZero();
        Command.Print help = (Command.Print) CommandLine.parse("run", "--help");
        assertThat(help.text()).doesNotContain("min-block-duration");
    }

    @Test
    void printsHelp() throws CommandLineException {
        assertThat(CommandLine.parse()).isInstanceOf(Command.Print.class);
        Command.Print help = (Command.Print) CommandLine.parse("run", "--help");

        assertThat(help.text()).contains("--config.file=prometheus.yml").doesNotContain("auto-gomaxprocs");
    }

    @Test
    void theLogIsCompressedAsAskedFor() throws CommandLineException {
        assertThat(run("run").server().walCompression()).isEqualTo(WalCompression.SNAPPY);
        assertThat(run("run", "--storage.tsdb.wal-compression-type=zstd")
                        .server()
                        .walCompression())
                .isEqualTo(WalCompression.ZSTANDARD);
        assertThat(run("run", "--no-storage.tsdb.wal-compression", "--storage.tsdb.wal-compression-type=zstd")
                        .server()
                        .walCompression())
                .isEqualTo(WalCompression.NONE);
        assertThat(refusal("run", "--storage.tsdb.wal-compression-type=gzip"))
                .hasMessageContaining("unknown, found \"gzip\"; snappy and zstd are there");
    }

    @Test
    void tsdbHasTheDefaultsAndShortFlagsOfPromtool() throws CommandLineException {
        assertThat(CommandLine.parse("tsdb", "list")).isEqualTo(new Command.ListBlocks(Path.of("data/"), false));
        assertThat(CommandLine.parse("tsdb", "list", "-r", "d")).isEqualTo(new Command.ListBlocks(Path.of("d"), true));
        assertThat(CommandLine.parse("tsdb", "analyze", "d", "b", "--extended"))
                .isEqualTo(new Command.AnalyzeBlock(Path.of("d"), "b", 20, true, ""));
        assertThat(CommandLine.parse("tsdb", "dump", "--min-time", "-5", "--match=a", "--match=b"))
                .isEqualTo(new Command.DumpSamples(
                        Path.of("data/"), -5, Long.MAX_VALUE, List.of("a", "b"), DumpFormat.SAMPLES));
        assertThat(CommandLine.parse("tsdb", "dump", "--format=seriesjson", "--match=a", "d"))
                .isEqualTo(new Command.DumpSamples(
                        Path.of("d"), Long.MIN_VALUE, Long.MAX_VALUE, List.of("a"), DumpFormat.SERIES));
        assertThat(refusal("tsdb", "dump", "--format=foo"))
                .hasMessageContaining("prom or seriesjson is needed, found \"foo\"");
        assertThat(refusal("tsdb", "dump-openmetrics", "--format=prom").exitCode())
                .isEqualTo(1);
        assertThat(CommandLine.parse("tsdb", "create-blocks-from", "openmetrics", "-q", "--label=a=b=c", "in"))
                .isEqualTo(new Command.CreateBlocks(
                        Path.of("in"), Path.of("data/"), Map.of("a", "b=c"), false, true, Duration.ofHours(2)));
        assertThat(refusal("tsdb", "list", "a", "b").exitCode()).isEqualTo(1);
        assertThat(refusal("tsdb", "create-blocks-from", "openmetrics", "--label==c", "in"))
                .hasMessageContaining("no label, found \"=c\"; write --label=name=value");
    }
}
