// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition.lint;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The types that the text format 0.0.4 has. */
public enum FamilyType {
    COUNTER,
    GAUGE,
    SUMMARY,
    UNTYPED,
    HISTOGRAM,
    GAUGE_HISTOGRAM;

    /** The type of a name, in letters of either case; null for none. */
    static @Nullable FamilyType of(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (upper.equals("GAUGEHISTOGRAM")) {
            return GAUGE_HISTOGRAM;
        }
        for (FamilyType type : values()) {
            if (type.name().equals(upper)) {
                return type;
            }
        }
        return null;
    }

    boolean isHistogram() {
        return this == HISTOGRAM || this == GAUGE_HISTOGRAM;
    }
}
