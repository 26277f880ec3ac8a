// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.wire.ProtobufReader;

/**
 * A bucket of a classic histogram ({@code io.prometheus.client.Bucket}), or a quantile of a summary, which has a value in
 * place of a count. Reused; for one thread.
 */
final class BucketMessage {
    private final ProtobufReader reader = new ProtobufReader();
    private final ExemplarMessage merging;

    /** Its upper bound, or the quantile. */
    double bound;

    /** Its count, or the value. */
    double value;

    /** Where its exemplar is; the end is 0 where it has none. */
    int exemplarStart;

    int exemplarStop;

    /** @param merging takes in the parts of exemplars that come in several */
    BucketMessage(ExemplarMessage merging) {
        this.merging = merging;
    }

    /** Reads a bucket. */
    void read(byte[] bytes, int from, int to) {
        bound = 0;
        exemplarStop = 0;
        long count = 0;
        double countFloat = 0;
        reader.over(bytes, from, to - from);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> count = reader.int64();
                case 2 -> bound = reader.float64();
                case 3 -> {
                    reader.bytes();
                    exemplar(bytes, reader.start(), reader.stop());
                }
                case 4 -> countFloat = reader.float64();
                default -> {
                    // Of a later version.
                }
            }
        }
        value = countFloat != 0 ? countFloat : HistogramMessage.unsigned(count);
    }

    private void exemplar(byte[] bytes, int from, int to) {
        if (exemplarStop == 0) {
            exemplarStart = from;
            exemplarStop = to;
            return;
        }
        int merged = merging.beginMerged();
        merging.merge(bytes, exemplarStart, exemplarStop);
        merging.merge(bytes, from, to);
        exemplarStart = merged;
        exemplarStop = merging.endMerged();
    }

    /** Reads a quantile. */
    void readQuantile(byte[] bytes, int from, int to) {
        bound = 0;
        value = 0;
        exemplarStop = 0;
        reader.over(bytes, from, to - from);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == 1) {
                bound = reader.float64();
            } else if (field == 2) {
                value = reader.float64();
            }
        }
    }
}
