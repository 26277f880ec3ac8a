// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import dev.narthex.template.GoDuration;
import dev.narthex.tsdb.block.BlockMeta;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A list of blocks in columns as promtool prints it. For one thread. */
final class BlockTable {
    private static final List<String> HEAD = List.of(
            "BLOCK ULID", "MIN TIME", "MAX TIME", "DURATION", "NUM SAMPLES", "NUM CHUNKS", "NUM SERIES", "SIZE");
    private static final int MIN_WIDTH = 13;
    private static final int PADDING = 2;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss '+0000 UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private final boolean humanReadable;
    private final List<List<String>> rows = new ArrayList<>();

    BlockTable(boolean humanReadable) {
        this.humanReadable = humanReadable;
        rows.add(HEAD);
    }

    void add(BlockMeta meta, long sizeBytes) {
        rows.add(List.of(
                meta.ulid().text(),
                time(meta.minTimeMs()),
                time(meta.maxTimeMs()),
                new GoDuration(meta.rangeMs() * NANOS_PER_MILLI).toString(),
                Long.toString(meta.stats().samples()),
                Long.toString(meta.stats().chunks()),
                Long.toString(meta.stats().series()),
                humanReadable ? size(sizeBytes) : Long.toString(sizeBytes)));
    }

    private String time(long timeMs) {
        return humanReadable ? TIME.format(Instant.ofEpochSecond(timeMs / 1000)) : Long.toString(timeMs);
    }

    /** Whole numbers of each unit: {@code 2MiB562KiB298B}. */
    static String size(long bytes) {
        StringBuilder text = new StringBuilder();
        for (int unit = UNITS.length - 1; unit >= 0; unit--) {
            long count = bytes >>> (10 * unit) & 1023;
            if (count > 0) {
                text.append(count).append(UNITS[unit]);
            }
        }
        return text.isEmpty() ? "0B" : text.toString();
    }

    /** The rows added since the last call, the first time below the head; each call has widths of its own. */
    String text() {
        int[] widths = new int[HEAD.size() - 1];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Math.max(MIN_WIDTH, row.get(i).length() + PADDING));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                text.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length()));
            }
            text.append(row.getLast()).append('\n');
        }
        rows.clear();
        return text.toString();
    }
}
