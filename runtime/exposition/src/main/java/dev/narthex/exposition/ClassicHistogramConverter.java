// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Exemplar;
import dev.narthex.model.InvalidHistogramException;
import dev.narthex.model.MetricType;
import dev.narthex.model.NativeHistogram;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the classic histograms that another parser finds into native ones with custom buckets, or adds those
 * ({@code convert_classic_histograms_to_nhcb}). A histogram is what stands in a row of samples of one family and one set
 * of labels but {@code le}; it ends at any other sample or comment. One whose samples do not belong together is left out
 * in a text, and makes the exposition refused in protobuf, as Prometheus 3.15 does it.
 *
 * <p>Exemplars with a timestamp of their own go with the histogram. For one thread.
 */
public final class ClassicHistogramConverter implements ExpositionParser {
    private static final byte[] EMPTY = new byte[0];

    private final ClassicSeries series = new ClassicSeries();
    private final ClassicBuckets buckets = new ClassicBuckets();
    private final SeriesText text = new SeriesText();
    private final List<Exemplar> exemplars = new ArrayList<>();
    private ExpositionParser source = new TextParser();
    private boolean keepClassic;

    private byte[] family = EMPTY;
    private int familyLength;
    /** A hash over the family and the labels of the current sample. */
    private long key;

    // Of the histogram that is being put together; its series starts at histogramStart in the text, behind its lead.
    private boolean open;
    private long openKey;
    private boolean gauge;
    private int histogramStart;
    private boolean timestamped;
    private long timestampMs;
    private long startTimestampMs;

    /** The source stands at an entry that was not given out yet. */
    private boolean held;

    private ExpositionEntry heldEntry = ExpositionEntry.END;
    /** Whether the current entry is a histogram made here, not one of the source. */
    private boolean made;

    private boolean fetched;
    private ExpositionEntry fetchedEntry = ExpositionEntry.END;
    private @Nullable NativeHistogram histogram;
    /** Length of comments whose samples are left out; they go in front of the next one. */
    private int carried;

    private int ownSeriesStart;
    private boolean ownText;

    /** Sets the parser to take samples from, and whether classic histograms stay beside the native ones. */
    public void over(ExpositionParser newSource, boolean keep) {
        source = newSource;
        keepClassic = keep;
    }

    @Override
    public void reset(byte[] body, int from, int to) {
        source.reset(body, from, to);
        open = false;
        held = false;
        fetched = false;
        made = false;
        ownText = false;
        carried = 0;
        familyLength = 0;
        histogram = null;
        text.cutTo(0);
        exemplars.clear();
    }

    @Override
    public void clear() {
        reset(EMPTY, 0, 0);
    }

    @Override
    public ExpositionEntry next() {
        ExpositionEntry entry = fetched ? fetchedEntry : fetch();
        fetched = false;
        return entry;
    }

    @Override
    public boolean nextIs(byte[] expected, int from, int seriesFrom, int to) {
        if (!fetched) {
            fetchedEntry = fetch();
            fetched = true;
        }
        if (fetchedEntry != ExpositionEntry.SERIES
                || seriesFrom - from != seriesStart() - leadStart()
                || !Arrays.equals(text(), leadStart(), seriesEnd(), expected, from, to)) {
            return false;
        }
        fetched = false;
        return true;
    }

    /** Goes on to the next sample that is to be given out, or the end. */
    private ExpositionEntry fetch() {
        made = false;
        while (true) {
            if (!held) {
                heldEntry = source.next();
            }
            held = false;
            ClassicSeries.Part part = heldEntry == ExpositionEntry.SERIES ? part() : ClassicSeries.Part.NONE;
            boolean isPart = part != ClassicSeries.Part.NONE;
            boolean goesOn = isPart && open && key == openKey;
            if (open && !goesOn) {
                open = false;
                held = true;
                if (closed()) {
                    return ExpositionEntry.SERIES;
                }
                continue;
            }
            switch (heldEntry) {
                case TYPE -> setFamily(source.familyName());
                case HELP, UNIT -> {
                    // Only ends a histogram.
                }
                case END -> {
                    given();
                    return ExpositionEntry.END;
                }
                case SERIES -> {
                    if (!isPart || part == ClassicSeries.Part.UNBOUNDED) {
                        given();
                        return ExpositionEntry.SERIES;
                    }
                    add(part);
                    if (keepClassic) {
                        given();
                        return ExpositionEntry.SERIES;
                    }
                }
            }
        }
    }

    private void setFamily(String name) {
        family = name.getBytes(StandardCharsets.UTF_8);
        familyLength = family.length;
    }

    private ClassicSeries.Part part() {
        if (source instanceof ProtobufParser protobuf) {
            if (source.leadStart() < source.seriesStart()) {
                SeriesText escaped = new SeriesText();
                byte[] name = source.familyName().getBytes(StandardCharsets.UTF_8);
                escaped.escaped(name, 0, name.length);
                family = escaped.bytes();
                familyLength = escaped.size();
            }
            if (protobuf.hasNativeForm()) {
                return ClassicSeries.Part.NONE;
            }
        }
        boolean convertible = source.type() == MetricType.HISTOGRAM
                || (source.type() == MetricType.GAUGE_HISTOGRAM && source instanceof ProtobufParser);
        if (!convertible) {
            return ClassicSeries.Part.NONE;
        }
        ClassicSeries.Part part =
                series.read(source.text(), source.seriesStart(), source.seriesEnd(), family, familyLength);
        key = Fingerprint.of(series.labelsKey(), family, 0, familyLength);
        return part;
    }

    /** Takes the current sample of the source into the histogram. */
    private void add(ClassicSeries.Part part) {
        if (!open) {
            open = true;
            openKey = key;
            gauge = source.type() == MetricType.GAUGE_HISTOGRAM;
            buckets.clear();
            exemplars.clear();
            startText();
        }
        timestamped = source.hasTimestamp();
        timestampMs = source.timestampMs();
        startTimestampMs = source.startTimestampMs();
        switch (part) {
            case BUCKET -> buckets.bucket(series.bound(), source.value());
            case COUNT -> buckets.count(source.value());
            case SUM -> buckets.sum(source.value());
            case NONE, UNBOUNDED -> {
                // Not called for these.
            }
        }
        for (int i = 0; i < source.exemplarCount(); i++) {
            if (source.isExemplarTimestamped(i)) {
                exemplars.add(source.exemplar(i, 0));
            }
        }
    }

    /** Makes lead and text of the histogram of the first of its samples. */
    private void startText() {
        text.cutTo(carried);
        carried = 0;
        if (!keepClassic) {
            text.bytes(source.text(), source.leadStart(), source.seriesStart());
        }
        histogramStart = text.size();
        text.ascii("{");
        ByteRanges pairs = series.pairs();
        for (int i = 0; i < pairs.count(); i += 2) {
            text.ascii("\"");
            text.bytes(source.text(), pairs.start(i), pairs.stop(i));
            text.ascii("\"=\"");
            text.bytes(source.text(), pairs.start(i + 1), pairs.stop(i + 1));
            text.ascii("\",");
        }
        text.ascii("\"");
        text.bytes(family, 0, familyLength);
        text.ascii("\"}");
    }

    /** Ends the histogram; false where it is left out. */
    private boolean closed() {
        try {
            histogram = buckets.toNative(gauge);
        } catch (InvalidHistogramException e) {
            if (source instanceof ProtobufParser) {
                throw ExpositionException.at(
                        0,
                        "histogram " + new String(family, 0, familyLength, StandardCharsets.UTF_8) + ": "
                                + e.getMessage());
            }
            // Its comments are still to be told.
            carried = histogramStart;
            return false;
        }
        exemplars.sort(Comparator.comparingLong(Exemplar::timestampMs));
        made = true;
        ownText = true;
        ownSeriesStart = histogramStart;
        return true;
    }

    /** The current entry of the source is given out, with the comments that were carried in front of its own. */
    private void given() {
        ownText = carried > 0;
        if (ownText) {
            text.cutTo(carried);
            text.bytes(source.text(), source.leadStart(), source.seriesStart());
            ownSeriesStart = text.size();
            text.bytes(source.text(), source.seriesStart(), source.seriesEnd());
            if (heldEntry == ExpositionEntry.END) {
                ownSeriesStart = text.size();
            }
            carried = 0;
        }
    }

    @Override
    public byte[] text() {
        return ownText ? text.bytes() : source.text();
    }

    @Override
    public int leadStart() {
        return ownText ? 0 : source.leadStart();
    }

    @Override
    public int seriesStart() {
        return ownText ? ownSeriesStart : source.seriesStart();
    }

    @Override
    public int seriesEnd() {
        return ownText ? text.size() : source.seriesEnd();
    }

    @Override
    public double value() {
        return source.value();
    }

    @Override
    public @Nullable NativeHistogram histogram() {
        return made ? histogram : source.histogram();
    }

    @Override
    public boolean hasTimestamp() {
        return made ? timestamped : source.hasTimestamp();
    }

    @Override
    public long timestampMs() {
        return made ? timestampMs : source.timestampMs();
    }

    @Override
    public long startTimestampMs() {
        return made ? startTimestampMs : source.startTimestampMs();
    }

    @Override
    public int exemplarCount() {
        return made ? exemplars.size() : source.exemplarCount();
    }

    @Override
    public Exemplar exemplar(int index, long sampleTimestampMs) {
        return made ? exemplars.get(index) : source.exemplar(index, sampleTimestampMs);
    }

    @Override
    public boolean isExemplarTimestamped(int index) {
        return made || source.isExemplarTimestamped(index);
    }

    @Override
    public long exemplarFingerprint(int index) {
        return made ? exemplars.get(index).hashCode() : source.exemplarFingerprint(index);
    }

    @Override
    public MetricType type() {
        return source.type();
    }

    @Override
    public void assumeType(MetricType announced) {
        // The source has read every comment itself.
    }

    @Override
    public String familyName() {
        return source.familyName();
    }

    @Override
    public String helpText() {
        return source.helpText();
    }

    @Override
    public String unit() {
        return source.unit();
    }
}
