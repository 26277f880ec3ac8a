// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import dev.narthex.model.Exemplar;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.SeriesLimitException;
import dev.narthex.wire.ProtobufReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code prometheus.WriteRequest} (Remote-Write specification 1.0). As in Prometheus, a rejected sample refuses the
 * whole request, and a series whose labels are none is left out. Metadata is passed over. For one thread, reused.
 */
final class WriteRequestV1 extends SeriesReader {
    private static final int TIME_SERIES = 1;
    private static final int LABEL = 1;
    private static final int SAMPLE = 2;
    private static final int EXEMPLAR = 3;
    private static final int HISTOGRAM = 4;

    private final SeriesContent.Ranges labelRanges = new SeriesContent.Ranges(memory);
    private @Nullable String refused;

    WriteRequestV1(Hash128 hash, SeriesReferences references, Appender none) {
        super(hash, references, false, none);
    }

    @Override
    void readMessage(int length) throws RemoteWriteException {
        refused = null;
        reader.over(bytes, 0, length);
        int field = reader.next();
        while (field != 0) {
            if (field == TIME_SERIES) {
                int outer = reader.enter();
                readSeries();
                reader.leave(outer);
                append();
            }
            field = reader.next();
        }
    }

    private void readSeries() {
        content.clear();
        labelRanges.clear();
        hash.reset();
        int field = reader.next();
        while (field != 0) {
            switch (field) {
                case LABEL -> {
                    reader.bytes();
                    labelRanges.add(reader.start(), reader.stop());
                    hash.update(bytes, reader.start(), reader.stop());
                }
                case SAMPLE -> readSample();
                case EXEMPLAR -> {
                    reader.bytes();
                    content.exemplars().add(reader.start(), reader.stop());
                }
                case HISTOGRAM -> {
                    reader.bytes();
                    content.histograms().add(reader.start(), reader.stop());
                }
                default -> {}
            }
            field = reader.next();
        }
    }

    private void readSample() {
        int outer = reader.enter();
        double value = 0;
        long timestampMs = 0;
        int field = reader.next();
        while (field != 0) {
            switch (field) {
                case 1 -> value = reader.float64();
                case 2 -> timestampMs = reader.int64();
                default -> {}
            }
            field = reader.next();
        }
        reader.leave(outer);
        content.addSample(timestampMs, value, 0);
    }

    @Override
    void readLabels() {
        labels.clear();
        for (int i = 0; i < labelRanges.size(); i++) {
            readLabel(inner.over(bytes, labelRanges.start(i), labelRanges.length(i)));
        }
        labels.sort();
    }

    private void readLabel(ProtobufReader label) {
        String name = "";
        String value = "";
        int field = label.next();
        while (field != 0) {
            switch (field) {
                case 1 -> name = label.utf8();
                case 2 -> value = label.utf8();
                default -> {}
            }
            field = label.next();
        }
        labels.add(name, value);
    }

    @Override
    Exemplar exemplar(int start, int length) {
        LabelsBuilder builder = new LabelsBuilder();
        double value = 0;
        long timestampMs = 0;
        inner.over(bytes, start, length);
        int field = inner.next();
        while (field != 0) {
            switch (field) {
                case 1 -> {
                    int outer = inner.enter();
                    labels.clear();
                    readLabel(inner);
                    inner.leave(outer);
                    labels.addTo(builder);
                }
                case 2 -> value = inner.float64();
                case 3 -> timestampMs = inner.int64();
                default -> {}
            }
            field = inner.next();
        }
        return new Exemplar(builder.build(), value, timestampMs);
    }

    @Override
    long heldBytes() {
        return super.heldBytes() + labelRanges.heldBytes();
    }

    @Override
    void rejectLabels() {
        // Left out; counted by the caller.
    }

    @Override
    void reject(String text) throws RemoteWriteException {
        throw new RemoteWriteException(RemoteWriteAnswer.BAD_REQUEST, text);
    }

    @Override
    void rejectExemplar(AppendResult result, String text) {
        // An exemplar is an extra: no request fails for it.
    }

    @Override
    void refuseSeries(SeriesLimitException e) {
        refused = String.valueOf(e.getMessage());
    }

    /** Why new series were refused, null where none was. */
    @Nullable
    String refused() {
        return refused;
    }
}
