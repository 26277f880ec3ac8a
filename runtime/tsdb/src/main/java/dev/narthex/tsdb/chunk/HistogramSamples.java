// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.StalenessMarker;

/** Writes the samples of a histogram chunk behind each other (see {@link HistogramChunkLayout}). */
final class HistogramSamples {
    private HistogramSamples() {}

    /**
     * Writes a sample and takes the state behind it.
     *
     * @param count the count, or its bits
     * @param zeroCount the zero count, or its bits
     * @param counts the counts of all buckets of the chunk, or their bits; positive ones first
     */
    static void write(
            BitWriter out,
            HistogramState state,
            long timestampMs,
            long count,
            long zeroCount,
            long sumBits,
            long[] counts) {
        int begin = out.position();
        if (state.samples == 0) {
            out.varbitInt(timestampMs);
        } else {
            long delta = timestampMs - state.lastT;
            out.varbitInt(delta - state.timeDelta);
            state.timeDelta = delta;
        }
        state.lastT = timestampMs;
        boolean stale = sumBits == StalenessMarker.BITS;
        if (state.floats) {
            writeFloats(out, state, count, zeroCount, sumBits, counts, stale);
        } else {
            writeIntegers(out, state, count, zeroCount, sumBits, counts, stale);
        }
        state.samples++;
        state.positionBits += out.position() - begin;
    }

    private static void writeIntegers(
            BitWriter out,
            HistogramState state,
            long count,
            long zeroCount,
            long sumBits,
            long[] counts,
            boolean stale) {
        boolean first = state.samples == 0;
        if (first) {
            out.varbitUint(count);
            out.varbitUint(zeroCount);
            out.bits(sumBits, 64);
            state.values[HistogramState.COUNT] = count;
            state.values[HistogramState.ZERO_COUNT] = zeroCount;
            state.values[HistogramState.SUM] = sumBits;
        } else if (stale) {
            // Nothing but the sum matters: the counts go on as they did, which takes a bit each.
            integer(out, state, HistogramState.COUNT, next(state, HistogramState.COUNT));
            integer(out, state, HistogramState.ZERO_COUNT, next(state, HistogramState.ZERO_COUNT));
            xor(out, state, HistogramState.SUM, sumBits);
        } else {
            integer(out, state, HistogramState.COUNT, count);
            integer(out, state, HistogramState.ZERO_COUNT, zeroCount);
            xor(out, state, HistogramState.SUM, sumBits);
        }
        if (stale) {
            return;
        }
        long former = 0;
        for (int i = 0; i < state.buckets(); i++) {
            long value = counts[i] - (i == state.positive ? 0 : former);
            former = counts[i];
            if (first) {
                out.varbitInt(value);
                state.values[HistogramState.BUCKETS + i] = value;
            } else {
                integer(out, state, HistogramState.BUCKETS + i, value);
            }
        }
    }

    private static void writeFloats(
            BitWriter out,
            HistogramState state,
            long count,
            long zeroCount,
            long sumBits,
            long[] counts,
            boolean stale) {
        float64(out, state, HistogramState.COUNT, stale ? 0 : count);
        float64(out, state, HistogramState.ZERO_COUNT, stale ? 0 : zeroCount);
        float64(out, state, HistogramState.SUM, sumBits);
        if (!stale) {
            for (int i = 0; i < state.buckets(); i++) {
                float64(out, state, HistogramState.BUCKETS + i, counts[i]);
            }
        }
    }

    private static void float64(BitWriter out, HistogramState state, int field, long bits) {
        if (state.samples == 0) {
            out.bits(bits, 64);
            state.values[field] = bits;
        } else {
            xor(out, state, field, bits);
        }
    }

    private static void xor(BitWriter out, HistogramState state, int field, long bits) {
        state.memory[field] = out.xor(bits ^ state.values[field], (int) state.memory[field]);
        state.values[field] = bits;
    }

    private static long next(HistogramState state, int field) {
        return state.values[field] + state.memory[field];
    }

    private static void integer(BitWriter out, HistogramState state, int field, long value) {
        long delta = value - state.values[field];
        out.varbitInt(delta - state.memory[field]);
        state.values[field] = value;
        state.memory[field] = delta;
    }
}
