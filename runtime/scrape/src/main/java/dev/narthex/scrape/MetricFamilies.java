// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.Metadata;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which metric family a series belongs to, told by its name. */
final class MetricFamilies {
    private static final List<String> SUFFIXES =
            List.of("_total", "_bucket", "_count", "_sum", "_created", "_info", "_gcount", "_gsum");

    private MetricFamilies() {}

    /** What is known of the family of a metric, null where nothing is. */
    static @Nullable Metadata metadata(Map<String, Metadata> families, String metricName) {
        Metadata known = families.get(metricName);
        for (int i = 0; known == null && i < SUFFIXES.size(); i++) {
            String suffix = SUFFIXES.get(i);
            if (metricName.endsWith(suffix)) {
                known = families.get(metricName.substring(0, metricName.length() - suffix.length()));
            }
        }
        return known;
    }
}
