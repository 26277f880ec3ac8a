// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.chunk.XorDecoder;
import dev.narthex.tsdb.chunk.XorEncoder;
import dev.narthex.tsdb.chunk.XorLayout;
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import dev.narthex.tsdb.headchunk.HeadChunkRecovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples in {@code docs/formats} are true. */
@ExtendWith(QuietLog.class)
class FormatPagesTest {
    private static final long START_MS = 1_767_225_600_000L;

    private static byte[] example(String page) throws IOException {
        String text = Files.readString(Path.of("../../docs/formats").resolve(page));
        int begin = text.indexOf("```hex\n") + "```hex\n".length();
        String hex = text.substring(begin, text.indexOf("```", begin)).replaceAll("\\s", "");
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void theChunkOfThePageHoldsItsSamples() throws IOException {
        byte[] chunk = example("xor-chunk.md");
        long[] expectedTimes = {START_MS, START_MS + 15_000, START_MS + 30_000, START_MS + 45_003, START_MS + 60_000};
        double[] expectedValues = {1, 1, 2, 2.5, 1_000_000};
        long[] times = new long[5];
        double[] values = new double[5];
        byte[] readable = Arrays.copyOf(chunk, chunk.length + XorLayout.SLACK_BYTES);
        assertThat(XorDecoder.decode(
                        readable, 0, XorDecoder.count(chunk, 0), Long.MIN_VALUE, Long.MAX_VALUE, times, values, 0))
                .isEqualTo(5);
        assertThat(times).isEqualTo(expectedTimes);
        assertThat(values).isEqualTo(expectedValues);

        byte[] into = new byte[chunk.length + XorLayout.MAX_SAMPLE_BYTES + XorLayout.SLACK_BYTES];
        long state = XorEncoder.first(into, 0, times[0], values[0]);
        for (int i = 1; i < 5; i++) {
            long difference = Double.doubleToRawLongBits(values[i]) ^ Double.doubleToRawLongBits(values[i - 1]);
            long distance = times[i] - times[i - 1];
            state = i == 1
                    ? XorEncoder.second(into, 0, state, distance, difference)
                    : XorEncoder.next(into, 0, state, distance - (times[i - 1] - times[i - 2]), difference);
        }
        XorEncoder.writeCount(into, 0, 5);
        assertThat(Arrays.copyOf(into, XorEncoder.sizeBytes(state))).isEqualTo(chunk);
    }

    @Test
    void theFileOfHeadChunksOfThePageHoldsItsChunk() throws IOException {
        byte[] page = example("head-chunks.md");
        byte[] data = example("xor-chunk.md");
        Path directory = Path.of("/chunks_head");
        FaultyFiles files = new FaultyFiles();
        HeadChunkRecovery recovery = new HeadChunkRecovery(files, directory, Path.of("/damaged"));
        try (HeadChunkFiles chunks = HeadChunkFiles.open(files, directory, recovery.run((_, _, _, _, _, _) -> {}))) {
            chunks.append(7, START_MS, START_MS + 60_000, 1, data, 0, data.length);
            chunks.flush();
        }
        assertThat(files.content(directory.resolve("000001"))).isEqualTo(page);
    }

    @Test
    void theHistogramChunkOfThePageHoldsItsSamples() throws IOException {
        byte[] chunk = example("histogram-chunk.md");
        SampleBuffer samples = new SampleBuffer();
        new ChunkDecoder()
                .decode(ChunkEncoding.HISTOGRAM, chunk, 0, chunk.length, Long.MIN_VALUE, Long.MAX_VALUE, samples);
        long[][] counts = {{1, 2, 3}, {2, 4, 3}, {9, 400, 70_000}};
        double[] sums = {1, 2.5, 3};
        assertThat(samples.size()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(samples.timestampMs(i)).isEqualTo(START_MS + 15_000L * i);
            assertThat(samples.histogram(i))
                    .isEqualTo(new IntegerHistogram(
                            i == 0 ? CounterResetHint.UNKNOWN : CounterResetHint.NOT_RESET,
                            HistogramLayout.exponential(0, 0, List.of(new BucketSpan(0, 3)), List.of()),
                            Arrays.stream(counts[i]).sum(),
                            0,
                            sums[i],
                            counts[i],
                            new long[0]));
        }
    }

    @Test
    void theLogOfThePageIsWhatALateSampleWrites() throws IOException {
        TsdbFixture fixture = new TsdbFixture();
        fixture.outOfOrderWindow = Duration.ofHours(1);
        try (TsdbFixture db = fixture.open()) {
            Labels series = Labels.of("__name__", "up");
            db.append(series, START_MS, 1);
            db.append(series, START_MS - 60_000, 2.5);
            assertThat(db.faulty().content(TsdbFixture.DATA.resolve("wbl/00000000")))
                    .isEqualTo(example("wbl.md"));
        }
    }

    @Test
    void theSnapshotOfThePageIsWhatAStopLeaves() throws IOException {
        TsdbFixture db = new TsdbFixture();
        db.headSnapshot = true;
        db.open();
        db.append(Labels.of("__name__", "up"), START_MS, 1);
        db.close();
        byte[] page = db.faulty().content(TsdbFixture.DATA.resolve("chunk_snapshot.000001.0000000000/00000000"));
        byte[] expected = example("head-snapshot.md");
        assertThat(page).hasSize(32 << 10).startsWith(expected);
        assertThat(HexFormat.of().formatHex(page)).matches(HexFormat.of().formatHex(expected) + "0*");
    }

    @Test
    void theSegmentOfThePageIsWhatACommitWrites() throws IOException {
        byte[] expected = example("wal.md");
        try (TsdbFixture db = new TsdbFixture().open()) {
            try (Appender appender = db.tsdb.appender()) {
                appender.append(appender.series(Labels.of("__name__", "up", "job", "shop")), START_MS, 1);
                appender.append(appender.series(Labels.of("__name__", "x")), START_MS, 0.5);
                appender.commit();
            }
            assertThat(db.faulty().content(TsdbFixture.DATA.resolve("wal/00000000")))
                    .isEqualTo(expected);
        }
    }
}
