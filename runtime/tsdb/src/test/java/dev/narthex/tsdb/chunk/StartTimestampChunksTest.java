// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Chunks of encodings 4, 5 and 6 that Prometheus wrote. */
class StartTimestampChunksTest {
    private static final HexFormat HEX = HexFormat.of();

    private final ChunkDecoder decoder = new ChunkDecoder();

    /** A chunk, and what is known of its samples. */
    private record Recorded(ChunkEncoding encoding, String chunk, List<String> more) {
        byte[] bytes() {
            return HEX.parseHex(chunk);
        }
    }

    private static List<Recorded> recorded(String name) throws IOException {
        try (InputStream in = StartTimestampChunksTest.class.getResourceAsStream(name)) {
            byte[] all = Objects.requireNonNull(in).readAllBytes();
            return new String(all, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Arrays.asList(line.split(" ")))
                    .map(parts -> parts.getFirst().length() > 1
                            ? new Recorded(ChunkEncoding.XOR2, parts.getFirst(), parts.subList(1, parts.size()))
                            : new Recorded(encoding(parts.getFirst()), parts.get(1), parts.subList(2, parts.size())))
                    .toList();
        }
    }

    private static ChunkEncoding encoding(String number) {
        return Arrays.stream(ChunkEncoding.values())
                .filter(encoding -> encoding.number() == Integer.parseInt(number))
                .findAny()
                .orElseThrow();
    }

    private SampleBuffer decode(ChunkEncoding encoding, byte[] chunk) {
        SampleBuffer samples = new SampleBuffer();
        decoder.decode(encoding, chunk, 0, chunk.length, Long.MIN_VALUE, Long.MAX_VALUE, samples);
        return samples;
    }

    @Test
    void samplesAreThoseOfTheChunkWithoutStartTimestampsAndThoseAreTheOnesThatWentIn() throws IOException {
        List<Recorded> chunks = recorded("/start-timestamp-chunks.txt");
        assertThat(chunks.stream().map(Recorded::encoding).distinct())
                .containsExactlyInAnyOrder(
                        ChunkEncoding.XOR2, ChunkEncoding.HISTOGRAM_ST, ChunkEncoding.FLOAT_HISTOGRAM_ST);
        for (Recorded recorded : chunks) {
            SampleBuffer found = decode(recorded.encoding, recorded.bytes());
            SampleBuffer plain = decode(encoding(recorded.more.get(0)), HEX.parseHex(recorded.more.get(1)));
            assertThat(ChunkDecoder.count(recorded.encoding, recorded.bytes(), 0))
                    .isEqualTo(plain.size());
            assertThat(texts(found)).as(recorded.chunk).isEqualTo(texts(plain));
            List<String> starts = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                starts.add(Long.toString(found.startTimestampMs(i)));
            }
            assertThat(String.join(",", starts)).as(recorded.chunk).isEqualTo(recorded.more.get(2));
        }
    }

    @Test
    void theSameSamplesAreWrittenToTheSameBytes() throws IOException {
        List<Recorded> chunks = new ArrayList<>(recorded("/xor2-chunks.txt"));
        chunks.addAll(recorded("/start-timestamp-chunks.txt"));
        int floats = 0;
        for (Recorded recorded : chunks) {
            SampleBuffer samples = decode(recorded.encoding, recorded.bytes());
            byte[] written = recorded.encoding.isFloats() ? floats(samples) : histograms(recorded, samples);
            assertThat(HEX.formatHex(written)).as(recorded.more.toString()).isEqualTo(recorded.chunk);
            floats += recorded.encoding.isFloats() ? 1 : 0;
        }
        assertThat(floats).isBetween(40, chunks.size() - 30);
    }

    private static byte[] floats(SampleBuffer samples) {
        Xor2Encoder encoder = new Xor2Encoder();
        byte[] chunk = new byte[64 * samples.size() + 64];
        for (int i = 0; i < samples.size(); i++) {
            long bits = Double.doubleToRawLongBits(samples.value(i));
            if (i == 0) {
                encoder.begin(samples.timestampMs(0), bits, samples.startTimestampMs(0));
            } else {
                encoder.append(
                        chunk[encoder.positionBits() >>> 3], samples.timestampMs(i), bits, samples.startTimestampMs(i));
            }
            assertThat(encoder.byteCount()).isLessThanOrEqualTo(i == 0 ? 31 : Xor2Encoder.MAX_SAMPLE_BYTES + 1);
            System.arraycopy(encoder.bytes(), 0, chunk, encoder.beginByte(), encoder.byteCount());
            chunk[Xor2Encoder.FLAGS_AT] = (byte) encoder.flags();
        }
        XorEncoder.writeCount(chunk, 0, samples.size());
        return Arrays.copyOf(chunk, encoder.sizeBytes());
    }

    private static byte[] histograms(Recorded recorded, SampleBuffer samples) {
        HistogramEncoder encoder = new HistogramEncoder();
        byte[] chunk = new byte[4 * recorded.bytes().length + 64];
        byte[] state = new byte[1 << 16];
        CounterResetHeader header = CounterResetHeader.of(recorded.bytes()[0] & 0xff);
        for (int i = 0; i < samples.size(); i++) {
            NativeHistogram histogram = Objects.requireNonNull(samples.histogram(i));
            long start = samples.startTimestampMs(i);
            if (i == 0) {
                encoder.beginWithStart(header, samples.timestampMs(0), histogram, start);
            } else {
                assertThat(encoder.fit(chunk, 0, state, 0, histogram)).isEqualTo(HistogramEncoder.Fit.APPEND);
                encoder.append(chunk, 0, samples.timestampMs(i), histogram, start);
            }
            System.arraycopy(encoder.bytes(), 0, chunk, encoder.beginByte(), encoder.byteCount());
            chunk[Xor2Encoder.FLAGS_AT] = (byte) encoder.startFlags();
            encoder.save(state, 0);
        }
        XorEncoder.writeShortCount(chunk, 0, samples.size());
        return Arrays.copyOf(chunk, encoder.sizeBytes());
    }

    private static List<String> texts(SampleBuffer samples) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            texts.add(samples.timestampMs(i) + " " + HEX.toHexDigits(Double.doubleToRawLongBits(samples.value(i))) + " "
                    + samples.histogram(i));
        }
        return texts;
    }

    @Test
    void floatsAreTheOnesThatWentIn() throws IOException {
        List<Recorded> chunks = recorded("/xor2-chunks.txt");
        assertThat(chunks).hasSizeGreaterThan(40);
        for (Recorded recorded : chunks) {
            SampleBuffer found = decode(ChunkEncoding.XOR2, recorded.bytes());
            List<String> shown = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                shown.add(
                        found.timestampsMs()[i] + ":" + HEX.toHexDigits(Double.doubleToRawLongBits(found.values()[i])));
            }
            assertThat(shown).as(recorded.chunk).isEqualTo(recorded.more);
        }
    }

    @Test
    void aRangeOfTimeShowsItsSamplesWithTheirStartTimestamps() throws IOException {
        for (Recorded recorded : recorded("/start-timestamp-chunks.txt")) {
            SampleBuffer all = decode(recorded.encoding, recorded.bytes());
            int from = all.size() / 3;
            int to = 2 * all.size() / 3;
            SampleBuffer some = new SampleBuffer();
            decoder.decode(
                    recorded.encoding,
                    recorded.bytes(),
                    0,
                    recorded.bytes().length,
                    all.timestampMs(from),
                    all.timestampMs(to),
                    some);
            assertThat(texts(some)).isEqualTo(texts(all).subList(from, to + 1));
            for (int i = 0; i < some.size(); i++) {
                assertThat(some.startTimestampMs(i)).isEqualTo(all.startTimestampMs(from + i));
            }
        }
    }

    @Test
    void damageIsNamedOrGivesSamplesAndNothingElse() throws IOException {
        Random random = Seed.of(StartTimestampChunksTest.class).random();
        List<Recorded> chunks = new ArrayList<>(recorded("/xor2-chunks.txt"));
        chunks.addAll(recorded("/start-timestamp-chunks.txt"));
        for (Recorded recorded : chunks) {
            for (int i = 0; i < 50; i++) {
                byte[] damaged = Arrays.copyOf(recorded.bytes(), random.nextInt(recorded.bytes().length + 1));
                if (damaged.length > 0) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                SampleBuffer samples = new SampleBuffer();
                samples.add(1, 1);
                try {
                    decoder.decode(
                            recorded.encoding, damaged, 0, damaged.length, Long.MIN_VALUE, Long.MAX_VALUE, samples);
                    assertThat(samples.size())
                            .isLessThanOrEqualTo(1 + ChunkDecoder.count(recorded.encoding, damaged, 0));
                } catch (CorruptChunkException e) {
                    assertThat(samples.size()).isEqualTo(1);
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
        }
    }

    @Test
    void aChunkThatIsCutOffIsDamaged() throws IOException {
        Recorded recorded = recorded("/xor2-chunks.txt").get(6);
        byte[] cut = Arrays.copyOf(recorded.bytes(), recorded.bytes().length - 3);
        assertThatThrownBy(() -> decode(ChunkEncoding.XOR2, cut))
                .isInstanceOf(CorruptChunkException.class)
                .hasMessage("chunk ends in the middle of a sample, found " + cut.length + " bytes; more are needed");
    }
}
