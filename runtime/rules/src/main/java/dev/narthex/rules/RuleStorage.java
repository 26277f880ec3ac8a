// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appendable;
import dev.narthex.storage.Appender;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Stores what one rule makes, and ends the series that it no longer makes. Keeps the references of its series, so that
 * a steady rule resolves no labels. For use under the lock of its group.
 */
final class RuleStorage {
    private static final Logger log = Logger.getLogger(RuleStorage.class);

    private final Appendable appendable;
    private Map<Labels, Long> series = new HashMap<>();

    RuleStorage(Appendable appendable) {
        this.appendable = appendable;
    }

    /** The series of the last evaluation. */
    Set<Labels> series() {
        return new HashSet<>(series.keySet());
    }

    /** Takes over the series of the rule that this one replaces. */
    void takeStateOf(RuleStorage former) {
        series = former.series;
    }

    /**
     * Stores the samples of one evaluation in one transaction. A rejected sample is counted and logged, the others are
     * stored.
     *
     * @throws IOException when the storage could not be written
     */
    void store(String rule, List<Rule.Output> outputs, long timestampMs) throws IOException {
        Map<Labels, Long> current = HashMap.newHashMap(outputs.size());
        int rejected = 0;
        AppendResult reason = AppendResult.ACCEPTED;
        try (Appender appender = appendable.appender()) {
            for (Rule.Output output : outputs) {
                Long known = series.get(output.labels());
                long reference = known == null ? appender.series(output.labels(), timestampMs) : known;
                AppendResult result = append(appender, reference, timestampMs, output);
                if (result == AppendResult.UNKNOWN_SERIES) {
                    reference = appender.series(output.labels(), timestampMs);
                    result = append(appender, reference, timestampMs, output);
                }
                current.put(output.labels(), reference);
                if (!result.isAccepted()) {
                    rejected++;
                    reason = result;
                }
            }
            List<Labels> vanished = new ArrayList<>();
            for (Labels labels : series.keySet()) {
                if (!current.containsKey(labels)) {
                    vanished.add(labels);
                }
            }
            appendStale(appender, vanished, timestampMs);
            appender.commit();
        }
        series = current;
        if (rejected > 0) {
            log.warnf("rule samples rejected rule=%s count=%d reason=%s", rule, rejected, reason.text());
        }
    }

    private static AppendResult append(Appender appender, long reference, long timestampMs, Rule.Output output) {
        NativeHistogram histogram = output.histogram();
        return histogram == null
                ? appender.append(reference, timestampMs, output.value())
                : appender.append(reference, timestampMs, histogram);
    }

    /** Ends series at a moment. */
    static void end(Appendable appendable, Collection<Labels> series, long timestampMs) throws IOException {
        try (Appender appender = appendable.appender()) {
            appendStale(appender, series, timestampMs);
            appender.commit();
        }
    }

    private static void appendStale(Appender appender, Collection<Labels> series, long timestampMs) {
        for (Labels labels : series) {
            // Rejected where another rule has written the series at this time: then it has not ended.
            AppendResult unused =
                    appender.append(appender.series(labels, timestampMs), timestampMs, StalenessMarker.VALUE);
            if (unused == AppendResult.OUT_OF_BOUNDS) {
                log.debugf("staleness marker rejected series=%s", labels);
            }
        }
    }
}
