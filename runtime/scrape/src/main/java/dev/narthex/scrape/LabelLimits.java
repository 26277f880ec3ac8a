// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeLimits;
import dev.narthex.model.Labels;
import dev.narthex.model.QuotedString;
import java.nio.charset.StandardCharsets;

/**
 * What the labels of a series may be at most (Prometheus documentation, "scrape_config"): the number of them, and the
 * bytes of names and values; 0 for no limit.
 */
record LabelLimits(long labels, long nameBytes, long valueBytes) {
    private static final int SHOWN_CHARS = 50;

    static LabelLimits of(ScrapeLimits limits) {
        return new LabelLimits(limits.labels(), limits.labelNameLength(), limits.labelValueLength());
    }

    /** @throws LimitException in Prometheus' words when a series exceeds a limit */
    void check(Labels series) {
        if (labels > 0 && series.size() > labels) {
            throw new LimitException("label_limit exceeded (metric: " + cut(series.metricName())
                    + ", number of labels: " + series.size() + ", limit: " + labels + ")");
        }
        if (nameBytes == 0 && valueBytes == 0) {
            return;
        }
        for (int i = 0; i < series.size(); i++) {
            int name = bytes(series.name(i));
            if (nameBytes > 0 && name > nameBytes) {
                throw new LimitException("label_name_length_limit exceeded (metric: " + cut(series.metricName())
                        + ", label name: " + cut(series.name(i)) + ", length: " + name + ", limit: " + nameBytes
                        + ")");
            }
            int value = bytes(series.value(i));
            if (valueBytes > 0 && value > valueBytes) {
                throw new LimitException("label_value_length_limit exceeded (metric: " + cut(series.metricName())
                        + ", label name: " + cut(series.name(i)) + ", value: "
                        + QuotedString.of(cut(series.value(i))) + ", length: " + value + ", limit: " + valueBytes
                        + ")");
            }
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= SHOWN_CHARS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN_CHARS));
    }
}
