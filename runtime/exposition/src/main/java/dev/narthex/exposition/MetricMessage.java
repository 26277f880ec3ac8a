// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.wire.ProtobufReader;

/** An {@code io.prometheus.client.Metric}. For one thread; its memory is kept. */
final class MetricMessage {
    private static final int LABEL = 1;
    private static final int GAUGE = 2;
    private static final int COUNTER = 3;
    private static final int SUMMARY = 4;
    private static final int UNTYPED = 5;
    private static final int TIMESTAMP = 6;
    private static final int HISTOGRAM = 7;
    private static final int VALUE = 1;
    private static final int COUNTER_EXEMPLAR = 2;
    private static final int COUNTER_CREATED = 3;

    /** Names and values of the labels, at the same index. */
    final ByteRanges labelNames = new ByteRanges();

    final ByteRanges labelValues = new ByteRanges();
    /** The exemplar of a counter; where there are more, they are one together. */
    final ByteRanges counterExemplar = new ByteRanges();

    final HistogramMessage summary = new HistogramMessage();
    final HistogramMessage histogram = new HistogramMessage();
    long timestampMs;
    double gauge;
    double counter;
    /** Where a metric has none, that of the metric before goes on, as in Prometheus. */
    double untyped;

    final TimestampMessage counterCreated = new TimestampMessage();

    private boolean summaryRead;
    private boolean histogramRead;

    /** Begins another exposition. */
    void clear() {
        untyped = 0;
    }

    /** Reads the metric that is the reader's current field. */
    void read(ProtobufReader reader) {
        labelNames.clear();
        labelValues.clear();
        counterExemplar.clear();
        if (summaryRead) {
            summary.clear();
            summaryRead = false;
        }
        if (histogramRead) {
            histogram.clear();
            histogramRead = false;
        }
        timestampMs = 0;
        gauge = 0;
        counter = 0;
        counterCreated.clear();
        int outer = reader.enter();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case LABEL -> label(reader);
                case GAUGE -> gauge = value(reader, gauge);
                case COUNTER -> counter(reader);
                case SUMMARY -> {
                    summaryRead = true;
                    summary.readSummary(reader);
                }
                case UNTYPED -> untyped = value(reader, untyped);
                case TIMESTAMP -> timestampMs = reader.int64();
                case HISTOGRAM -> {
                    histogramRead = true;
                    histogram.readHistogram(reader);
                }
                default -> {
                    // Of a later version.
                }
            }
        }
        reader.leave(outer);
    }

    private void label(ProtobufReader reader) {
        if (reader.enteredPair()) {
            labelNames.add(reader.firstStart(), reader.firstStop());
            labelValues.add(reader.start(), reader.stop());
            return;
        }
        int nameStart = 0;
        int nameStop = 0;
        int valueStart = 0;
        int valueStop = 0;
        int outer = reader.enter();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == 1) {
                reader.bytes();
                nameStart = reader.start();
                nameStop = reader.stop();
            } else if (field == 2) {
                reader.bytes();
                valueStart = reader.start();
                valueStop = reader.stop();
            }
        }
        reader.leave(outer);
        labelNames.add(nameStart, nameStop);
        labelValues.add(valueStart, valueStop);
    }

    private static double value(ProtobufReader reader, double before) {
        double value = before;
        int outer = reader.enter();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == VALUE) {
                value = reader.float64();
            }
        }
        reader.leave(outer);
        return value;
    }

    private void counter(ProtobufReader reader) {
        int outer = reader.enter();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case VALUE -> counter = reader.float64();
                case COUNTER_EXEMPLAR -> {
                    reader.bytes();
                    counterExemplar.add(reader.start(), reader.stop());
                }
                case COUNTER_CREATED -> counterCreated.read(reader);
                default -> {
                    // Of a later version.
                }
            }
        }
        reader.leave(outer);
    }
}
