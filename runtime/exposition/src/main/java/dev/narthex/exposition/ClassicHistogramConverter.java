// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Exemplar;
import dev.narthex.model.InvalidHistogramException;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.model.NativeHistogram;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the classic histograms that another parser finds into native ones with custom buckets, or adds those
 * ({@code convert_classic_histograms_to_nhcb}). A histogram is what stands in a row of samples of one family and one set
 * of labels but {@code le}; it ends at any other sample or comment. One whose samples do not belong together is left out
 * in a text, and makes the exposition refused in protobuf, as Prometheus 3.15 does it. It also does this as Prometheus: the
 * samples of a text's histogram that has more in a bucket than in all stay, and those of the next one are added to them,
 * under the labels of the first, until a sample contradicts them (which is lost then) or they come to something.
 *
 * <p>Exemplars with a timestamp of their own go with the histogram: in a text those of its samples, in protobuf those of the
 * histogram itself or else of its buckets. For one thread.
 */
public final class ClassicHistogramConverter implements ExpositionParser {
    private static final byte[] EMPTY = new byte[0];
    /** As a storage takes them. */
    private static final Comparator<Exemplar> EXEMPLARS = Comparator.comparingLong(Exemplar::timestampMs)
            .thenComparing(ClassicHistogramConverter::byValue)
            .thenComparing(Exemplar::labels);

    private static int byValue(Exemplar left, Exemplar right) {
        // What is not a number is neither less nor more.
        return left.value() < right.value() ? -1 : left.value() > right.value() ? 1 : 0;
    }

    private final ClassicSeries series = new ClassicSeries();
    private final ClassicBuckets buckets = new ClassicBuckets();
    /** Of the current entry, where it is not that of the source. */
    private final SeriesText text = new SeriesText();
    /** Comments whose samples went into a histogram, or came to nothing; they go in front of the next entry. */
    private final SeriesText leads = new SeriesText();
    /** The series of the histogram that is being put together. */
    private final SeriesText histogramText = new SeriesText();

    /** The name of the family of a message as it stands in texts. */
    private final SeriesText escapedFamily = new SeriesText();

    private final List<Exemplar> exemplars = new ArrayList<>();
    private ConvertibleParser source = new TextParser();
    /** Whether the source gives histograms as messages. */
    private boolean whole;

    private boolean keepClassic;

    private byte[] family = EMPTY;
    private int familyLength;
    private boolean nameHasEscapes;
    /** A hash over the family and the labels of the current sample. */
    private long key;

    // Of the histogram that is being put together.
    private boolean open;
    private long openKey;
    private int openMetric;
    private boolean gauge;
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
    /** The histogram made, null where its buckets count more than all. */
    private @Nullable NativeHistogram histogram;

    private String madeProblem = "";
    private int ownSeriesStart;
    private boolean ownText;

    /** Sets the parser to take samples from, and whether classic histograms stay beside the native ones. */
    public void over(ConvertibleParser newSource, boolean keep) {
        source = newSource;
        whole = newSource.givesWholeHistograms();
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
        familyLength = 0;
        nameHasEscapes = false;
        histogram = null;
        leads.cutTo(0);
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
                if (heldEntry == ExpositionEntry.SERIES && !whole) {
                    // In texts that of the sample that ends a histogram counts, as in Prometheus.
                    noteTimestamp();
                }
            }
            held = false;
            ClassicSeries.Part part = heldEntry == ExpositionEntry.SERIES ? part() : ClassicSeries.Part.NONE;
            boolean isPart = part != ClassicSeries.Part.NONE;
            boolean goesOn = isPart && open && key == openKey && source.metricNumber() == openMetric;
            if (open && !goesOn && closed()) {
                held = true;
                return ExpositionEntry.SERIES;
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
        // Prometheus compares the text of a family's name with that of a series': a name with escapes fits none.
        nameHasEscapes = name.indexOf('"') >= 0 || name.indexOf('\\') >= 0 || name.indexOf('\n') >= 0;
        family = name.getBytes(StandardCharsets.UTF_8);
        familyLength = family.length;
    }

    private ClassicSeries.Part part() {
        if (whole && source.leadStart() < source.seriesStart()) {
            escapedFamily.cutTo(0);
            byte[] name = source.familyName().getBytes(StandardCharsets.UTF_8);
            escapedFamily.escaped(name, 0, name.length);
            family = escapedFamily.bytes();
            familyLength = escapedFamily.size();
        }
        boolean convertible =
                source.type() == MetricType.HISTOGRAM || (source.type() == MetricType.GAUGE_HISTOGRAM && whole);
        if (!convertible || nameHasEscapes || source.hasNativeForm()) {
            return ClassicSeries.Part.NONE;
        }
        ClassicSeries.Part part =
                series.read(source.text(), source.seriesStart(), source.seriesEnd(), family, familyLength);
        if (part == ClassicSeries.Part.UNBOUNDED && whole) {
            throw refusal("bucket boundary must not be NaN");
        }
        key = Fingerprint.of(series.labelsKey(), family, 0, familyLength);
        return part;
    }

    /** Takes the current sample of the source into the histogram. */
    private void add(ClassicSeries.Part part) {
        if (!open) {
            open = true;
            openKey = key;
            openMetric = source.metricNumber();
            gauge = source.type() == MetricType.GAUGE_HISTOGRAM;
            buckets.clear();
            exemplars.clear();
            source.addHistogramExemplars(exemplars);
            startText();
        }
        if (!keepClassic) {
            leads.bytes(source.text(), source.leadStart(), source.seriesStart());
        }
        if (whole) {
            noteTimestamp();
        }
        startTimestampMs = source.startTimestampMs();
        switch (part) {
            case BUCKET -> {
                if (!source.isImpliedBucket()) {
                    buckets.bucket(series.bound(), source.value());
                }
            }
            case COUNT -> buckets.count(source.value());
            case SUM -> buckets.sum(source.value());
            case NONE, UNBOUNDED -> {
                // Not called for these.
            }
        }
        for (int i = 0; !whole && i < source.exemplarCount(); i++) {
            if (source.isExemplarTimestamped(i)) {
                exemplars.add(source.exemplar(i, 0));
            }
        }
    }

    private void noteTimestamp() {
        timestamped = source.hasTimestamp();
        timestampMs = source.timestampMs();
    }

    /** Makes the text of the histogram of the first of its samples. */
    private void startText() {
        histogramText.cutTo(0);
        histogramText.ascii("{");
        ByteRanges pairs = series.pairs();
        for (int i = 0; i < pairs.count(); i += 2) {
            histogramText.ascii("\"");
            histogramText.bytes(source.text(), pairs.start(i), pairs.stop(i));
            histogramText.ascii("\"=");
            histogramText.bytes(source.text(), pairs.start(i + 1), pairs.stop(i + 1));
            histogramText.ascii(",");
        }
        histogramText.ascii("\"");
        histogramText.bytes(family, 0, familyLength);
        histogramText.ascii("\"}");
    }

    /** Ends the histogram if something comes of it; false where not. */
    private boolean closed() {
        String problem = buckets.problem();
        if (!problem.isEmpty()) {
            open = false;
            if (whole) {
                throw refusal(problem);
            }
            return false;
        }
        try {
            histogram = buckets.toNative(gauge);
        } catch (InvalidHistogramException e) {
            if (!whole) {
                return false;
            }
            // Only where somebody looks at it is it a fault: a series that was there before is not stored.
            histogram = null;
            madeProblem = String.valueOf(e.getMessage());
        }
        open = false;
        exemplars.sort(EXEMPLARS);
        made = true;
        compose(histogramText.bytes(), 0, 0, histogramText.size());
        return true;
    }

    private ExpositionException refusal(String problem) {
        return ExpositionException.at(
                0, "histogram " + new String(family, 0, familyLength, StandardCharsets.UTF_8) + ": " + problem);
    }

    /** The current entry of the source is given out, with the comments that were carried in front of its own. */
    private void given() {
        ownText = leads.size() > 0;
        if (ownText) {
            int end = source.seriesEnd();
            compose(
                    source.text(),
                    source.leadStart(),
                    heldEntry == ExpositionEntry.END ? end : source.seriesStart(),
                    end);
        }
    }

    /** Makes the text of the current entry: the carried comments, its own, and its series. */
    private void compose(byte[] from, int start, int seriesStart, int end) {
        ownText = true;
        text.cutTo(0);
        text.bytes(leads.bytes(), 0, leads.size());
        leads.cutTo(0);
        text.bytes(from, start, seriesStart);
        ownSeriesStart = text.size();
        text.bytes(from, seriesStart, end);
    }

    @Override
    public void readComments(MetadataReader reader, Map<String, Metadata> into) {
        reader.read(source.format(), leads.bytes(), 0, leads.size(), into);
        source.readComments(reader, into);
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
        if (made && histogram == null) {
            throw refusal(madeProblem);
        }
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
