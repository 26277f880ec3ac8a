// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import dev.narthex.model.Exemplar;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.SeriesLimitException;
import dev.narthex.wire.ProtobufReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code io.prometheus.write.v2.Request} (Remote-Write specification 2.0): labels are references into a table of
 * symbols. What is rejected is named in the answer, everything else is stored. For one thread, reused.
 */
final class WriteRequestV2 extends SeriesReader {
    private static final int SYMBOL = 4;
    private static final int TIME_SERIES = 5;
    private static final int LABELS_REFS = 1;
    private static final int SAMPLES = 2;
    private static final int HISTOGRAMS = 3;
    private static final int EXEMPLARS = 4;
    private static final int METADATA = 5;
    private static final int CREATED_TIMESTAMP = 6;
    /** More reasons than these are counted, not listed. */
    private static final int MAX_REASONS = 100;
    /** The types in the order of the message's enumeration. */
    private static final MetricType[] TYPES = {
        MetricType.UNKNOWN,
        MetricType.COUNTER,
        MetricType.GAUGE,
        MetricType.HISTOGRAM,
        MetricType.GAUGE_HISTOGRAM,
        MetricType.SUMMARY,
        MetricType.INFO,
        MetricType.STATESET
    };

    private final SeriesContent.Ranges symbols = new SeriesContent.Ranges(memory);
    private long[] symbolHashes = new long[128];
    private int[] refs = new int[64];
    private int refCount;
    private final List<String> reasons = new ArrayList<>();
    private int moreReasons;
    private int metadataStart;
    private int metadataLength;
    private MetricType type = MetricType.UNKNOWN;
    private long helpRef;
    private long unitRef;

    WriteRequestV2(Hash128 hash, SeriesReferences references, boolean startTimestamps, Appender none) {
        super(hash, references, startTimestamps, none);
    }

    @Override
    void readMessage(int length) throws RemoteWriteException {
        reasons.clear();
        moreReasons = 0;
        readSymbols(length);
        reader.over(bytes, 0, length);
        int field = reader.next();
        while (field != 0) {
            if (field == TIME_SERIES) {
                int outer = reader.enter();
                readSeries();
                reader.leave(outer);
                appendSeries();
            }
            field = reader.next();
        }
    }

    private void readSymbols(int length) {
        symbols.clear();
        reader.over(bytes, 0, length);
        int field = reader.next();
        while (field != 0) {
            if (field == SYMBOL) {
                reader.bytes();
                hash.reset();
                hash.update(bytes, reader.start(), reader.stop());
                int at = 2 * symbols.size();
                if (at == symbolHashes.length) {
                    symbolHashes = Arrays.copyOf(symbolHashes, 2 * at);
                }
                symbolHashes[at] = hash.high;
                symbolHashes[at + 1] = hash.low;
                symbols.add(reader.start(), reader.stop());
            }
            field = reader.next();
        }
    }

    private void readSeries() {
        content.clear();
        refCount = 0;
        metadataLength = -1;
        long createdMs = 0;
        int field = reader.next();
        while (field != 0) {
            switch (field) {
                case LABELS_REFS -> refCount = readRefs(reader, refCount);
                case SAMPLES -> readSample();
                case HISTOGRAMS -> {
                    reader.bytes();
                    content.histograms().add(reader.start(), reader.stop());
                }
                case EXEMPLARS -> {
                    reader.bytes();
                    content.exemplars().add(reader.start(), reader.stop());
                }
                case METADATA -> {
                    reader.bytes();
                    metadataStart = reader.start();
                    metadataLength = reader.stop() - metadataStart;
                }
                case CREATED_TIMESTAMP -> createdMs = reader.int64();
                default -> {}
            }
            field = reader.next();
        }
        content.setStartTimestamp(createdMs);
    }

    private int readRefs(ProtobufReader from, int already) {
        int count = already;
        int outer = from.enterPacked();
        while (from.hasPacked()) {
            if (count == refs.length) {
                refs = Arrays.copyOf(refs, 2 * count);
            }
            // What is beyond the range of an int is beyond every table, too.
            refs[count++] = Math.clamp(from.packedInt64(), -1, Integer.MAX_VALUE);
        }
        from.leave(outer);
        return count;
    }

    private void readSample() {
        int outer = reader.enter();
        double value = 0;
        long timestampMs = 0;
        long startMs = 0;
        int field = reader.next();
        while (field != 0) {
            switch (field) {
                case 1 -> value = reader.float64();
                case 2 -> timestampMs = reader.int64();
                case 3 -> startMs = reader.int64();
                default -> {}
            }
            field = reader.next();
        }
        reader.leave(outer);
        content.addSample(timestampMs, value, startMs);
    }

    private void appendSeries() throws RemoteWriteException {
        String damage = damagedRefs(0, refCount);
        if (damage != null) {
            addReason("parsing labels for series " + shownRefs() + ": " + damage);
            return;
        }
        String metadataDamage = metadataLength < 0 ? null : damagedMetadata();
        if (metadataDamage != null) {
            addReason("parsing metadata for series " + shownRefs() + ": metadata " + metadataDamage
                    + " outside of symbols table (size " + symbols.size() + ")");
            return;
        }
        hash.reset();
        for (int i = 0; i < refCount; i++) {
            hash.update(symbolHashes[2 * refs[i]], symbolHashes[2 * refs[i] + 1]);
        }
        if (content.samples() + content.histograms().size() == 0) {
            readLabels();
            if (!labels.isValid() || labels.duplicate() != null) {
                rejectLabels();
            } else {
                reject("TimeSeries must contain at least one sample or histogram");
            }
            return;
        }
        append();
        if (metadataLength >= 0) {
            long ref = knownReference();
            if (ref > 0) {
                appender.metadata(ref, new Metadata(type, symbolText(unitRef), symbolText(helpRef)));
            }
        }
    }

    private String shownRefs() {
        return Arrays.toString(Arrays.copyOf(refs, refCount)).replace(",", "");
    }

    /** What is wrong with the references from a place on up to another one. */
    private @Nullable String damagedRefs(int first, int last) {
        if ((last - first) % 2 != 0) {
            return "invalid labelRefs length " + (last - first);
        }
        for (int i = first; i < last; i += 2) {
            if (!isSymbol(refs[i]) || !isSymbol(refs[i + 1])) {
                return "labelRefs " + refs[i] + " (name) = " + refs[i + 1] + " (value) outside of symbols table (size "
                        + symbols.size() + ")";
            }
        }
        return null;
    }

    private boolean isSymbol(long ref) {
        return ref >= 0 && ref < symbols.size();
    }

    private @Nullable String damagedMetadata() {
        readMetadata();
        if (!isSymbol(unitRef)) {
            return "unit_ref " + unitRef;
        }
        return isSymbol(helpRef) ? null : "help_ref " + helpRef;
    }

    @Override
    void readLabels() {
        labels.clear();
        for (int i = 0; i < refCount; i += 2) {
            labels.add(symbol(refs[i]), symbol(refs[i + 1]));
        }
        labels.sort();
    }

    private @Nullable String symbol(int ref) {
        return ProtobufReader.utf8(bytes, symbols.start(ref), symbols.stop(ref));
    }

    private String symbolText(long ref) {
        String text = isSymbol(ref) ? symbol((int) ref) : null;
        return text == null ? "" : text;
    }

    private void readMetadata() {
        type = MetricType.UNKNOWN;
        helpRef = 0;
        unitRef = 0;
        inner.over(bytes, metadataStart, metadataLength);
        int field = inner.next();
        while (field != 0) {
            switch (field) {
                case 1 -> {
                    long number = inner.int64();
                    type = number >= 0 && number < TYPES.length ? TYPES[(int) number] : MetricType.UNKNOWN;
                }
                case 3 -> helpRef = inner.int64();
                case 4 -> unitRef = inner.int64();
                default -> {}
            }
            field = inner.next();
        }
    }

    @Override
    @Nullable
    Exemplar exemplar(int start, int length) {
        int first = refCount;
        int last = first;
        double value = 0;
        long timestampMs = 0;
        inner.over(bytes, start, length);
        int field = inner.next();
        while (field != 0) {
            switch (field) {
                case 1 -> last = readRefs(inner, last);
                case 2 -> value = inner.float64();
                case 3 -> timestampMs = inner.int64();
                default -> {}
            }
            field = inner.next();
        }
        String damage = damagedRefs(first, last);
        if (damage != null) {
            readLabels();
            addReason("parsing exemplar for series " + labels + ": " + damage);
            return null;
        }
        LabelsBuilder builder = new LabelsBuilder();
        labels.clear();
        for (int i = first; i < last; i += 2) {
            labels.add(symbol(refs[i]), symbol(refs[i + 1]));
        }
        labels.addTo(builder);
        return new Exemplar(builder.build(), value, timestampMs);
    }

    @Override
    long heldBytes() {
        return super.heldBytes() + symbols.heldBytes() + 8L * symbolHashes.length + 4L * refs.length;
    }

    @Override
    void rejectLabels() {
        String duplicate = labels.duplicate();
        addReason(
                labels.isValid() && duplicate != null
                        ? "invalid labels for series, labels " + labels + ", duplicated label " + duplicate
                        : "invalid metric name or labels, got " + labels);
    }

    @Override
    void reject(String text) {
        readLabels();
        addReason(text + " for series " + labels);
    }

    @Override
    void rejectExemplar(AppendResult result, String text) {
        if (result == AppendResult.OUT_OF_ORDER_EXEMPLAR) {
            reject(text);
        }
    }

    @Override
    void refuseSeries(SeriesLimitException e) {
        reject(String.valueOf(e.getMessage()));
    }

    private void addReason(String text) {
        if (reasons.size() < MAX_REASONS) {
            reasons.add(text);
        } else {
            moreReasons++;
        }
    }

    /** Why something was rejected, a line each; empty where nothing was. */
    String reasons() {
        String lines = String.join("\n", reasons);
        return moreReasons == 0 ? lines : lines + "\nand " + moreReasons + " more";
    }
}
