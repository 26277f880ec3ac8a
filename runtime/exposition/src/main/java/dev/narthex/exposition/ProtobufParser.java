// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Exemplar;
import dev.narthex.model.InvalidHistogramException;
import dev.narthex.model.MetricType;
import dev.narthex.model.NativeHistogram;
import dev.narthex.wire.ProtobufException;
import dev.narthex.wire.ProtobufReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads delimited {@code io.prometheus.client.MetricFamily} messages (client_model, {@code metrics.proto}). Summaries and
 * classic histograms become the series that the text format has for them, named and with bounds written as there; a
 * histogram that has native buckets too gives one or the other or both, as configured.
 *
 * <p>Text is made for each sample in memory of the parser, as long as the names and labels that the message gives once
 * for many samples; an exposition that would make much more text than it has bytes itself is refused. It accepts and
 * refuses what Prometheus 3.15 accepts and refuses. Only the 1,000 first exemplars of a native histogram count.
 */
public final class ProtobufParser implements ConvertibleParser {
    private static final int FAMILY_NAME = 1;
    private static final int FAMILY_HELP = 2;
    private static final int FAMILY_TYPE = 3;
    private static final int FAMILY_METRIC = 4;
    private static final int FAMILY_UNIT = 5;
    private static final MetricType[] TYPES = {
        MetricType.COUNTER,
        MetricType.GAUGE,
        MetricType.SUMMARY,
        MetricType.UNKNOWN,
        MetricType.HISTOGRAM,
        MetricType.GAUGE_HISTOGRAM
    };
    /** How many samples a summary or a classic histogram has in front of its quantiles or buckets, as in Prometheus. */
    private static final int COUNT_AND_SUM = 2;

    private static final int MAX_VARINT_BYTES = 10;
    private static final long MAX_TEXT_RATIO = 100;
    private static final long MIN_MAX_TEXT = 16 << 20;
    private static final byte[] EMPTY = new byte[0];

    private final ProtobufReader reader = new ProtobufReader();
    private final ExemplarMessage exemplarMessage = new ExemplarMessage();
    private final BucketMessage bucket = new BucketMessage(exemplarMessage);
    private final MetricMessage metric = new MetricMessage();
    private final SeriesText text = new SeriesText();
    private final ByteRanges family = new ByteRanges();
    private final ExemplarRanges exemplars = new ExemplarRanges(exemplarMessage);
    private boolean nativeHistograms;
    private boolean alwaysClassic;

    private byte[] bytes = EMPTY;
    private int start;
    private int at;
    private int limit;
    private long textLeft;

    // Of the current family. Its name, help and unit are the ranges 0, 1 and 2.
    private long typeNumber;
    private boolean inFamily;
    private boolean familyChecked;
    private MetricType type = MetricType.UNKNOWN;

    // Of the current metric: samples done and to come.
    private int metricNumber;
    private boolean afterNative;
    private boolean metricChecked;
    private int sample;
    private int samples;
    private boolean nativeFirst;
    private int classicBuckets;
    private boolean infinityMissing;
    private int prefixEnd;

    // Of the current sample.
    private boolean composed;
    private boolean leadPending;
    private int lead;
    private int seriesStart;
    private double value;
    private boolean histogramSample;

    /** Sets which forms of histograms are wanted: the native one where there is one, and then the classic one too. */
    public void histograms(boolean wantNative, boolean wantAlwaysClassic) {
        nativeHistograms = wantNative;
        alwaysClassic = wantAlwaysClassic;
    }

    @Override
    public void reset(byte[] body, int from, int to) {
        bytes = body;
        start = from;
        at = from;
        limit = to;
        textLeft = Math.max(MIN_MAX_TEXT, MAX_TEXT_RATIO * (to - from));
        inFamily = false;
        composed = false;
        sample = 0;
        samples = 0;
        type = MetricType.UNKNOWN;
        histogramSample = false;
        metricNumber = 0;
        metric.clear();
    }

    @Override
    public void clear() {
        reset(EMPTY, 0, 0);
    }

    @Override
    public ExpositionEntry next() {
        try {
            if (!composed && !compose()) {
                lead = text.size();
                seriesStart = lead;
                return ExpositionEntry.END;
            }
        } catch (ProtobufException e) {
            throw failure(String.valueOf(e.getMessage()));
        }
        check();
        composed = false;
        return ExpositionEntry.SERIES;
    }

    @Override
    public boolean nextIs(byte[] expected, int from, int seriesFrom, int to) {
        try {
            if (!composed && !compose()) {
                return false;
            }
        } catch (ProtobufException e) {
            throw failure(String.valueOf(e.getMessage()));
        }
        if (seriesFrom - from != seriesStart - lead
                || !Arrays.equals(text.bytes(), lead, text.size(), expected, from, to)) {
            return false;
        }
        composed = false;
        return true;
    }

    /** Makes the text and reads the value of the next sample; false at the end. */
    private boolean compose() {
        while (sample == samples) {
            if (inFamily && nextMetric()) {
                enumerate();
            } else if (at < limit) {
                nextFamily();
            } else {
                return false;
            }
        }
        if (leadPending) {
            leadPending = false;
            lead = 0;
        } else {
            lead = seriesStart;
        }
        text.cutTo(prefixEnd);
        exemplars.clear();
        histogramSample = false;
        series(sample++);
        text.ascii("}");
        textLeft -= text.size() - lead;
        if (textLeft < 0) {
            throw failure("names and labels of the series are much longer than the exposition itself");
        }
        composed = true;
        return true;
    }

    private void nextFamily() {
        int length = length();
        reader.over(bytes, at, length);
        at += length;
        family.clear();
        typeNumber = 0;
        int nameStart = 0;
        int nameStop = 0;
        int helpStart = 0;
        int helpStop = 0;
        int unitStart = 0;
        int unitStop = 0;
        inFamily = false;
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case FAMILY_NAME -> {
                    reader.bytes();
                    nameStart = reader.start();
                    nameStop = reader.stop();
                }
                case FAMILY_HELP -> {
                    reader.bytes();
                    helpStart = reader.start();
                    helpStop = reader.stop();
                }
                case FAMILY_UNIT -> {
                    reader.bytes();
                    unitStart = reader.start();
                    unitStop = reader.stop();
                }
                case FAMILY_TYPE -> typeNumber = reader.int64();
                case FAMILY_METRIC -> {
                    reader.bytes();
                    inFamily = true;
                }
                default -> {
                    // Of a later version.
                }
            }
        }
        family.add(nameStart, nameStop);
        family.add(helpStart, helpStop);
        family.add(unitStart, unitStop);
        familyChecked = false;
        if (inFamily) {
            openFamily(at - length, length);
        }
    }

    private void openFamily(int from, int length) {
        if (typeNumber < 0 || typeNumber >= TYPES.length) {
            throw failure("unknown metric type, found " + typeNumber + "; accepted are 0 to " + (TYPES.length - 1));
        }
        type = TYPES[(int) typeNumber];
        reader.over(bytes, from, length);
        nativeFirst = false;
        leadPending = true;
        text.cutTo(0);
        comment("# TYPE \"");
        text.ascii("\" ");
        text.ascii(type.text());
        text.ascii("\n");
        comment("# HELP \"");
        text.ascii("\" ");
        text.escaped(bytes, family.start(1), family.stop(1));
        text.ascii("\n");
        if (family.length(2) > 0) {
            comment("# UNIT \"");
            text.ascii("\" ");
            text.escaped(bytes, family.start(2), family.stop(2));
            text.ascii("\n");
        }
        seriesStart = text.size();
    }

    private void comment(String keyword) {
        text.ascii(keyword);
        text.escaped(bytes, family.start(0), family.stop(0));
    }

    /** The length in front of a message. */
    private int length() {
        long length = 0;
        for (int i = 0; i < MAX_VARINT_BYTES && at < limit; i++) {
            byte b = bytes[at++];
            length |= (b & 0x7fL) << (7 * i);
            if (b >= 0) {
                if (length < 0 || length > limit - at) {
                    throw failure("message of " + Long.toUnsignedString(length) + " bytes where " + (limit - at)
                            + " are left");
                }
                return (int) length;
            }
        }
        throw failure("bad length of a message");
    }

    private boolean nextMetric() {
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == FAMILY_METRIC) {
                afterNative = nativeFirst;
                metric.read(reader);
                exemplarMessage.clearMerged();
                metricNumber++;
                metricChecked = false;
                return true;
            }
        }
        inFamily = false;
        return false;
    }

    /** Counts the samples of a metric and makes the text that all of them start with. */
    private void enumerate() {
        sample = 0;
        nativeFirst = false;
        checkUnread();
        switch (type) {
            case SUMMARY -> samples = metric.summary.buckets.count() + COUNT_AND_SUM;
            case HISTOGRAM, GAUGE_HISTOGRAM -> enumerateHistogram();
            case COUNTER, GAUGE, UNKNOWN, INFO, STATESET -> samples = 1;
        }
        text.cutTo(seriesStart);
        text.ascii("{");
        for (int i = 0; i < metric.labelNames.count(); i++) {
            text.label(
                    bytes,
                    metric.labelNames.start(i),
                    metric.labelNames.stop(i),
                    metric.labelValues.start(i),
                    metric.labelValues.stop(i));
        }
        text.ascii("\"");
        text.escaped(bytes, family.start(0), family.stop(0));
        prefixEnd = text.size();
    }

    /** Goes through what no sample will come of: damage there makes the exposition refused all the same. */
    private void checkUnread() {
        if (type != MetricType.SUMMARY) {
            for (int i = 0; i < metric.summary.buckets.count(); i++) {
                readQuantile(i);
            }
        }
        if (type != MetricType.HISTOGRAM && type != MetricType.GAUGE_HISTOGRAM) {
            for (int i = 0; i < metric.histogram.buckets.count(); i++) {
                readBucket(i);
                checkBucketExemplar();
            }
        }
        ByteRanges own = metric.histogram.exemplars;
        for (int i = 0; i < own.count(); i++) {
            exemplarMessage.read(bytes, own.start(i), own.stop(i));
        }
        mergeCounterExemplar();
        if (metric.counterExemplar.count() > 0) {
            exemplarMessage.read(bytes, metric.counterExemplar.start(0), metric.counterExemplar.stop(0));
        }
    }

    private void mergeCounterExemplar() {
        ByteRanges all = metric.counterExemplar;
        if (all.count() > 1) {
            int from = exemplarMessage.beginMerged();
            for (int i = 0; i < all.count(); i++) {
                exemplarMessage.merge(bytes, all.start(i), all.stop(i));
            }
            all.clear();
            all.add(from, exemplarMessage.endMerged());
        }
    }

    private void checkBucketExemplar() {
        if (bucket.exemplarStop != 0) {
            exemplarMessage.read(bytes, bucket.exemplarStart, bucket.exemplarStop);
        }
    }

    private void enumerateHistogram() {
        HistogramMessage histogram = metric.histogram;
        int buckets = histogram.buckets.count();
        classicBuckets = buckets;
        infinityMissing = true;
        for (int i = 0; i < buckets; i++) {
            readBucket(i);
            checkBucketExemplar();
            if (infinityMissing && bucket.bound == Double.POSITIVE_INFINITY) {
                infinityMissing = false;
                classicBuckets = i + 1;
            }
        }
        nativeFirst = nativeHistograms && histogram.isNative();
        boolean classic = !nativeFirst || (alwaysClassic && classicBuckets > 0);
        samples = (nativeFirst ? 1 : 0) + (classic ? classicBuckets + (infinityMissing ? 1 : 0) + COUNT_AND_SUM : 0);
    }

    private void series(int index) {
        switch (type) {
            case SUMMARY -> summarySeries(index);
            case HISTOGRAM, GAUGE_HISTOGRAM -> histogramSeries(index);
            case COUNTER -> {
                value = metric.counter;
                if (metric.counterExemplar.count() > 0) {
                    exemplars.add(metric.counterExemplar.start(0), metric.counterExemplar.stop(0));
                }
                text.ascii("\"");
            }
            case GAUGE -> {
                value = metric.gauge;
                text.ascii("\"");
            }
            case UNKNOWN, INFO, STATESET -> {
                value = metric.untyped;
                text.ascii("\"");
            }
        }
    }

    private void summarySeries(int index) {
        if (index < COUNT_AND_SUM) {
            countOrSum(metric.summary, index == 0);
        } else {
            readQuantile(index - COUNT_AND_SUM);
            value = bucket.value;
            bounded("\",\"quantile\"=\"", bucket.bound);
        }
    }

    private void readQuantile(int index) {
        ByteRanges quantiles = metric.summary.buckets;
        bucket.readQuantile(bytes, quantiles.start(index), quantiles.stop(index));
    }

    private void readBucket(int index) {
        ByteRanges buckets = metric.histogram.buckets;
        bucket.read(bytes, buckets.start(index), buckets.stop(index));
    }

    private void histogramSeries(int index) {
        HistogramMessage histogram = metric.histogram;
        int classic = nativeFirst ? index - 1 : index;
        int number = classic - COUNT_AND_SUM;
        if (classic < 0) {
            nativeSeries(histogram);
        } else if (number < 0) {
            countOrSum(histogram, classic == 0);
        } else if (number < classicBuckets) {
            readBucket(number);
            value = bucket.value;
            if (bucket.exemplarStop != 0) {
                exemplars.add(bucket.exemplarStart, bucket.exemplarStop);
            }
            bounded("_bucket\",\"le\"=\"", bucket.bound);
        } else {
            value = histogram.count();
            bounded("_bucket\",\"le\"=\"", Double.POSITIVE_INFINITY);
        }
    }

    private void bounded(String name, double limitOfBucket) {
        text.ascii(name);
        text.bound(limitOfBucket);
        text.ascii("\"");
    }

    private void countOrSum(HistogramMessage message, boolean count) {
        value = count ? message.count() : message.sum();
        text.ascii(count ? "_count\"" : "_sum\"");
    }

    private void nativeSeries(HistogramMessage histogram) {
        text.ascii("\"");
        value = histogram.sum();
        histogramSample = true;
        String problem = histogram.problem(afterNative);
        if (!problem.isEmpty()) {
            throw failure("histogram " + name() + ": " + problem);
        }
        ByteRanges own = histogram.exemplars;
        for (int i = 0; i < own.count(); i++) {
            exemplars.addTimed(bytes, own.start(i), own.stop(i));
        }
        for (int i = 0; own.count() == 0 && i < histogram.buckets.count(); i++) {
            readBucket(i);
            if (bucket.exemplarStop != 0) {
                exemplars.addTimed(bytes, bucket.exemplarStart, bucket.exemplarStop);
            }
        }
        exemplars.sort(bytes);
    }

    /** Checks names and texts, which {@link #nextIs} leaves out, since they were checked when they were new. */
    private void check() {
        if (!familyChecked) {
            if (family.length(0) == 0 || !Utf8.isValid(bytes, family.start(0), family.stop(0))) {
                throw failure("invalid metric name, found " + name());
            }
            if (!Utf8.isValid(bytes, family.start(1), family.stop(1))) {
                throw failure("help text of metric " + name() + " is not valid UTF-8");
            }
            familyChecked = true;
        }
        if (!metricChecked) {
            for (int i = 0; i < metric.labelNames.count(); i++) {
                // A label that is nothing at all is passed over, as one without a value is.
                if ((metric.labelNames.length(i) == 0 && metric.labelValues.length(i) > 0)
                        || !Utf8.isValid(bytes, metric.labelNames.start(i), metric.labelNames.stop(i))) {
                    throw failure("invalid label name of metric " + name());
                }
                if (!Utf8.isValid(bytes, metric.labelValues.start(i), metric.labelValues.stop(i))) {
                    throw failure("label value of metric " + name() + " is not valid UTF-8");
                }
            }
            metricChecked = true;
        }
    }

    private String name() {
        return ExpositionException.quoted(bytes, family.start(0), family.stop(0));
    }

    private ExpositionException failure(String problem) {
        return ExpositionException.at(at - start, problem);
    }

    @Override
    public ExpositionFormat format() {
        return ExpositionFormat.PROTOBUF;
    }

    @Override
    public boolean givesWholeHistograms() {
        return true;
    }

    @Override
    public int metricNumber() {
        return metricNumber;
    }

    @Override
    public boolean isImpliedBucket() {
        return infinityMissing && samples > 1 && sample == samples;
    }

    /** Its own, or where it has none, with a timestamp or without, those of all its buckets, also behind the infinite one. */
    @Override
    public void addHistogramExemplars(List<Exemplar> into) {
        try {
            HistogramMessage histogram = metric.histogram;
            ByteRanges own = histogram.exemplars;
            for (int i = 0; i < own.count(); i++) {
                addTimestamped(into, own.start(i), own.stop(i));
            }
            for (int i = 0; own.count() == 0 && i < histogram.buckets.count(); i++) {
                readBucket(i);
                if (bucket.exemplarStop != 0) {
                    addTimestamped(into, bucket.exemplarStart, bucket.exemplarStop);
                }
            }
        } catch (ProtobufException e) {
            throw failure(String.valueOf(e.getMessage()));
        }
    }

    private void addTimestamped(List<Exemplar> into, int from, int to) {
        exemplarMessage.read(bytes, from, to);
        if (exemplarMessage.isTimestamped()) {
            into.add(exemplarMessage.exemplar(bytes, from, to, 0));
        }
    }

    @Override
    public boolean hasNativeForm() {
        return nativeFirst;
    }

    @Override
    public byte[] text() {
        return text.bytes();
    }

    @Override
    public int leadStart() {
        return lead;
    }

    @Override
    public int seriesStart() {
        return seriesStart;
    }

    @Override
    public int seriesEnd() {
        return text.size();
    }

    @Override
    public double value() {
        return value;
    }

    /** @throws ExpositionException where the buckets are none that can be observed */
    @Override
    public @Nullable NativeHistogram histogram() {
        if (!histogramSample) {
            return null;
        }
        try {
            return metric.histogram.nativeForm(type == MetricType.GAUGE_HISTOGRAM);
        } catch (InvalidHistogramException e) {
            throw failure("histogram " + name() + ": " + e.getMessage());
        }
    }

    @Override
    public boolean hasTimestamp() {
        return metric.timestampMs != 0;
    }

    @Override
    public long timestampMs() {
        return metric.timestampMs;
    }

    @Override
    public long startTimestampMs() {
        return switch (type) {
            case COUNTER -> metric.counterCreated.millis();
            case SUMMARY -> metric.summary.createdMs();
            case HISTOGRAM, GAUGE_HISTOGRAM -> metric.histogram.createdMs();
            case GAUGE, UNKNOWN, INFO, STATESET -> 0;
        };
    }

    @Override
    public int exemplarCount() {
        return exemplars.count();
    }

    @Override
    public Exemplar exemplar(int index, long timestampMs) {
        try {
            return exemplarMessage.exemplar(bytes, exemplars.start(index), exemplars.stop(index), timestampMs);
        } catch (ProtobufException e) {
            throw failure(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public boolean isExemplarTimestamped(int index) {
        try {
            exemplarMessage.read(bytes, exemplars.start(index), exemplars.stop(index));
        } catch (ProtobufException e) {
            throw failure(String.valueOf(e.getMessage()));
        }
        return exemplarMessage.isTimestamped();
    }

    @Override
    public long exemplarFingerprint(int index) {
        return exemplarMessage.fingerprint(bytes, exemplars.start(index), exemplars.stop(index));
    }

    @Override
    public MetricType type() {
        return type;
    }

    @Override
    public void assumeType(MetricType announced) {
        // Each family says its type itself.
    }

    @Override
    public String familyName() {
        return new String(bytes, family.start(0), family.length(0), StandardCharsets.UTF_8);
    }

    @Override
    public String helpText() {
        return new String(bytes, family.start(1), family.length(1), StandardCharsets.UTF_8);
    }
}
