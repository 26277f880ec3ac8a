// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import dev.narthex.model.Labels;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;

/** Those of a selection's series that belong to a shard, and not more than are wanted. For one thread. */
final class SelectedShard implements SeriesSet {
    private final SeriesSet series;
    private final SelectHints hints;
    private int given;

    private SelectedShard(SeriesSet series, SelectHints hints) {
        this.series = series;
        this.hints = hints;
    }

    static SeriesSet of(SelectHints hints, SeriesSet series) {
        return hints.shards() > 1 || hints.limit() > 0 ? new SelectedShard(series, hints) : series;
    }

    @Override
    public boolean next() {
        if (hints.limit() > 0 && given == hints.limit()) {
            return false;
        }
        while (series.next()) {
            if (hints.shards() <= 1 || shardOf(series.labels(), hints.shards()) == hints.shard()) {
                given++;
                return true;
            }
        }
        return false;
    }

    private static int shardOf(Labels labels, int shards) {
        int hash = labels.hashCode() * 0x9E3779B9;
        return Math.floorMod(hash ^ hash >>> 16, shards);
    }

    @Override
    public Labels labels() {
        return series.labels();
    }

    @Override
    public void samples(SampleBuffer into) {
        series.samples(into);
    }
}
