// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import dev.narthex.model.Exemplar;
import dev.narthex.model.InvalidHistogramException;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.SeriesLimitException;
import dev.narthex.wire.ProtobufReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the series of a request into a transaction: what both versions of the message share. A version reads its own
 * form, fills {@link #content} and {@link #hash} for each series, and says what follows when something is rejected. For
 * one thread, reused.
 */
abstract class SeriesReader {
    private static final String TOO_FAR = "out of bounds: timestamp is too far in the future";

    /** In the place of a reference: the current series is done with. */
    private static final long STOP = -1;

    final ProtobufReader reader = new ProtobufReader();
    /** For messages inside that are read later. */
    final ProtobufReader inner = new ProtobufReader();

    final Hash128 hash;
    final GrownMemory memory = new GrownMemory();
    final SeriesContent content = new SeriesContent(memory);
    final LabelParts labels = new LabelParts();
    private final HistogramMessage histogram = new HistogramMessage();
    private final SeriesReferences references;
    private final SeriesReferences.Cursor place = new SeriesReferences.Cursor();
    private final boolean startTimestamps;

    byte[] bytes = {};
    Appender appender;
    private long newestMs;
    private long samplesWritten;
    private long histogramsWritten;
    private long exemplarsWritten;
    private long invalidSamples;

    SeriesReader(Hash128 hash, SeriesReferences references, boolean startTimestamps, Appender none) {
        this.hash = hash;
        this.references = references;
        this.startTimestamps = startTimestamps;
        this.appender = none;
    }

    /**
     * Reads a request into a transaction, which the caller commits.
     *
     * @param newest samples after this time are rejected, milliseconds since 1970
     * @throws RemoteWriteException when nothing of the request is to be stored
     * @throws dev.narthex.wire.ProtobufException when the message is damaged
     */
    final void read(byte[] message, int length, Appender into, long newest) throws RemoteWriteException {
        bytes = message;
        appender = into;
        newestMs = newest;
        samplesWritten = 0;
        histogramsWritten = 0;
        exemplarsWritten = 0;
        invalidSamples = 0;
        readMessage(length);
    }

    abstract void readMessage(int length) throws RemoteWriteException;

    /** Reads the labels of the current series into {@link #labels}, sorted. */
    abstract void readLabels();

    /** The exemplar that a range of the request holds; null where it was rejected. */
    abstract @Nullable Exemplar exemplar(int start, int length);

    /** The labels in {@link #labels} are not those of a series. */
    abstract void rejectLabels() throws RemoteWriteException;

    /** A sample or histogram of the current series was rejected. */
    abstract void reject(String text) throws RemoteWriteException;

    /** An exemplar of the current series was rejected. */
    abstract void rejectExemplar(AppendResult result, String text) throws RemoteWriteException;

    /** The current series is new and there is no memory for it; the others go on. */
    abstract void refuseSeries(SeriesLimitException e);

    /** Appends the current series. */
    final void append() throws RemoteWriteException {
        long ref = references.get(hash.high, hash.low, place);
        if (ref <= 0) {
            ref = resolve(ref == SeriesReferences.INVALID, firstMs());
            if (ref == STOP) {
                return;
            }
        }
        for (int i = 0; i < content.samples(); i++) {
            ref = appendSample(ref, i);
            if (ref == STOP) {
                return;
            }
        }
        for (int i = 0; i < content.histograms().size(); i++) {
            ref = appendHistogram(ref, i);
            if (ref == STOP) {
                return;
            }
        }
        for (int i = 0; i < content.exemplars().size(); i++) {
            appendExemplar(ref, i);
        }
    }

    /**
     * The reference of the current series by its labels.
     *
     * @param timestampMs of the sample that it is for
     * @return 0 where there is none and that sample is refused, {@link #STOP} where the labels are those of no series
     */
    private long resolve(boolean knownInvalid, long timestampMs) throws RemoteWriteException {
        readLabels();
        if (knownInvalid || !labels.isValid() || labels.duplicate() != null) {
            references.put(hash.high, hash.low, SeriesReferences.INVALID, place);
            invalidSamples += content.samples() + content.histograms().size();
            rejectLabels();
            return STOP;
        }
        Labels series = labels.labels();
        try {
            long ref = appender.series(series, timestampMs);
            if (ref > 0) {
                references.put(hash.high, hash.low, ref, place);
            }
            return ref;
        } catch (SeriesLimitException e) {
            refuseSeries(e);
            return STOP;
        }
    }

    /** The time of the first sample; {@link Long#MIN_VALUE} where there is none that may be taken. */
    private long firstMs() {
        if (content.samples() > 0) {
            return takenMs(content.timestampMs(0));
        }
        if (content.histograms().size() == 0) {
            return Long.MIN_VALUE;
        }
        try {
            readHistogram(0).validate();
            return takenMs(histogram.timestampMs());
        } catch (InvalidHistogramException _) {
            return Long.MIN_VALUE; // told when its turn comes
        }
    }

    private long takenMs(long timestampMs) {
        return timestampMs > newestMs ? Long.MIN_VALUE : timestampMs;
    }

    private NativeHistogram readHistogram(int index) {
        int start = content.histograms().start(index);
        histogram.read(inner.over(bytes, start, content.histograms().length(index)));
        return histogram.histogram();
    }

    /** The reference to go on with: another one where the storage has forgotten the series; {@link #STOP} for none. */
    private long appendSample(long ref, int sample) throws RemoteWriteException {
        long timestampMs = content.timestampMs(sample);
        if (timestampMs > newestMs) {
            reject(TOO_FAR);
            return ref;
        }
        long startMs = startTimestamps ? content.startTimestampMs(sample) : 0;
        if (startMs != 0) {
            appender.startTimestamp(ref, timestampMs, startMs, false);
        }
        AppendResult result = appender.append(ref, timestampMs, content.value(sample));
        if (result == AppendResult.UNKNOWN_SERIES) {
            long again = resolve(false, timestampMs);
            return again <= 0 ? STOP : appendSample(again, sample);
        }
        if (result.isAccepted()) {
            samplesWritten++;
        } else {
            reject(appender.rejection(result));
        }
        return ref;
    }

    private long appendHistogram(long ref, int index) throws RemoteWriteException {
        NativeHistogram sample;
        try {
            sample = readHistogram(index);
            sample.validate();
        } catch (InvalidHistogramException e) {
            reject(String.valueOf(e.getMessage()));
            return ref;
        }
        long timestampMs = histogram.timestampMs();
        if (timestampMs > newestMs) {
            reject(TOO_FAR);
            return ref;
        }
        if (startTimestamps && histogram.startTimestampMs() != 0) {
            appender.startTimestamp(ref, timestampMs, histogram.startTimestampMs(), true);
        }
        AppendResult result = appender.append(ref, timestampMs, sample);
        if (result == AppendResult.UNKNOWN_SERIES) {
            long again = resolve(false, timestampMs);
            return again <= 0 ? STOP : appendHistogram(again, index);
        }
        if (result.isAccepted()) {
            histogramsWritten++;
        } else {
            reject(appender.rejection(result));
        }
        return ref;
    }

    private void appendExemplar(long ref, int index) throws RemoteWriteException {
        Exemplar exemplar =
                exemplar(content.exemplars().start(index), content.exemplars().length(index));
        if (exemplar == null) {
            return;
        }
        AppendResult result = appender.append(ref, exemplar);
        // One that is there already has come before.
        if (result.isAccepted() || result == AppendResult.DUPLICATE_EXEMPLAR) {
            exemplarsWritten++;
        } else {
            rejectExemplar(result, appender.rejection(result));
        }
    }

    /** The reference of the current series where it is known; 0 where it is not. */
    final long knownReference() {
        return Math.max(0, references.get(hash.high, hash.low, place));
    }

    /** The memory that is held for the next request: what the largest one so far needed. */
    long heldBytes() {
        return content.heldBytes() + labels.heldBytes() + histogram.heldBytes();
    }

    final RemoteWriteAnswer.Written written() {
        return new RemoteWriteAnswer.Written(samplesWritten, histogramsWritten, exemplarsWritten);
    }

    /** Samples and histograms whose labels are not those of a series. */
    final long invalidSamples() {
        return invalidSamples;
    }
}
