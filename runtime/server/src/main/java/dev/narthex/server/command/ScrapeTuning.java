// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.config.file.GoDurationText;
import dev.narthex.scrape.ScrapeSettings;
import java.util.List;

/** The flags of the timestamps of scrapes; Prometheus does not list them. */
final class ScrapeTuning {
    private static final String ADJUST = "scrape.adjust-timestamps";
    private static final String TOLERANCE = "scrape.timestamp-tolerance";

    private ScrapeTuning() {}

    static List<Flag> flags() {
        return List.of(
                Flag.toggleOff(ADJUST, "Take a scrape that is nearly punctual for one that is.")
                        .unlisted(),
                Flag.of(FlagKind.GO_DURATION, TOLERANCE, "2ms", "How far from its time it may be.")
                        .unlisted());
    }

    /** How far from its time a scrape may begin to count as punctual, milliseconds; the default for other commands. */
    static long toleranceMs(FlagValues values) {
        if (!values.has(ADJUST)) {
            return ScrapeSettings.TIMESTAMP_TOLERANCE_MS;
        }
        return values.isOn(ADJUST)
                ? Math.max(0, GoDurationText.parse(values.text(TOLERANCE)).toMillis())
                : 0;
    }
}
