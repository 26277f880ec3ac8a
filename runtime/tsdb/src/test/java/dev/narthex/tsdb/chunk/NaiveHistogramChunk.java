// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import java.util.ArrayList;
import java.util.List;

/**
 * A histogram chunk as a string of ones and zeros, written as plainly as the format page says it. All histograms have
 * the layout of the first one, or are staleness markers behind it.
 */
final class NaiveHistogramChunk {
    private final StringBuilder bits = new StringBuilder();
    private final int headerBits;
    private int count;
    private long lastT;
    private long lastDistance;
    private List<Long> lastValues = List.of();
    private List<Long> lastDeltas = List.of();
    private final List<int[]> windows = new ArrayList<>();

    NaiveHistogramChunk(int headerBits) {
        this.headerBits = headerBits;
    }

    void add(long t, NativeHistogram histogram) {
        if (count == 0) {
            put(headerBits, 2);
            put(0, 6);
            layout(histogram.layout());
        }
        boolean floats = histogram instanceof FloatHistogram;
        varbit(count == 0 ? t : count == 1 ? t - lastT : t - lastT - lastDistance);
        lastDistance = t - lastT;
        lastT = t;
        List<Long> values = values(histogram);
        List<Long> deltas = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (count == 0) {
                windows.add(null);
            }
            boolean unsigned = i < 2;
            boolean xor = floats || i == 2;
            if (count == 0 && xor) {
                put(values.get(i), 64);
                deltas.add(0L);
            } else if (count == 0) {
                if (unsigned) {
                    varbitUnsigned(values.get(i));
                } else {
                    varbit(values.get(i));
                }
                deltas.add(0L);
            } else if (xor) {
                xor(i, values.get(i) ^ lastValues.get(i));
                deltas.add(0L);
            } else {
                long delta = values.get(i) - lastValues.get(i);
                varbit(delta - lastDeltas.get(i));
                deltas.add(delta);
            }
        }
        lastValues = values;
        lastDeltas = deltas;
        count++;
    }

    private static List<Long> values(NativeHistogram histogram) {
        List<Long> values = new ArrayList<>();
        HistogramLayout layout = histogram.layout();
        switch (histogram) {
            case IntegerHistogram h -> {
                values.add(h.count());
                values.add(h.zeroCount());
                values.add(Double.doubleToRawLongBits(h.sum()));
                for (int i = 0; i < layout.positiveBuckets(); i++) {
                    values.add(h.positiveCount(i) - (i == 0 ? 0 : h.positiveCount(i - 1)));
                }
                for (int i = 0; i < layout.negativeBuckets(); i++) {
                    values.add(h.negativeCount(i) - (i == 0 ? 0 : h.negativeCount(i - 1)));
                }
            }
            case FloatHistogram h -> {
                values.add(Double.doubleToRawLongBits(h.count()));
                values.add(Double.doubleToRawLongBits(h.zeroCount()));
                values.add(Double.doubleToRawLongBits(h.sum()));
                for (int i = 0; i < layout.positiveBuckets(); i++) {
                    values.add(Double.doubleToRawLongBits(h.positiveCount(i)));
                }
                for (int i = 0; i < layout.negativeBuckets(); i++) {
                    values.add(Double.doubleToRawLongBits(h.negativeCount(i)));
                }
            }
        }
        return values;
    }

    private void layout(HistogramLayout layout) {
        double threshold = layout.zeroThreshold();
        int power = Math.getExponent(threshold);
        if (threshold == 0) {
            put(0, 8);
        } else if (threshold == Math.pow(2, power) && power >= -243 && power <= 10) {
            put(power + 244, 8);
        } else {
            put(255, 8);
            put(Double.doubleToRawLongBits(threshold), 64);
        }
        varbit(layout.schema());
        spans(layout.positiveSpans());
        spans(layout.negativeSpans());
        if (layout.hasCustomBuckets()) {
            varbitUnsigned(layout.customValues().size());
            for (double value : layout.customValues()) {
                long thousandths = Math.round(value * 1000);
                if (thousandths >= 0 && thousandths <= 33554430 && thousandths / 1000.0 == value) {
                    varbitUnsigned(thousandths + 1);
                } else {
                    put(0, 1);
                    put(Double.doubleToRawLongBits(value), 64);
                }
            }
        }
    }

    private void spans(List<BucketSpan> spans) {
        varbitUnsigned(spans.size());
        for (BucketSpan span : spans) {
            varbitUnsigned(span.length());
            varbit(span.offset());
        }
    }

    private void varbit(long value) {
        int[] widths = {3, 6, 9, 12, 18, 25, 56};
        if (value == 0) {
            bits.append('0');
            return;
        }
        for (int i = 0; i < widths.length; i++) {
            long half = 1L << (widths[i] - 1);
            if (value >= -half + 1 && value <= half) {
                bits.append("1".repeat(i + 1)).append('0');
                put(value, widths[i]);
                return;
            }
        }
        bits.append("11111111");
        put(value, 64);
    }

    private void varbitUnsigned(long value) {
        int[] widths = {3, 6, 9, 12, 18, 25, 56};
        if (value == 0) {
            bits.append('0');
            return;
        }
        for (int i = 0; i < widths.length; i++) {
            if (value > 0 && value < 1L << widths[i]) {
                bits.append("1".repeat(i + 1)).append('0');
                put(value, widths[i]);
                return;
            }
        }
        bits.append("11111111");
        put(value, 64);
    }

    private void xor(int i, long difference) {
        if (difference == 0) {
            bits.append('0');
            return;
        }
        int leading = Math.min(31, Long.numberOfLeadingZeros(difference));
        int trailing = Long.numberOfTrailingZeros(difference);
        int[] window = windows.get(i);
        if (window == null || leading < window[0] || trailing < window[1]) {
            window = new int[] {leading, trailing};
            windows.set(i, window);
            bits.append("11");
            put(leading, 5);
            put((64 - leading - trailing) % 64, 6);
        } else {
            bits.append("10");
        }
        put(difference >>> window[1], 64 - window[0] - window[1]);
    }

    private void put(long value, int width) {
        for (int i = width - 1; i >= 0; i--) {
            bits.append((value >>> i & 1) == 1 ? '1' : '0');
        }
    }

    byte[] bytes() {
        String all = "0".repeat(16 - Integer.toBinaryString(count).length()) + Integer.toBinaryString(count) + bits;
        all += "0".repeat((8 - all.length() % 8) % 8);
        byte[] bytes = new byte[all.length() / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(all.substring(8 * i, 8 * i + 8), 2);
        }
        return bytes;
    }
}
