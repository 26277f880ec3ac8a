// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.config.file.ByteSize;
import java.time.Duration;
import java.util.List;

/**
 * Sizes and times of the storage that hardly anybody changes; Prometheus does not list their flags.
 *
 * @param minBlockRange how long the blocks are that are cut from the head
 * @param maxBlockRange how long merged blocks are at most
 * @param walSegmentBytes the size of a segment of the log
 * @param chunkSegmentBytes the size of a file of chunks in a block
 * @param exclusive whether the data directory is locked
 */
public record StorageTuning(
        Duration minBlockRange,
        Duration maxBlockRange,
        long walSegmentBytes,
        long chunkSegmentBytes,
        boolean exclusive) {
    static final String MAX_BLOCK = "storage.tsdb.max-block-duration";

    private static final String MIN_BLOCK = "storage.tsdb.min-block-duration";
    private static final String WAL_SEGMENT = "storage.tsdb.wal-segment-size";
    private static final String CHUNK_SEGMENT = "storage.tsdb.max-block-chunk-segment-size";
    private static final String NO_LOCK = "storage.tsdb.no-lockfile";

    private static final Duration LONGEST_BLOCK = Duration.ofDays(31);
    private static final long MEGABYTE = 1 << 20;
    private static final long PAGE_BYTES = 32 << 10;

    static List<Flag> flags() {
        return List.of(
                Flag.duration(MIN_BLOCK, "2h", "How long the blocks are that are cut from the head.")
                        .unlisted(),
                Flag.duration(MAX_BLOCK, "", "How long merged blocks are at most, a tenth of the retention by default.")
                        .unlisted(),
                Flag.of(FlagKind.BYTES, WAL_SEGMENT, "0B", "Size of a segment of the log, 128MB by default.")
                        .unlisted(),
                Flag.of(FlagKind.BYTES, CHUNK_SEGMENT, "0B", "Size of a file of chunks, 512MB by default.")
                        .unlisted(),
                Flag.toggle(NO_LOCK, "Do not lock the data directory. Two servers that write to one destroy it."));
    }

    /** What the flags of {@code run} say; the defaults for other commands. */
    static StorageTuning read(FlagValues values, Duration retention) throws CommandLineException {
        Duration max = retention.dividedBy(10);
        max = max.compareTo(LONGEST_BLOCK) > 0 ? LONGEST_BLOCK : max;
        if (!values.has(MIN_BLOCK)) {
            return new StorageTuning(Duration.ofHours(2), max, 128 * MEGABYTE, 512 * MEGABYTE, true);
        }
        if (values.isGiven(MAX_BLOCK)) {
            max = positive(values, MAX_BLOCK);
        }
        long segment = bytes(values, WAL_SEGMENT, 128 * MEGABYTE);
        if (segment < 10 * MEGABYTE || segment > 256 * MEGABYTE) {
            throw CommandLineException.unreadable("flag '" + WAL_SEGMENT
                    + "' must be set between 10MB and 256MB, found \"" + values.text(WAL_SEGMENT) + "\"");
        }
        long chunks = bytes(values, CHUNK_SEGMENT, 512 * MEGABYTE);
        if (chunks < MEGABYTE) {
            throw CommandLineException.unreadable(
                    "flag '" + CHUNK_SEGMENT + "' must be set over 1MB, found \"" + values.text(CHUNK_SEGMENT) + "\"");
        }
        return new StorageTuning(
                positive(values, MIN_BLOCK), max, segment / PAGE_BYTES * PAGE_BYTES, chunks, !values.isOn(NO_LOCK));
    }

    private static Duration positive(FlagValues values, String name) throws CommandLineException {
        Duration duration = values.duration(name);
        if (!duration.isPositive()) {
            throw FlagValues.unusable(name, "must be greater than zero, found \"" + values.text(name) + "\"");
        }
        return duration;
    }

    private static long bytes(FlagValues values, String name, long standard) {
        long bytes = ByteSize.parse(values.text(name));
        return bytes == 0 ? standard : bytes;
    }
}
