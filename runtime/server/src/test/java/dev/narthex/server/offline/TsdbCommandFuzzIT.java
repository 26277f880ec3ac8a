// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.random.Seed;
import dev.narthex.tsdb.Tsdb;
import dev.narthex.tsdb.TsdbConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random input, directories and flags for {@code narthex tsdb} and the real promtool: the same output and exit codes. {@code
 * -Dtsdb.fuzz.cases=} for more.
 */
class TsdbCommandFuzzIT extends PromtoolComparison {
    private static final int CASES = Integer.getInteger("tsdb.fuzz.cases", 8);
    private static final List<String> SELECTORS = List.of(
            "m0",
            "{__name__=~\"m.*\"}",
            "{s=\"1\"}",
            "{s!=\"1\",__name__=~\".+\"}",
            "{s=~'.*'}",
            "none",
            "{s=~\"[0-2]\"}");

    @TempDir
    private Path directory;

    private static <T> T oneOf(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private List<String> creationFlags(Random random) {
        List<String> flags = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            flags.add(oneOf(random, List.of("--quiet", "-q")));
        }
        if (random.nextInt(3) == 0) {
            flags.add(oneOf(random, List.of("--human-readable", "-r")));
        }
        if (random.nextInt(2) == 0) {
            flags.add("--max-block-duration="
                    + oneOf(random, List.of("0s", "1h", "2h", "5h59m", "6h", "20h", "54h", "1d", "90d")));
        }
        while (random.nextInt(3) == 0) {
            flags.add("--label=" + oneOf(random, List.of("x=7", "more=a=b", "job=ü", "__name__=n")));
        }
        return flags;
    }

    @Test
    void randomInputMakesTheBlocksOfPromtool() throws Exception {
        Seed seed = Seed.of(TsdbCommandFuzzIT.class);
        for (int number = 0; number < 4 * CASES; number++) {
            Random random = seed.forCase(number).random();
            Path place = Files.createDirectory(directory.resolve("case" + number));
            Path in = Files.writeString(place.resolve("in.om"), new RandomExposition(random).text());
            List<String> flags = creationFlags(random);
            CommandResult theirs = create(flags, in, place.resolve("theirs"), false);
            CommandResult ours = create(flags, in, place.resolve("ours"), true);
            String what = "case " + number + " of " + seed + " " + flags + "\n" + Files.readString(in) + "\n"
                    + theirs.errors() + "\n" + ours.errors();
            assertThat(ours.exitCode()).as(what).isEqualTo(theirs.exitCode());
            if (theirs.exitCode() != 0) {
                assertThat(ours.errors()).as(what).isNotBlank();
                continue;
            }
            assertThat(withoutNames(ours.output())).as(what).isEqualTo(withoutNames(theirs.output()));
            for (String side : List.of("ours", "theirs")) {
                Files.createDirectories(place.resolve(side).resolve("wal"));
            }
            List<String> real = lines(theirs("dump", place.resolve("theirs").toString()));
            assertThat(lines(theirs("dump", place.resolve("ours").toString())))
                    .as(what)
                    .containsExactlyInAnyOrderElementsOf(real);
            assertThat(lines(ours("dump", place.resolve("theirs").toString())))
                    .as(what)
                    .containsExactlyInAnyOrderElementsOf(real);
        }
    }

    private CommandResult create(List<String> flags, Path in, Path out, boolean byUs)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("create-blocks-from", "openmetrics"));
        line.addAll(flags);
        line.add(in.toString());
        line.add(out.toString());
        String[] arguments = line.toArray(String[]::new);
        return byUs ? ours(arguments) : theirs(arguments);
    }

    /** Floats and markers in blocks, log and log of late samples, some of them deleted. */
    private Path randomDirectory(int number, Random random, boolean late) throws IOException {
        Path data = directory.resolve("data" + number);
        long nowMs = scheduler.clock().millis();
        TsdbConfig config = TsdbConfig.defaults(data, new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                .with(c -> c.outOfOrderWindow = Duration.ofMinutes(late ? 200 : 0));
        try (Tsdb tsdb = Tsdb.open(config)) {
            int series = random.nextInt(1, 9);
            int minutes = random.nextInt(3, 700);
            for (int i = minutes; i > 0; i--) {
                try (Appender appender = tsdb.appender()) {
                    for (int s = 0; s < series; s++) {
                        if (random.nextInt(5) == 0) {
                            continue;
                        }
                        Labels labels =
                                Labels.of("__name__", "m" + s % 3, "s", Integer.toString(s), "w", "é\"" + i / 300);
                        double value = random.nextInt(60) == 0 ? StalenessMarker.VALUE : random.nextInt(1000) / 7.0;
                        long ageMs = random.nextInt(8) == 0 ? random.nextLong(9_000_000) : 0;
                        appender.append(appender.series(labels), nowMs - 60_000L * i - ageMs, value);
                    }
                    appender.commit();
                }
                if (i % 100 == 0) {
                    tsdb.maintain();
                }
            }
            if (random.nextBoolean()) {
                tsdb.maintain();
            }
            if (random.nextBoolean()) {
                long from = nowMs - random.nextLong(40_000_000);
                tsdb.delete(from, from + random.nextLong(10_000_000), List.of(LabelMatcher.equal("s", "1")));
            }
        }
        return data;
    }

    @Test
    void randomDirectoriesAreListedAnalyzedAndDumpedAsByPromtool() throws Exception {
        Seed seed = Seed.of(TsdbCommandFuzzIT.class);
        for (int number = 0; number < CASES; number++) {
            Random random = seed.forCase(1000 + number).random();
            String data = randomDirectory(number, random, number % 2 == 1).toString();
            try {
                assertSame("list", data);
                assertSame("list", "--human-readable", data);
                boolean blocks = lines(ours("list", data)).size() > 1;
                for (int i = 0; i < 3; i++) {
                    dump(random, data, number % 2 == 1);
                    if (blocks) {
                        analyze(random, data);
                    }
                }
            } catch (AssertionError e) {
                throw new AssertionError("case " + number + " of " + seed, e);
            }
        }
    }

    private void dump(Random random, String data, boolean late) throws IOException, InterruptedException {
        List<String> flags = new ArrayList<>();
        long nowMs = scheduler.clock().millis();
        while (random.nextInt(2) == 0) {
            flags.add("--match=" + oneOf(random, SELECTORS));
        }
        if (random.nextInt(2) == 0) {
            flags.add("--min-time=" + (nowMs - random.nextLong(50_000_000)));
        }
        if (random.nextInt(2) == 0) {
            flags.add("--max-time=" + (nowMs - random.nextLong(20_000_000)));
        }
        flags.add(data);
        flags.addFirst("dump");
        String[] line = flags.toArray(String[]::new);
        List<String> theirs = lines(theirs(line));
        ListAssert<String> ours = assertThat(lines(ours(line))).as(String.join(" ", flags));
        if (late) {
            // Of the log, promtool leaves out what is older than the end of a block of late samples.
            ours.doesNotHaveDuplicates().containsAll(theirs);
        } else {
            ours.containsExactlyInAnyOrderElementsOf(theirs);
        }
    }

    private void analyze(Random random, String data) throws IOException, InterruptedException {
        List<String> flags = new ArrayList<>();
        if (random.nextBoolean()) {
            flags.add("--extended");
        }
        if (random.nextBoolean()) {
            flags.add("--match=" + oneOf(random, SELECTORS));
        }
        flags.add(data);
        if (random.nextBoolean()) {
            List<String> listed = lines(ours("list", data));
            flags.add(listed.get(random.nextInt(1, listed.size())).split(" ", 2)[0]);
        }
        assertSameAnalysis(flags.toArray(String[]::new));
    }
}
