// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import org.jspecify.annotations.Nullable;

/** The labels with a meaning of their own (Prometheus documentation, "relabel_config"). */
final class TargetLabels {
    static final String JOB = "job";
    static final String INSTANCE = "instance";
    static final String ADDRESS = "__address__";
    static final String SCHEME = "__scheme__";
    static final String METRICS_PATH = "__metrics_path__";
    static final String SCRAPE_INTERVAL = "__scrape_interval__";
    static final String SCRAPE_TIMEOUT = "__scrape_timeout__";
    static final String NATIVE_HISTOGRAMS = "__scrape_native_histograms__";
    static final String ALWAYS_CLASSIC_HISTOGRAMS = "__always_scrape_classic_histograms__";
    static final String CONVERT_CLASSIC_HISTOGRAMS = "__convert_classic_histograms_to_nhcb__";
    static final String UNIX_SOCKET = "__unix_socket__";
    static final String PARAM_PREFIX = "__param_";
    static final String META_PREFIX = "__meta_";
    static final String RESERVED_PREFIX = "__";
    static final String EXPORTED_PREFIX = "exported_";

    private TargetLabels() {}

    /** Whether the value of a label that switches something means on, null where it means nothing. */
    static @Nullable Boolean truth(String value) {
        return switch (value) {
            case "true", "True", "TRUE", "t", "T", "1" -> true;
            case "false", "False", "FALSE", "f", "F", "0" -> false;
            default -> null;
        };
    }
}
