// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.Querier;
import dev.narthex.storage.ReadCanceledException;
import dev.narthex.testkit.files.FaultyFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class BlockTest {
    private static final Path DATA = Path.of("/data");
    private static final long T = 1_700_000_000_000L;

    /** What {@code promtool tsdb create-blocks-from openmetrics} (3.5.3) makes of these samples. */
    private static final String PROMTOOL_INDEX =
            "baaad70002000000310000000a000332303003353030085f5f6e616d655f5f0161016204636f6465"
                    + "0a687474705f746f74616c036a6f62027570b5e87267000011030307060108040180a0abfef96298"
                    + "750863129d070000000000000000000010030307060208050180a0abfef96200233f3963c7000000"
                    + "00000000000000000e02030908040180a0abfef96200392f3f39a100000000100000000100000002"
                    + "00000007000000094ff7ad660000001000000001000000020000000100000002461967b500000010"
                    + "000000010000000200000004000000054a87d2420000001000000003000000040000000600000008"
                    + "d77729510000000c000000020000000400000006001536640000000800000001000000083ee085e9"
                    + "00000008000000010000000473a34a3900000008000000010000000692983ace0000000c00000002"
                    + "0000000400000008ac6d894300000008000000010000000692983ace0000001f0000000301085f5f"
                    + "6e616d655f5f94010104636f6465ac0101036a6f62c401c6e7b0180000005900000007020000dc01"
                    + "02085f5f6e616d655f5f0a687474705f746f74616cf40102085f5f6e616d655f5f02757088020204"
                    + "636f64650332303098020204636f646503353030a80202036a6f620161b80202036a6f620162cc02"
                    + "e6c118780000000000000005000000000000003e0000000000000093000000000000015c00000000"
                    + "000000dc00000000000001835bb6b716";

    private static NavigableMap<Labels, NavigableMap<Long, Double>> samples() {
        NavigableMap<Labels, NavigableMap<Long, Double>> samples = new TreeMap<>();
        samples.put(
                Labels.of("__name__", "http_total", "code", "200", "job", "a"),
                new TreeMap<>(Map.of(T, 1.0, T + 15_000, 2.0)));
        samples.put(Labels.of("__name__", "http_total", "code", "500", "job", "b"), new TreeMap<>(Map.of(T, 5.0)));
        samples.put(Labels.of("__name__", "up", "job", "a"), new TreeMap<>(Map.of(T, 1.0)));
        return samples;
    }

    private static byte[] content(FaultyFiles files, Path path) throws IOException {
        try (StorageFile file = files.openRead(path)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) file.sizeBytes());
            while (buffer.hasRemaining() && file.read(buffer, buffer.position()) >= 0) {}
            return buffer.array();
        }
    }

    private static void put(FaultyFiles files, Path path, byte[] content) throws IOException {
        try (StorageFile file = files.openWrite(path)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(content), 0);
        }
    }

    @Test
    void opensABlockWithAnIndexOfVersion1() throws IOException {
        Path directory = Path.of("src/test/resources/blocks/01DXXFZDYD1MQW6079WK0K6EDQ");
        try (Block block = Block.open(new LocalFiles(), directory);
                Querier querier = block.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            Map<String, List<String>> all =
                    BlockFixture.read(querier, LabelMatcher.of(MatchOp.REGEX, "__name__", ".*"));
            assertThat(all).hasSize(102).containsEntry("{bar=\"99\"}", List.of("0=0.0"));
            assertThat(querier.labelNames(List.of())).containsExactly("bar", "foo");
            assertThat(BlockFixture.read(querier, LabelMatcher.equal("foo", "bar")))
                    .containsOnlyKeys("{foo=\"bar\"}");
            assertThat(BlockFixture.read(querier, LabelMatcher.of(MatchOp.NOT_EQUAL, "bar", "")))
                    .hasSize(100);
        }
    }

    @Test
    void theIndexIsThatOfPrometheusToTheByte() throws IOException {
        FaultyFiles files = new FaultyFiles();
        files.createDirectories(DATA);
        BlockMeta meta = BlockFixture.write(files, DATA, BlockFixture.ULID, samples());
        Path block = DATA.resolve(BlockFixture.ULID.text());
        assertThat(HexFormat.of().formatHex(content(files, block.resolve("index"))))
                .isEqualTo(PROMTOOL_INDEX);
        assertThat(HexFormat.of().formatHex(content(files, block.resolve("chunks/000001"))))
                .isEqualTo("85bd40dd010000001501000280a0abfef9623ff00000000000009875c25fff0570dc0e1001000180"
                        + "a0abfef96240140000000000004f5e503e1001000180a0abfef9623ff00000000000007328b91d");
        assertThat(HexFormat.of().formatHex(content(files, block.resolve("tombstones"))))
                .isEqualTo("0130ba300100000000");
        assertThat(new String(content(files, block.resolve("meta.json")), StandardCharsets.UTF_8))
                .isEqualTo("""
                {
                \t"ulid": "01M8EVFHW223BQP4CCVKJQ367G",
                \t"minTime": 1700000000000,
                \t"maxTime": 1700000015001,
                \t"stats": {
                \t\t"numSamples": 4,
                \t\t"numSeries": 3,
                \t\t"numChunks": 3
                \t},
                \t"compaction": {
                \t\t"level": 1,
                \t\t"sources": [
                \t\t\t"01M8EVFHW223BQP4CCVKJQ367G"
                \t\t]
                \t},
                \t"version": 1
                }""");
        assertThat(BlockMetaFile.read(files, block)).isEqualTo(meta);
    }

    private static byte[] example(String page) throws IOException {
        String text = Files.readString(Path.of("../../docs/formats").resolve(page));
        int begin = text.indexOf("```hex\n") + "```hex\n".length();
        return HexFormat.of()
                .parseHex(text.substring(begin, text.indexOf("```", begin)).replaceAll("\\s", ""));
    }

    @Test
    void theExamplesOfThePagesAreWhatIsWritten() throws IOException {
        FaultyFiles files = new FaultyFiles();
        files.createDirectories(DATA);
        BlockMeta _ = BlockFixture.write(files, DATA, BlockFixture.ULID, samples());
        Path directory = DATA.resolve(BlockFixture.ULID.text());
        assertThat(content(files, directory.resolve("index"))).isEqualTo(example("block-index.md"));
        assertThat(content(files, directory.resolve("chunks/000001"))).isEqualTo(example("block-chunks.md"));
        try (Block block = Block.open(files, directory)) {
            block.delete(T + 1, Long.MAX_VALUE, List.of(LabelMatcher.equal("code", "200")));
        }
        assertThat(content(files, directory.resolve("tombstones"))).isEqualTo(example("block-tombstones.md"));
    }

    @Test
    void selectsByMatchersOfEveryKind() throws IOException {
        FaultyFiles files = new FaultyFiles();
        files.createDirectories(DATA);
        NavigableMap<Labels, NavigableMap<Long, Double>> many = new TreeMap<>();
        for (int i = 0; i < 500; i++) {
            TreeMap<Long, Double> values = new TreeMap<>();
            for (int n = 0; n < 3 + i; n++) {
                values.put(T + 15_000L * n, n * 0.5);
            }
            many.put(Labels.of("__name__", "m" + i % 7, "i", Integer.toString(i), "é", "x" + i % 3), values);
            many.put(Labels.of("__name__", "only" + i), new TreeMap<>(Map.of(T + i, 1.0)));
        }
        BlockMeta _ = BlockFixture.write(files, DATA, BlockFixture.ULID, many);
        try (Block block = Block.open(files, DATA.resolve(BlockFixture.ULID.text()));
                Querier querier = block.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            List<List<LabelMatcher>> queries = List.of(
                    List.of(LabelMatcher.equal("__name__", "m3")),
                    List.of(LabelMatcher.equal("__name__", "m3"), LabelMatcher.equal("é", "x1")),
                    List.of(LabelMatcher.of(MatchOp.REGEX, "i", "1.*"), LabelMatcher.of(MatchOp.NOT_EQUAL, "é", "x0")),
                    List.of(LabelMatcher.of(MatchOp.REGEX, "i", "17|4|499|none")),
                    List.of(
                            LabelMatcher.of(MatchOp.NOT_REGEX, "i", ".+"),
                            LabelMatcher.of(MatchOp.REGEX, "__name__", "only.*3")),
                    List.of(LabelMatcher.equal("i", "")),
                    List.of(LabelMatcher.of(MatchOp.NOT_REGEX, "__name__", "m[0-5]")),
                    List.of(LabelMatcher.equal("none", "x")));
            for (List<LabelMatcher> matchers : queries) {
                Map<String, List<String>> expected = new TreeMap<>();
                many.forEach((labels, values) -> {
                    if (matchers.stream().allMatch(m -> m.matches(labels))) {
                        expected.put(
                                labels.toString(),
                                values.entrySet().stream()
                                        .map(e -> e.getKey() + "=" + e.getValue())
                                        .toList());
                    }
                });
                assertThat(BlockFixture.read(querier, matchers.toArray(LabelMatcher[]::new)))
                        .as("%s", matchers)
                        .isEqualTo(expected);
            }
            assertThat(querier.labelNames(List.of())).containsExactly("__name__", "i", "é");
            assertThat(querier.labelValues("é", List.of())).containsExactly("x0", "x1", "x2");
            assertThat(querier.labelValues("é", List.of(LabelMatcher.equal("i", "4"))))
                    .containsExactly("x1");
            assertThat(querier.labelNames(List.of(LabelMatcher.equal("__name__", "only7"))))
                    .containsExactly("__name__");
        }
        files.assertNoOpenFiles();
    }

    @Test
    void deletedSamplesAreHiddenAlsoAfterOpeningAnew() throws IOException {
        FaultyFiles files = new FaultyFiles();
        files.createDirectories(DATA);
        BlockMeta _ = BlockFixture.write(files, DATA, BlockFixture.ULID, samples());
        Path directory = DATA.resolve(BlockFixture.ULID.text());
        Map<String, List<String>> expected = Map.of(
                "{__name__=\"http_total\", code=\"200\", job=\"a\"}",
                List.of(T + "=1.0"),
                "{__name__=\"up\", job=\"a\"}",
                List.of(T + "=1.0"));
        try (Block block = Block.open(files, directory)) {
            assertThat(block.delete(T + 1, Long.MAX_VALUE, List.of(LabelMatcher.equal("code", "200"))))
                    .isEqualTo(1);
            assertThat(block.delete(Long.MIN_VALUE, Long.MAX_VALUE, List.of(LabelMatcher.equal("job", "b"))))
                    .isEqualTo(1);
            assertThat(BlockFixture.readAll(block)).isEqualTo(expected);
        }
        try (Block block = Block.open(files, directory)) {
            assertThat(BlockFixture.readAll(block)).isEqualTo(expected);
            assertThat(block.meta().stats().tombstones()).isEqualTo(2);
        }
    }

    @Test
    void noTruncationAndNoFlippedBitGivesWrongData() throws IOException {
        FaultyFiles files = new FaultyFiles();
        files.createDirectories(DATA);
        BlockMeta _ = BlockFixture.write(files, DATA, BlockFixture.ULID, samples());
        Path directory = DATA.resolve(BlockFixture.ULID.text());
        try (Block block = Block.open(files, directory)) {
            block.delete(T + 1, Long.MAX_VALUE, List.of(LabelMatcher.equal("code", "200")));
        }
        Map<String, List<String>> whole;
        try (Block block = Block.open(files, directory)) {
            whole = BlockFixture.readAll(block);
        }
        int refused = 0;
        for (String name : List.of("index", "chunks/000001", "tombstones", "meta.json")) {
            Path path = directory.resolve(name);
            byte[] good = content(files, path);
            for (int at = 0; at < good.length; at++) {
                int place = at;
                refused += damaged(files, directory, path, good, whole, bytes -> Arrays.copyOf(bytes, place));
                for (int bit = 0; bit < 8; bit++) {
                    int mask = 1 << bit;
                    refused += damaged(files, directory, path, good, whole, bytes -> {
                        bytes[place] ^= (byte) mask;
                        return bytes;
                    });
                }
            }
        }
        assertThat(refused).isGreaterThan(5000);
    }

    /** Reads a block of which one file is damaged; 1 where that is noticed. */
    private static int damaged(
            FaultyFiles files,
            Path directory,
            Path path,
            byte[] good,
            Map<String, List<String>> whole,
            UnaryOperator<byte[]> damage)
            throws IOException {
        put(files, path, damage.apply(good.clone()));
        int noticed = 0;
        try (Block block = Block.open(files, directory)) {
            Map<String, List<String>> found = BlockFixture.readAll(block);
            boolean metaOnly = path.endsWith("meta.json");
            if (metaOnly) {
                // Nothing protects meta.json: other times may hide samples, but no sample is wrong.
                found.forEach((labels, samples) ->
                        assertThat(whole.getOrDefault(labels, List.of())).containsAll(samples));
            } else {
                assertThat(found).isEqualTo(whole);
            }
        } catch (CorruptBlockException e) {
            noticed = 1;
        } catch (UncheckedIOException e) {
            assertThat(e.getCause()).isInstanceOf(CorruptBlockException.class);
            noticed = 1;
        }
        put(files, path, good);
        files.assertNoOpenFiles();
        return noticed;
    }

    @Test
    void aWriteThatFailsAtAnyCallLeavesNoBlockOrTheWholeOne() throws IOException {
        FaultyFiles counted = new FaultyFiles();
        counted.createDirectories(DATA);
        int before = counted.calls();
        BlockMeta _ = BlockFixture.write(counted, DATA, BlockFixture.ULID, samples());
        int calls = counted.calls() - before;
        for (int n = 1; n <= calls; n++) {
            FaultyFiles files = new FaultyFiles();
            files.createDirectories(DATA);
            files.failCall(files.calls() + n);
            try {
                BlockMeta _ = BlockFixture.write(files, DATA, BlockFixture.ULID, samples());
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("injected");
            }
            files.assertNoOpenFiles();
            FaultyFiles after = files.heal().kill();
            if (after.list(DATA).contains(BlockFixture.ULID.text())) {
                try (Block block = Block.open(after, DATA.resolve(BlockFixture.ULID.text()))) {
                    assertThat(BlockFixture.readAll(block)).hasSize(3);
                }
            }
        }
    }

    @Test
    void namesAndValuesEndWithTheThreadThatAsks() throws IOException {
        FaultyFiles files = new FaultyFiles();
        files.createDirectories(DATA);
        NavigableMap<Labels, NavigableMap<Long, Double>> many = new TreeMap<>();
        for (int i = 0; i < 3_000; i++) {
            many.put(Labels.of("__name__", "m", "i", Integer.toString(i)), new TreeMap<>(Map.of(T, 1.0)));
        }
        BlockMeta _ = BlockFixture.write(files, DATA, BlockFixture.ULID, many);
        List<LabelMatcher> all = List.of(LabelMatcher.equal("__name__", "m"));
        try (Block block = Block.open(files, DATA.resolve(BlockFixture.ULID.text()));
                Querier querier = block.querier(T, T + 1)) {
            assertThat(querier.labelValues("i", List.of())).hasSize(3_000);
            Thread.currentThread().interrupt();
            try {
                assertThatExceptionOfType(ReadCanceledException.class)
                        .isThrownBy(() -> querier.labelValues("i", List.of()));
                assertThatExceptionOfType(ReadCanceledException.class).isThrownBy(() -> querier.labelValues("i", all));
                assertThatExceptionOfType(ReadCanceledException.class).isThrownBy(() -> querier.labelNames(all));
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
        }
    }
}
