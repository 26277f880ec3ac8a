// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import dev.narthex.model.Exemplar;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.NativeHistogram;
import java.io.IOException;

/**
 * A transaction of appends. Readers see all of it after {@link #commit()}, or nothing. For one thread.
 *
 * <p>A caller that writes the same series again and again keeps the reference that {@link #series} gave and passes it
 * to {@link #append}: the hot path does no look-up and allocates nothing. A reference may become
 * {@link AppendResult#UNKNOWN_SERIES} when the series has had no samples for hours; the caller then resolves its labels
 * anew.
 */
public interface Appender extends AutoCloseable {
    /**
     * The reference of the series with these labels, which is made where there is none.
     *
     * @return a reference greater than zero, valid in later transactions too
     * @throws SeriesLimitException when the series is new and no memory may be spent on it
     */
    long series(Labels labels);

    /**
     * As {@link #series(Labels)}, for a sample of a time: where one of that time is refused whatever its series has, none is
     * made for it.
     *
     * @param timestampMs milliseconds since 1970
     * @return 0 where there is none, and the sample is refused: {@link #append} says why, of 0 too
     */
    default long series(Labels labels, long timestampMs) {
        return series(labels);
    }

    /**
     * Adds one float sample; a rejected sample leaves the rest of the transaction as it is.
     *
     * @param seriesRef a reference from {@link #series}
     * @param timestampMs milliseconds since 1970
     * @param value any value; {@link dev.narthex.model.StalenessMarker#VALUE} ends the series, its bits are kept
     */
    AppendResult append(long seriesRef, long timestampMs, double value);

    /**
     * Adds one native histogram, with integer or float counts; a rejected one leaves the rest of the transaction as it
     * is. A sum of {@link dev.narthex.model.StalenessMarker#VALUE} ends the series.
     *
     * @param seriesRef a reference from {@link #series}
     * @param timestampMs milliseconds since 1970
     */
    default AppendResult append(long seriesRef, long timestampMs, NativeHistogram histogram) {
        return AppendResult.HISTOGRAMS_UNSUPPORTED;
    }

    /**
     * Says when the counting began that the sample of {@code timestampMs} shows the state of; call it before
     * {@link #append} of that sample. A storage that keeps no start timestamps of samples may add a zero at the start
     * instead, or nothing.
     *
     * @param seriesRef a reference from {@link #series}
     * @param timestampMs of the sample that follows, milliseconds since 1970
     * @param startTimestampMs milliseconds since 1970, before {@code timestampMs}
     * @param histogram whether the series counts in native histograms
     */
    default AppendResult startTimestamp(long seriesRef, long timestampMs, long startTimestampMs, boolean histogram) {
        return AppendResult.ACCEPTED;
    }

    /** Adds an example of what a sample counted; one that is rejected leaves the rest of the transaction as it is. */
    default AppendResult append(long seriesRef, Exemplar exemplar) {
        return AppendResult.EXEMPLARS_DISABLED;
    }

    /** Notes what an exposition says of the metric of a series; what is equal to the last note costs nothing. */
    default void metadata(long seriesRef, Metadata metadata) {
        // A storage may keep none.
    }

    /**
     * Why the last append was rejected, in Prometheus' words and with the values that are in each other's way.
     *
     * @param result what that append was answered
     */
    default String rejection(AppendResult result) {
        return result.text();
    }

    /**
     * Writes the transaction to the log and makes it visible. When this returns, a crash of the process loses none of
     * it.
     *
     * @throws IOException when the log could not be written (a full disk, say): then nothing of it is visible
     */
    void commit() throws IOException;

    /** Drops the transaction. Series it made stay until they are collected. */
    void rollback();

    /** Rolls back what was not committed. */
    @Override
    void close();
}
