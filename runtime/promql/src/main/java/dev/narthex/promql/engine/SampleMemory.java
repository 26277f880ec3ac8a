// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.SampleBuffer;

/** Counts what a buffer of samples takes, before it grows, and the work of filling it. For one buffer. */
final class SampleMemory implements SampleBuffer.Growth {
    private static final long FLOAT_BYTES = 16;
    private static final long HISTOGRAM_COLUMN_BYTES = 8;

    private final QueryMemory memory;
    private final Progress progress;
    private long histogramBytes;

    SampleMemory(QueryMemory memory, Progress progress) {
        this.progress = progress;
        this.memory = memory;
    }

    @Override
    public void grow(SampleBuffer buffer, int capacity) {
        progress.look();
        memory.take((capacity - buffer.capacity()) * FLOAT_BYTES);
        if (buffer.hasHistograms()) {
            settle(buffer);
            // There are as many to come as there are.
            memory.take(histogramBytes);
            histogramBytes *= 2;
        }
    }

    @Override
    public void fill(int samples) {
        progress.work(samples);
    }

    /** Counts the histograms that are in the buffer now; to be called when a series was read. */
    void settle(SampleBuffer buffer) {
        if (histogramBytes == 0 && !buffer.hasHistograms()) {
            return;
        }
        long bytes = 0;
        for (int i = 0; buffer.hasHistograms() && i < buffer.size(); i++) {
            NativeHistogram histogram = buffer.histogram(i);
            progress.work(1);
            bytes += HISTOGRAM_COLUMN_BYTES + (histogram == null ? 0 : QueryMemory.bytes(histogram));
        }
        if (bytes > histogramBytes) {
            memory.take(bytes - histogramBytes);
        } else {
            memory.giveBack(histogramBytes - bytes);
        }
        histogramBytes = bytes;
    }
}
