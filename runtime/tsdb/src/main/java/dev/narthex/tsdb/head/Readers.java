// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import java.util.Arrays;

/**
 * The readers that are at work: which commits each of them sees, and since when it may hold references.
 *
 * <p>A reader sees the commits up to the one that was complete when it entered. Every time something that readers may
 * hold is taken out of the structures, it is tagged with the epoch; it may be freed when all readers have entered in a
 * later one. Safe for use by many threads; every call is short.
 */
final class Readers {
    private static final int INITIAL = 16;

    /** Entry epochs by reader, 0 where the place is free. */
    private long[] epochs = new long[INITIAL];

    private long[] commits = new long[INITIAL];
    private long[] mints = new long[INITIAL];
    private int active;
    private long epoch = 1;
    private long completedCommit;

    /**
     * Lets a reader in; it must leave by the number returned.
     *
     * @param mintMs samples from this timestamp on are to be kept for it
     */
    synchronized int enter(long mintMs) {
        int place = 0;
        while (place < epochs.length && epochs[place] != 0) {
            place++;
        }
        if (place == epochs.length) {
            epochs = Arrays.copyOf(epochs, 2 * place);
            commits = Arrays.copyOf(commits, 2 * place);
            mints = Arrays.copyOf(mints, 2 * place);
        }
        epochs[place] = epoch;
        commits[place] = completedCommit;
        mints[place] = mintMs;
        active++;
        return place;
    }

    /**
     * Lets someone in who looks at series and not at their samples: what he may hold is not freed, but no commit is kept
     * for him. Many scrapes make series at once, and each of them may lose its core meanwhile: kept for them, every sample
     * that is committed until they have it back would leave a record of how its series was before.
     */
    synchronized int enterWithoutSamples() {
        int place = enter(Long.MAX_VALUE);
        commits[place] = Long.MAX_VALUE;
        return place;
    }

    /** The last commit that the reader sees. */
    synchronized long commitOf(int reader) {
        return commits[reader];
    }

    /** Says that a reader needs less than it asked for when it entered. */
    synchronized void setMint(int reader, long mintMs) {
        mints[reader] = mintMs;
    }

    synchronized void leave(int reader) {
        epochs[reader] = 0;
        active--;
    }

    /** Makes a commit visible to those who enter from now on. */
    synchronized void complete(long commit) {
        completedCommit = commit;
    }

    /** The oldest commit that some reader holds on to; {@link Long#MAX_VALUE} where there is no reader. */
    synchronized long oldestCommit() {
        return oldest(commits);
    }

    /** Samples from this timestamp on are needed by some reader; {@link Long#MAX_VALUE} where there is no reader. */
    synchronized long oldestMint() {
        return oldest(mints);
    }

    /** The tag for what is taken out now. */
    synchronized long epoch() {
        return epoch;
    }

    /** Begins a new epoch and tells the oldest one in which a reader at work has entered. */
    synchronized long advance() {
        epoch++;
        return oldest(epochs);
    }

    synchronized int active() {
        return active;
    }

    private long oldest(long[] values) {
        long oldest = Long.MAX_VALUE;
        if (active > 0) {
            for (int place = 0; place < epochs.length; place++) {
                if (epochs[place] != 0) {
                    oldest = Math.min(oldest, values[place]);
                }
            }
        }
        return oldest;
    }
}
