// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.Metadata;
import java.util.Map;

/**
 * How much there is to know of metric families.
 *
 * @param families how many they are
 * @param bytes of their names, types, units and texts together, as characters
 */
record MetadataSize(int families, long bytes) {
    static final MetadataSize NONE = new MetadataSize(0, 0);

    static MetadataSize of(Map<String, Metadata> families) {
        long bytes = 0;
        for (Map.Entry<String, Metadata> family : families.entrySet()) {
            Metadata metadata = family.getValue();
            bytes += family.getKey().length()
                    + metadata.type().text().length()
                    + metadata.unit().length()
                    + metadata.help().length();
        }
        return new MetadataSize(families.size(), bytes);
    }

    MetadataSize plus(MetadataSize other) {
        return new MetadataSize(families + other.families, bytes + other.bytes);
    }
}
