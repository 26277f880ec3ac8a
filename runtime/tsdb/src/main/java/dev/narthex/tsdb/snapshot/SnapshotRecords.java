// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.snapshot;

/**
 * The records of a snapshot, in segments as those of the log (docs/formats/head-snapshot.md).
 *
 * <pre>
 * series       1 | reference (8 bytes) | labels as in the log | 0 (8 bytes)
 *              | whether it has an open chunk (uvarint); if so
 *              first and last timestamp (8 bytes each) | encoding (1 byte) | length (uvarint) | data
 *              | the last sample: {@link SnapshotLast}
 * tombstones   2 | {@link SnapshotTombstones}
 * exemplars    3 | as in the log
 * </pre>
 */
final class SnapshotRecords {
    static final int SERIES = 1;
    static final int TOMBSTONES = 2;
    static final int EXEMPLARS = 3;

    private SnapshotRecords() {}
}
