// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import java.util.Map;

/**
 * Reads what the comments of an exposition say of its metric families. A later word on a family wins, field by field.
 * For one thread.
 */
public final class MetadataReader {
    private final TextParser text = new TextParser();
    private final OpenMetricsParser openMetrics = new OpenMetricsParser();

    /**
     * Reads comments that stand before a sample or behind the last one, in an exposition that was accepted.
     *
     * @param bytes where they stand, from {@code from} to {@code to}
     * @param into metadata by metric family
     */
    public void read(ExpositionFormat format, byte[] bytes, int from, int to, Map<String, Metadata> into) {
        LineParser parser = switch (format) {
            case TEXT -> text;
            case OPEN_METRICS, PROTOBUF -> openMetrics;
        };
        parser.resetToComments(bytes, from, to);
        for (ExpositionEntry entry = parser.next(); entry != ExpositionEntry.END; entry = parser.next()) {
            if (entry != ExpositionEntry.SERIES) {
                String family =
                        format == ExpositionFormat.PROTOBUF ? parser.unescapedFamilyName() : parser.familyName();
                // A unit stands in text that was made of a message with the escapes of a help text.
                String unit = format == ExpositionFormat.PROTOBUF ? parser.helpText() : parser.unit();
                into.put(family, updated(into.getOrDefault(family, Metadata.NONE), entry, parser, unit));
            }
        }
        parser.clear();
    }

    private static Metadata updated(Metadata before, ExpositionEntry entry, LineParser parser, String found) {
        MetricType type = entry == ExpositionEntry.TYPE ? parser.type() : before.type();
        String unit = entry == ExpositionEntry.UNIT ? found : before.unit();
        String help = entry == ExpositionEntry.HELP ? parser.helpText() : before.help();
        return new Metadata(type, unit, help);
    }
}
