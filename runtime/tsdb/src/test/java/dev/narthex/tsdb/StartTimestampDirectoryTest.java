// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The data directory of a Prometheus 3.15 that kept start timestamps (start-timestamp-chunks.txt says how it was made): its
 * log has records of types 11, 12 and 13, its head chunks encodings 4, 5 and 6.
 */
@ExtendWith(QuietLog.class)
class StartTimestampDirectoryTest {
    private static final List<String> FILES = List.of("wal/00000000", "chunks_head/000001");

    private final TsdbFixture db = new TsdbFixture();

    /** Samples as text, and their start timestamps. */
    private record Column(List<String> samples, List<Long> starts) {
        Column() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(SampleBuffer buffer, int at, long start) {
            samples.add(buffer.timestampMs(at) + "=" + TsdbFixture.text(buffer.value(at)) + " " + buffer.histogram(at));
            starts.add(start);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = StartTimestampDirectoryTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    @BeforeEach
    void open() throws IOException {
        FaultyFiles files = new FaultyFiles();
        for (String name : FILES) {
            files.put(TsdbFixture.DATA.resolve(Path.of(name)), resource("/start-timestamps/" + name));
        }
        db.files = files;
        db.retention = Duration.ofDays(3650);
        db.segmentBytes = 32 * 1024;
        db.open();
    }

    @AfterEach
    void close() throws IOException {
        db.close();
        assertThat(db.memory.bytes()).isZero();
    }

    private static Map<String, Column> expected() throws IOException {
        Map<String, Column> expected = new TreeMap<>();
        ChunkDecoder decoder = new ChunkDecoder();
        for (String line : new String(resource("/start-timestamp-chunks.txt"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList()) {
            List<String> parts = Arrays.asList(line.split(" "));
            ChunkEncoding encoding = Arrays.stream(ChunkEncoding.values())
                    .filter(each -> each.number() == Integer.parseInt(parts.get(2)))
                    .findAny()
                    .orElseThrow();
            byte[] chunk = HexFormat.of().parseHex(parts.get(3));
            SampleBuffer samples = new SampleBuffer();
            decoder.decode(encoding, chunk, 0, chunk.length, Long.MIN_VALUE, Long.MAX_VALUE, samples);
            List<String> starts = Arrays.asList(parts.get(4).split(","));
            Column column = expected.computeIfAbsent(parts.get(5), _ -> new Column());
            for (int i = 0; i < samples.size(); i++) {
                column.add(samples, i, Long.parseLong(starts.get(i)));
            }
        }
        return expected;
    }

    private Map<String, Column> found() {
        Map<String, Column> found = new TreeMap<>();
        SampleBuffer buffer = new SampleBuffer();
        try (Querier querier = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            SeriesSet set = querier.select(
                    SelectHints.range(Long.MIN_VALUE, Long.MAX_VALUE),
                    List.of(LabelMatcher.of(MatchOp.REGEX, "__name__", "[ch][0-9]+")));
            while (set.next()) {
                buffer.clear();
                set.samples(buffer);
                Column column = new Column();
                for (int i = 0; i < buffer.size(); i++) {
                    column.add(buffer, i, buffer.startTimestampMs(i));
                }
                found.put(set.labels().getOrEmpty("__name__"), column);
            }
        }
        return found;
    }

    /** Histograms without what depends on where chunks end. */
    private static List<String> withoutHints(Column column) {
        return column.samples.stream()
                .map(text -> text.replaceAll("hint=[A-Z_]+", ""))
                .toList();
    }

    private void assertAllSamples() throws IOException {
        Map<String, Column> expected = expected();
        Map<String, Column> found = found();
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, column) -> assertThat(withoutHints(Objects.requireNonNull(found.get(name))))
                .as(name)
                .isEqualTo(withoutHints(column)));
    }

    @Test
    void everySampleIsThere() throws IOException {
        assertAllSamples();
        assertThat(db.tsdb.stats().replay().unusedRecords()).isZero();
        assertThat(db.tsdb.stats().replay().malformedRecords()).isZero();
    }

    @Test
    void samplesOfHeadChunksHaveTheirStartTimestamps() throws IOException {
        assertStartTimestamps();
    }

    @Test
    void withTheFeatureSamplesOfTheLogHaveTheirStartTimestampsToo() throws IOException {
        db.startTimestamps = true;
        db.restart();
        Map<String, Column> expected = expected();
        found().forEach((name, column) -> {
            List<Long> starts = Objects.requireNonNull(expected.get(name)).starts;
            for (int i = 0; i < column.starts.size(); i++) {
                if (!column.samples.get(i).contains("7ff0000000000002")) {
                    assertThat(column.starts.get(i)).as("%s at %s", name, i).isEqualTo(starts.get(i));
                }
            }
        });
    }

    @Test
    void aBlockHasTheHeadChunksAsTheyAre() throws IOException {
        Path block = Path.of("/block");
        db.tsdb.snapshot(block, false);
        db.close();
        db.directory = block;
        db.open();
        assertThat(db.tsdb.blocks()).hasSize(1);
        assertAllSamples();
        assertStartTimestamps();
    }

    private void assertStartTimestamps() throws IOException {
        Map<String, Column> expected = expected();
        int known = 0;
        for (Map.Entry<String, Column> entry : found().entrySet()) {
            for (int i = 0; i < entry.getValue().starts.size(); i++) {
                long start = entry.getValue().starts.get(i);
                if (start != 0) { // what came from the log has none
                    known++;
                    assertThat(start)
                            .isEqualTo(Objects.requireNonNull(expected.get(entry.getKey()))
                                    .starts
                                    .get(i));
                }
            }
        }
        assertThat(known).isGreaterThan(100);
    }

    @Test
    void everySampleIsThereAfterAnotherStart() throws IOException {
        db.append(Labels.of("__name__", "other"), db.nowMs(), 1);
        db.killAndRestart();
        assertAllSamples();
    }
}
