// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The chunks that a series of histograms makes, cut where the encoder says so. */
public final class ChunkBuilder {
    public static final class Chunk {
        private final ChunkEncoding encoding;
        private final byte[] bytes;

        Chunk(ChunkEncoding encoding, byte[] bytes) {
            this.encoding = encoding;
            this.bytes = bytes;
        }

        public ChunkEncoding encoding() {
            return encoding;
        }

        public byte[] bytes() {
            return bytes;
        }

        CounterResetHeader header() {
            return CounterResetHeader.of(bytes[2] & 0xff);
        }

        SampleBuffer decode() {
            return decode(Long.MIN_VALUE, Long.MAX_VALUE);
        }

        SampleBuffer decode(long mintMs, long maxtMs) {
            SampleBuffer into = new SampleBuffer();
            new ChunkDecoder().decode(encoding, bytes, 0, bytes.length, mintMs, maxtMs, into);
            return into;
        }
    }

    private final HistogramEncoder encoder = new HistogramEncoder();
    private final List<Chunk> closed = new ArrayList<>();
    private byte[] chunk = {};
    private byte[] state = {};
    private int size;
    private int samples;
    private boolean floats;
    private boolean open;

    public HistogramEncoder.Fit add(long t, NativeHistogram histogram) {
        HistogramEncoder.Fit fit = open ? encoder.fit(chunk, 0, state, 0, histogram) : HistogramEncoder.Fit.NEW_CHUNK;
        switch (fit) {
            case NEW_CHUNK -> {
                CounterResetHeader header =
                        open ? encoder.header() : CounterResetHeader.first(histogram.counterResetHint());
                close();
                floats = HistogramEncoder.isFloat(histogram);
                encoder.begin(header, t, histogram);
            }
            case RECODE -> encoder.recode(chunk, 0, t, histogram, 0);
            case APPEND -> encoder.append(chunk, 0, t, histogram, 0);
        }
        open = true;
        size = encoder.sizeBytes();
        samples = encoder.samples();
        if (chunk.length < size + 8) {
            chunk = Arrays.copyOf(chunk, 2 * size + 8);
        }
        System.arraycopy(encoder.bytes(), 0, chunk, encoder.beginByte(), encoder.byteCount());
        if (state.length < encoder.stateBytes()) {
            state = new byte[encoder.stateBytes()];
        }
        encoder.save(state, 0);
        return fit;
    }

    private void close() {
        if (open) {
            XorEncoder.writeCount(chunk, 0, samples);
            closed.add(new Chunk(
                    floats ? ChunkEncoding.FLOAT_HISTOGRAM : ChunkEncoding.HISTOGRAM, Arrays.copyOf(chunk, size)));
            open = false;
        }
    }

    public List<Chunk> chunks() {
        close();
        return List.copyOf(closed);
    }
}
