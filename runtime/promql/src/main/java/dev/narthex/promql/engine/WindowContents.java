// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.storage.SampleBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which samples of a series are native histograms, and how many of them are in a window. For one series at a time. */
final class WindowContents {
    private @Nullable FloatHistogram[] all = new FloatHistogram[16];
    /** How many of the samples before each one are histograms. */
    private int[] before = new int[17];

    private int size;
    private @Nullable Progress progress;

    /** @param progress is told of each sample that is asked for from then on */
    void read(SampleBuffer samples, Progress progress) {
        this.progress = progress;
        size = samples.size();
        if (all.length < size) {
            all = new FloatHistogram[size];
            before = new int[size + 1];
        }
        for (int i = 0; i < size; i++) {
            progress.work(1);
            all[i] = HistogramSamples.at(samples, i);
            before[i + 1] = before[i] + (all[i] == null ? 0 : 1);
        }
    }

    /** How many of the samples from one to below another are histograms. */
    int histograms(int from, int to) {
        return before[to] - before[from];
    }

    boolean hasFloats() {
        return before[size] < size;
    }

    /** The histogram of a sample, null for a float. */
    @Nullable
    FloatHistogram orNull(int index) {
        FloatHistogram histogram = all[index];
        Objects.requireNonNull(progress).work(histogram == null ? 1 : Progress.HISTOGRAM);
        return histogram;
    }

    /** The histogram of a sample that is one. */
    FloatHistogram at(int index) {
        return Objects.requireNonNull(orNull(index));
    }
}
