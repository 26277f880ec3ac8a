// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.ByteSlab;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.testkit.random.Seed;
import dev.narthex.tsdb.chunk.XorEncoder;
import dev.narthex.tsdb.chunk.XorLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OpenFloatsTest {
    private static final int ROUNDS = 2_000;

    private final MemoryAccount account = new MemoryAccount(Long.MAX_VALUE);
    private final ByteSlab pieces = new ByteSlab(account.tag("open chunks"));
    private final OpenFloats floats = new OpenFloats(pieces, new ChunkRange(Long.MAX_VALUE / 4));

    /** The record of a series, of which the head itself sets the last timestamp and value. */
    private static final class Series {
        final long[] fields = new long[SeriesLayout.FIELDS];

        long open() {
            return fields[SeriesLayout.OPEN];
        }

        int size() {
            return XorEncoder.sizeBytes(fields[SeriesLayout.STATE]);
        }

        void took(long timeMs, double value) {
            fields[SeriesLayout.LAST_T] = timeMs;
            fields[SeriesLayout.LAST_V] = Double.doubleToRawLongBits(value);
        }
    }

    private void add(Series series, long timeMs, double value) {
        long bits = Double.doubleToRawLongBits(value);
        if (!floats.append(series.fields, 0, timeMs, bits)) {
            boolean _ = floats.begin(series.fields, 0, timeMs, bits);
        }
        series.took(timeMs, value);
    }

    @Test
    void aChunkInPiecesIsTheChunkInOnePieceToTheByte() {
        Random random = Seed.of(getClass()).random();
        Series neighbour = new Series();
        for (int round = 0; round < ROUNDS; round++) {
            Series series = new Series();
            byte[] expected = new byte[4096];
            long state = 0;
            long timeMs = random.nextLong(1L << random.nextInt(1, 42));
            long distance = 0;
            double value = 0;
            int samples = random.nextInt(1, OpenFloats.MAX_SAMPLES);
            for (int i = 0; i < samples && XorEncoder.sizeBytes(state) < OpenFloats.MAX_BYTES; i++) {
                double last = value;
                value = anyValue(random, last);
                long difference = Double.doubleToRawLongBits(value) ^ Double.doubleToRawLongBits(last);
                long next = 1 + random.nextLong(1L << random.nextInt(1, 36));
                if (i == 0) {
                    state = XorEncoder.first(expected, 0, timeMs, value);
                } else {
                    timeMs += next;
                    state = i == 1
                            ? XorEncoder.second(expected, 0, state, next, difference)
                            : XorEncoder.next(expected, 0, state, next - distance, difference);
                    distance = next;
                }
                add(series, timeMs, value);
                add(neighbour, round * 1_000_000L + i, value); // whose pieces lie between
            }
            int size = XorEncoder.sizeBytes(state);
            byte[] copied = new byte[size];
            assertThat(series.size()).isEqualTo(size);
            assertThat(floats.copy(series.open(), size, copied, 0)).isTrue();
            int from = XorLayout.COUNT_BYTES;
            assertThat(Arrays.equals(copied, from, size, expected, from, size)).isTrue();
            floats.free(series.open());
        }
        floats.free(neighbour.open());
        assertThat(pieces.usedBytes()).isZero();
    }

    private static double anyValue(Random random, double last) {
        return switch (random.nextInt(6)) {
            case 0 -> last;
            case 1 -> last + random.nextInt(100);
            case 2 -> random.nextDouble();
            case 3 -> Double.longBitsToDouble(random.nextLong());
            case 4 -> Double.longBitsToDouble(Double.doubleToRawLongBits(last) ^ 1L << random.nextInt(64));
            default -> random.nextInt(1000) / 10.0;
        };
    }

    @Test
    void theFirstTimestampStaysThatOfTheFirstPiece() {
        Series series = new Series();
        for (int i = 0; i < 100; i++) {
            add(series, 1_000 + 15L * i, i / 3.0);
            assertThat(floats.firstTimestampMs(0, series.open())).isEqualTo(1_000);
        }
    }

    /** Series that are scraped at one moment grow at one moment, each at its own pace. */
    @Test
    void openChunksOfManySeriesTakeLittleMoreThanWhatIsInThem() {
        Series[] many = new Series[5_000];
        Arrays.setAll(many, _ -> new Series());
        Random random = new Random(1);
        for (int i = 0; i < 119; i++) {
            for (int s = 0; s < many.length; s++) {
                double last = Double.longBitsToDouble(many[s].fields[SeriesLayout.LAST_V]);
                add(many[s], 15_000L * i + random.nextInt(3), last + random.nextInt(1 + s % 100));
            }
        }
        long data = Arrays.stream(many).mapToLong(Series::size).sum();
        assertThat(account.bytes()).isLessThan(data + data / 8 + many.length * 48L);

        for (Series series : many) {
            add(series, 15_000L * 200, 1);
            add(series, 15_000L * 201, 1);
        }
        assertThat(pieces.usedBytes()).isEqualTo(many.length * 48L);
    }

    /** A reader may find any numbers while the writer changes a series. */
    @Test
    void readersOfHalfChangedSeriesFindNothingRatherThanFail() {
        Random random = Seed.of(getClass()).random();
        Series series = new Series();
        for (int i = 0; i < 119; i++) {
            add(series, 15L * i, random.nextDouble());
        }
        byte[] copied = new byte[2048];
        long open = series.open();
        assertThat(floats.copy(open, series.size() - 44, copied, 0)).isFalse();
        assertThat(floats.copy(open, series.size() + 44, copied, 0)).isFalse();
        for (int i = 0; i < 10_000; i++) {
            long broken = open ^ 1L << random.nextInt(64) ^ 1L << random.nextInt(64);
            boolean _ = floats.copy(broken, random.nextInt(1, 1024), copied, 0);
        }
        assertThat(floats.copy(0, 100, copied, 0)).isFalse();
    }
}
