// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramText;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.QuotedString;
import dev.narthex.model.StalenessMarker;
import dev.narthex.server.client.QuotedJson;
import dev.narthex.server.command.DumpFormat;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints samples a line each, series in the order of their labels. OpenMetrics has neither native histograms nor staleness
 * markers: they are left out there. For one thread.
 */
final class SampleDump {
    private static final int PIECE_CHARS = 1 << 16;
    private static final int MILLI_DIGITS = 3;

    private final Consumer<String> out;
    private final DumpFormat format;
    private final boolean openMetrics;
    private final StringBuilder text = new StringBuilder();

    SampleDump(Consumer<String> out, DumpFormat format) {
        this.out = out;
        this.format = format;
        openMetrics = format == DumpFormat.OPEN_METRICS;
    }

    /**
     * Prints the samples of a range.
     *
     * @param selectors a series that meets any of them is printed, once
     */
    void run(Queryable from, long mintMs, long maxtMs, List<List<LabelMatcher>> selectors) {
        SampleBuffer samples = new SampleBuffer();
        List<Querier> queriers = new ArrayList<>();
        try {
            List<Cursor> cursors = new ArrayList<>();
            for (List<LabelMatcher> selector : selectors) {
                Querier querier = from.querier(mintMs, maxtMs);
                queriers.add(querier);
                cursors.add(new Cursor(querier.select(SelectHints.range(mintMs, maxtMs), selector)));
            }
            while (true) {
                Cursor next = first(cursors);
                if (next == null) {
                    break;
                }
                Labels labels = next.labels();
                samples.clear();
                next.series.samples(samples);
                if (format == DumpFormat.SERIES) {
                    printSeries(labels, samples);
                } else {
                    print(labels, samples);
                }
                for (Cursor cursor : cursors) {
                    cursor.skip(labels);
                }
            }
        } finally {
            queriers.forEach(Querier::close);
        }
        if (openMetrics) {
            text.append("# EOF\n");
        }
        out.accept(text.toString());
        text.setLength(0);
    }

    private static @Nullable Cursor first(List<Cursor> cursors) {
        Cursor first = null;
        for (Cursor cursor : cursors) {
            if (cursor.labels != null && (first == null || cursor.labels.compareTo(first.labels()) < 0)) {
                first = cursor;
            }
        }
        return first;
    }

    /** A selection and the labels of its current series, null at its end. */
    private static final class Cursor {
        private final SeriesSet series;
        private @Nullable Labels labels;

        Cursor(SeriesSet series) {
            this.series = series;
            next();
        }

        private void next() {
            labels = series.next() ? series.labels() : null;
        }

        Labels labels() {
            return labels == null ? Labels.EMPTY : labels;
        }

        void skip(Labels printed) {
            if (printed.equals(labels)) {
                next();
            }
        }
    }

    /** Prints the labels where there is a sample, as Go writes JSON. */
    private void printSeries(Labels labels, SampleBuffer samples) {
        if (samples.isEmpty()) {
            return;
        }
        for (int i = 0; i < labels.size(); i++) {
            text.append(i == 0 ? '{' : ',');
            QuotedJson.append(text, labels.name(i));
            text.append(':');
            QuotedJson.append(text, labels.value(i));
        }
        text.append("}\n");
        handOver();
    }

    private void handOver() {
        if (text.length() > PIECE_CHARS) {
            out.accept(text.toString());
            text.setLength(0);
        }
    }

    private void print(Labels labels, SampleBuffer samples) {
        String series = openMetrics ? openMetrics(labels) : labels.toString();
        for (int i = 0; i < samples.size(); i++) {
            NativeHistogram histogram = samples.histogram(i);
            if (openMetrics && (histogram != null || StalenessMarker.is(samples.value(i)))) {
                continue;
            }
            text.append(series)
                    .append(' ')
                    .append(histogram == null ? GoFloat.general(samples.value(i)) : HistogramText.of(histogram))
                    .append(' ');
            if (openMetrics) {
                appendSeconds(samples.timestampMs(i));
            } else {
                text.append(samples.timestampMs(i));
            }
            text.append('\n');
            handOver();
        }
    }

    private static String openMetrics(Labels labels) {
        StringBuilder series = new StringBuilder(labels.metricName()).append('{');
        boolean first = true;
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.name(i).equals(Labels.METRIC_NAME)) {
                series.append(first ? "" : ",").append(labels.name(i)).append('=');
                QuotedString.append(series, labels.value(i));
                first = false;
            }
        }
        return series.append('}').toString();
    }

    private void appendSeconds(long timestampMs) {
        text.append(timestampMs < 0 ? "-" : "");
        String digits = Long.toString(Math.absExact(timestampMs));
        String padded = "0".repeat(Math.max(0, MILLI_DIGITS + 1 - digits.length())) + digits;
        int whole = padded.length() - MILLI_DIGITS;
        text.append(padded, 0, whole).append('.').append(padded, whole, padded.length());
    }
}
