// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Exemplar;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.wire.ProtobufReader;

/** An {@code io.prometheus.client.Exemplar}, and the timestamps in all these messages. For one thread. */
final class ExemplarMessage {
    private static final int LABEL = 1;
    private static final int VALUE = 2;
    private static final int TIMESTAMP = 3;
    private static final int NAME = 1;
    private static final int SECONDS = 1;
    private static final int NANOS = 2;
    private static final long MILLIS_PER_SECOND = 1000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ProtobufReader reader = new ProtobufReader();
    private boolean timestamped;
    private long timestampMs;
    private double value;

    /** Reads the value and the timestamp, and goes through the rest. */
    void read(byte[] bytes, int from, int to) {
        timestamped = false;
        value = 0;
        reader.over(bytes, from, to - from);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case LABEL -> passLabel();
                case VALUE -> value = reader.float64();
                case TIMESTAMP -> {
                    timestampMs = timestampMs(reader);
                    timestamped = true;
                }
                default -> {
                    // Of a later version.
                }
            }
        }
    }

    private void passLabel() {
        int outer = reader.enter();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == NAME || field == VALUE) {
                reader.bytes();
            }
        }
        reader.leave(outer);
    }

    double value() {
        return value;
    }

    boolean isTimestamped() {
        return timestamped;
    }

    long timestampMs() {
        return timestampMs;
    }

    /** All of it; without a timestamp of its own it gets the one that is given. */
    Exemplar exemplar(byte[] bytes, int from, int to, long otherwiseMs) {
        LabelsBuilder labels = Labels.builder();
        double found = 0;
        long timeMs = otherwiseMs;
        reader.over(bytes, from, to - from);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case LABEL -> label(labels);
                case VALUE -> found = reader.float64();
                case TIMESTAMP -> timeMs = timestampMs(reader);
                default -> {
                    // Of a later version.
                }
            }
        }
        return new Exemplar(labels.build(), found, timeMs);
    }

    private void label(LabelsBuilder labels) {
        String name = "";
        String value = "";
        int outer = reader.enter();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case NAME -> name = reader.text();
                case VALUE -> value = reader.text();
                default -> {
                    // Of a later version.
                }
            }
        }
        reader.leave(outer);
        if (!name.isEmpty() && !value.isEmpty()) {
            labels.set(name, value);
        }
    }

    /** The {@code google.protobuf.Timestamp} that is the reader's current field, in milliseconds since 1970. */
    static long timestampMs(ProtobufReader reader) {
        long seconds = 0;
        long nanos = 0;
        int outer = reader.enter();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case SECONDS -> seconds = reader.int64();
                case NANOS -> nanos = reader.int64();
                default -> {
                    // Of a later version.
                }
            }
        }
        reader.leave(outer);
        return seconds * MILLIS_PER_SECOND + nanos / NANOS_PER_MILLI;
    }
}
