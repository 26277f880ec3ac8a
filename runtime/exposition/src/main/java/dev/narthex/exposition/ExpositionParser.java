// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Exemplar;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.model.NativeHistogram;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks an exposition from sample to sample, whatever its format. It makes no object per float sample: a series is a
 * range of bytes in the notation of the text format, which {@link SeriesDecoder} turns into labels for those who need
 * them. Reused from body to body; for one thread.
 *
 * <p>A sample stands behind what announced it: the bytes from {@link #leadStart} to {@link #seriesStart} hold the
 * comments that came since the sample before, {@link MetadataReader} reads them. Both together are what
 * {@link #nextIs} compares with.
 */
public interface ExpositionParser {
    /** Starts on a new exposition. The bytes stay the caller's and must not change while they are parsed. */
    void reset(byte[] body, int from, int to);

    /** Lets go of the bytes. */
    void clear();

    /**
     * Goes on to the next entry; what says nothing is passed over.
     *
     * @throws ExpositionException when the bytes are no exposition; the parser must then be reset
     */
    ExpositionEntry next();

    /**
     * Tries whether what comes next are given bytes: all that stood between two samples in an earlier exposition, then
     * the text of a series. If so, goes past them and reads the sample as {@link #next} would; the type is not touched.
     * If not, nothing has happened.
     *
     * @param expected where the expected bytes are
     * @param from the first expected byte
     * @param seriesFrom where the series starts in them
     * @param to behind the series
     * @throws ExpositionException when the bytes are no exposition; the parser must then be reset
     */
    boolean nextIs(byte[] expected, int from, int seriesFrom, int to);

    /** Where the current series and what announced it stand; it may change with the next entry. */
    byte[] text();

    /** Where the comments before the current series start in {@link #text()}; at the end, those behind the last one. */
    int leadStart();

    /** Where the series of the current sample starts in {@link #text()}. */
    int seriesStart();

    /** Behind the series of the current sample; at the end, behind the last comment. */
    int seriesEnd();

    /**
     * The value of the current sample; every not-a-number is {@link dev.narthex.model.StalenessMarker#NORMAL_NAN}. Means
     * nothing where there is a histogram.
     */
    double value();

    /** The native histogram of the current sample, null for a float. */
    default @Nullable NativeHistogram histogram() {
        return null;
    }

    boolean hasTimestamp();

    /** The timestamp of the current sample in milliseconds since 1970, where it has one. */
    long timestampMs();

    /** When the counting began that the sample shows, in milliseconds since 1970; 0 where the exposition does not say. */
    default long startTimestampMs() {
        return 0;
    }

    /** How many exemplars the current sample has. */
    default int exemplarCount() {
        return 0;
    }

    /** An exemplar of the current sample. One without a timestamp gets the one that is given. */
    default Exemplar exemplar(int index, long timestampMs) {
        throw new IndexOutOfBoundsException("exemplar " + index + " of none");
    }

    /** Whether an exemplar of the current sample has a timestamp of its own. */
    default boolean isExemplarTimestamped(int index) {
        throw new IndexOutOfBoundsException("exemplar " + index + " of none");
    }

    /** A hash over all that an exemplar of the current sample says; equal ones have the same, and others hardly ever. */
    default long exemplarFingerprint(int index) {
        throw new IndexOutOfBoundsException("exemplar " + index + " of none");
    }

    /** The type that was announced last; unknown before the first. */
    MetricType type();

    /** Sets the type that counts as announced last, for one who went past a TYPE line by {@link #nextIs}. */
    void assumeType(MetricType announced);

    /** The metric family of the current TYPE, HELP or UNIT entry, without its quotes. */
    String familyName();

    /**
     * After a fault of the exposition: reads the comments that stand above it and below the last sample that was given. A
     * message has none, which stand before its first sample.
     */
    default void readComments(MetadataReader reader, Map<String, Metadata> into) {}

    /** The text of the current HELP entry, unescaped. */
    String helpText();

    /** The unit of the current UNIT entry, perhaps empty. */
    default String unit() {
        return "";
    }
}
