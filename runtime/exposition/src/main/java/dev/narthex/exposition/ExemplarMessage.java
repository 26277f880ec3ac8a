// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Exemplar;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.wire.ProtobufReader;
import java.util.Arrays;

/**
 * An {@code io.prometheus.client.Exemplar}. Where it lies in the exposition is said by a range; one that is given more than
 * once is all of them together (Protocol Buffers, "Last One Wins": messages merge), lies in memory of its own, and its range
 * is negative. For one thread.
 */
final class ExemplarMessage {
    private static final int LABEL = 1;
    private static final int VALUE = 2;
    private static final int TIMESTAMP = 3;
    private static final int NAME = 1;

    private final ProtobufReader reader = new ProtobufReader();
    private final TimestampMessage timestamp = new TimestampMessage();
    private double value;
    private byte[] merged = {};
    private int mergedSize;

    /** Forgets what was merged. */
    void clearMerged() {
        mergedSize = 0;
    }

    /** Begins to merge; gives the start of the range to be. */
    int beginMerged() {
        return ~mergedSize;
    }

    /** Adds a range to what is being merged. */
    void merge(byte[] bytes, int from, int to) {
        byte[] source = source(bytes, from);
        int start = position(from);
        int length = position(to) - start;
        if (mergedSize + length > merged.length) {
            merged = Arrays.copyOf(merged, 2 * (mergedSize + length));
        }
        // The source may be what was grown just now: its bytes are the same.
        System.arraycopy(source, start, merged, mergedSize, length);
        mergedSize += length;
    }

    /** The end of the range of what was merged. */
    int endMerged() {
        return ~mergedSize;
    }

    private byte[] source(byte[] bytes, int from) {
        return from < 0 ? merged : bytes;
    }

    private static int position(int place) {
        return place < 0 ? ~place : place;
    }

    private void over(byte[] bytes, int from, int to) {
        timestamp.clear();
        reader.over(source(bytes, from), position(from), position(to) - position(from));
    }

    long fingerprint(byte[] bytes, int from, int to) {
        return Fingerprint.of(source(bytes, from), position(from), position(to));
    }

    /** Reads the value and the timestamp, and goes through the rest. */
    void read(byte[] bytes, int from, int to) {
        value = 0;
        over(bytes, from, to);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case LABEL -> passLabel();
                case VALUE -> value = reader.float64();
                case TIMESTAMP -> timestamp.read(reader);
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
        return timestamp.isThere();
    }

    long timestampMs() {
        return timestamp.millis();
    }

    /** All of it; without a timestamp of its own it gets the one that is given. */
    Exemplar exemplar(byte[] bytes, int from, int to, long otherwiseMs) {
        LabelsBuilder labels = Labels.builder();
        double found = 0;
        over(bytes, from, to);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case LABEL -> label(labels);
                case VALUE -> found = reader.float64();
                case TIMESTAMP -> timestamp.read(reader);
                default -> {
                    // Of a later version.
                }
            }
        }
        return new Exemplar(labels.build(), found, timestamp.isThere() ? timestamp.millis() : otherwiseMs);
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
}
