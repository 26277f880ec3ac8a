// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.tsdb.headchunk.HeadChunkHandler;

/**
 * The chunks of files that were loaded at the start and wait for their series, which the log brings. A hash table from
 * series references to chains of chunks; it lives as long as the replay. For one thread.
 */
final class LoadedChunks implements HeadChunkHandler {
    private static final int INITIAL = 1024;

    private final HeadSamples samples;
    private final long mintMs;
    /** Series references, 0 where the place is free. */
    private long[] refs = new long[INITIAL];
    /** The newest chunk; 0 where the chunks have been taken. */
    private int[] newest = new int[INITIAL];
    /** The last timestamp. */
    private long[] maxtMs = new long[INITIAL];
    /** Whether no more chunks are taken, for one could not be used. */
    private boolean[] ended = new boolean[INITIAL];

    private int size;
    private long maxSeriesRef;
    private long leftOut;
    private long attachedMintMs;
    private long attachedMaxtMs;

    /** @param mintMs chunks that end before this are left out */
    LoadedChunks(HeadSamples samples, long mintMs) {
        this.samples = samples;
        this.mintMs = mintMs;
    }

    @Override
    public void chunk(long seriesRef, long mint, long maxt, int encoding, long reference, int dataBytes) {
        if (seriesRef <= 0 || seriesRef > SeriesRefs.MAX_REF) {
            leftOut++;
            return;
        }
        maxSeriesRef = Math.max(maxSeriesRef, seriesRef);
        if (maxt < mintMs) {
            return;
        }
        int place = place(seriesRef);
        if (refs[place] == 0) {
            place = add(seriesRef);
        }
        boolean follows = newest[place] == 0 || mint > maxtMs[place];
        if (ended[place] || maxt < mint || !follows) {
            leftOut++; // its samples are in the log, too
            return;
        }
        if (!MappedChunks.isKnown(encoding)) {
            leftOut++;
            ended[place] = true; // a series must not have a hole between its chunks
            return;
        }
        newest[place] = samples.mapped().piece(newest[place], encoding, dataBytes, mint, reference);
        maxtMs[place] = maxt;
    }

    /** Gives the chunks of a reference to its series; false where there are none, or the series has their samples. */
    boolean attach(long seriesRef, int record) {
        int place = place(seriesRef);
        int chain = newest[place];
        if (refs[place] == 0 || chain == 0) {
            return false;
        }
        newest[place] = 0;
        long last = maxtMs[place];
        int oldest = chain;
        int count = 1;
        while (samples.previous(oldest) != 0) {
            oldest = samples.previous(oldest);
            count++;
        }
        long first = samples.firstTimestampMs(oldest);
        long[] fields = samples.series().page(record);
        int base = samples.series().offset(record);
        if (fields[base + SeriesLayout.LAST_T] < first) {
            samples.closeOpen(fields, base);
            link(oldest, (int) fields[base + SeriesLayout.UNDO]);
            setNewest(fields, base, chain);
            fields[base + SeriesLayout.LAST_T] = last;
        } else if (last < samples.openFirstMs(fields, base)) {
            // Another reference of the series brought newer chunks before.
            setNewest(fields, base, merged(chain, (int) fields[base + SeriesLayout.UNDO]));
            fields[base + SeriesLayout.LAST_T] = Math.max(last, fields[base + SeriesLayout.LAST_T]);
        } else {
            free(chain);
            return false;
        }
        fields[base + SeriesLayout.OLDEST_T] = Long.MIN_VALUE; // the first truncation finds it out
        samples.addClosed(count);
        attachedMintMs = first;
        attachedMaxtMs = last;
        return true;
    }

    private static void setNewest(long[] fields, int base, int chunk) {
        fields[base + SeriesLayout.UNDO] = (fields[base + SeriesLayout.UNDO] & ~0xffffffffL) | (chunk & 0xffffffffL);
    }

    private void link(int chunk, int previous) {
        ByteSlab slab = samples.closedChunks();
        HeadSamples.putInt(slab.page(chunk), slab.offset(chunk), previous);
    }

    /** Two chains as one, in the order of their first timestamps; its newest chunk. */
    private int merged(int left, int right) {
        if (left == 0 || right == 0) {
            return left == 0 ? right : left;
        }
        int newer = samples.firstTimestampMs(left) > samples.firstTimestampMs(right) ? left : right;
        int older = newer == left ? right : left;
        int top = newer;
        while (older != 0) {
            int next = samples.previous(newer);
            if (next == 0 || samples.firstTimestampMs(next) < samples.firstTimestampMs(older)) {
                link(newer, older);
                newer = older;
                older = next;
            } else {
                newer = next;
            }
        }
        return top;
    }

    /** The first timestamp of what was attached last. */
    long attachedMintMs() {
        return attachedMintMs;
    }

    /** The last timestamp of what was attached last. */
    long attachedMaxtMs() {
        return attachedMaxtMs;
    }

    /** Samples before this are not brought back. */
    long mintMs() {
        return mintMs;
    }

    /** The greatest series reference that the files name. */
    long maxSeriesRef() {
        return maxSeriesRef;
    }

    /** Gives back what no series has taken; how many chunks were left out in all. */
    long end() {
        for (int place = 0; place < refs.length; place++) {
            if (newest[place] != 0) {
                free(newest[place]);
            }
        }
        clear();
        return leftOut;
    }

    void clear() {
        refs = new long[1];
        newest = new int[1];
        maxtMs = new long[1];
        ended = new boolean[1];
    }

    private void free(int chain) {
        for (int chunk = chain; chunk != 0; ) {
            int previous = samples.previous(chunk);
            samples.closedChunks().free(chunk);
            leftOut++;
            chunk = previous;
        }
    }

    private int add(long seriesRef) {
        if (2 * (size + 1) > refs.length) {
            grow();
        }
        size++;
        int place = place(seriesRef);
        refs[place] = seriesRef;
        return place;
    }

    private void grow() {
        long[] formerRefs = refs;
        int[] formerNewest = newest;
        long[] formerMaxt = maxtMs;
        boolean[] formerEnded = ended;
        refs = new long[2 * formerRefs.length];
        newest = new int[refs.length];
        maxtMs = new long[refs.length];
        ended = new boolean[refs.length];
        for (int i = 0; i < formerRefs.length; i++) {
            if (formerRefs[i] != 0) {
                int place = place(formerRefs[i]);
                refs[place] = formerRefs[i];
                newest[place] = formerNewest[i];
                maxtMs[place] = formerMaxt[i];
                ended[place] = formerEnded[i];
            }
        }
    }

    private int place(long seriesRef) {
        int mask = refs.length - 1;
        int place = (int) ((seriesRef * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (refs[place] != 0 && refs[place] != seriesRef) {
            place = (place + 1) & mask;
        }
        return place;
    }
}
