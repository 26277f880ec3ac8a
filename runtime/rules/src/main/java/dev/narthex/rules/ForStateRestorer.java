// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.Alert;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Restores since when alerts have been active from the series {@code ALERTS_FOR_STATE} that were written before a
 * restart, so that a restart does not start their {@code for} time anew.
 *
 * <p>The outage does not count into the {@code for} time: nobody knows whether the expression held then. An alert that
 * was firing before fires again at once; one that has little left stays pending for the grace period, so that a
 * condition that has passed meanwhile does not fire.
 */
final class ForStateRestorer {
    private final Queryable queryable;
    private final RuleOptions options;

    ForStateRestorer(Queryable queryable, RuleOptions options) {
        this.queryable = queryable;
        this.options = options;
    }

    private record LastSample(long timestampMs, double value) {}

    /** Restores the alerts that a rule has now. */
    void restore(AlertingRule rule, Instant now) {
        boolean tooShort = rule.forDuration().compareTo(options.forGracePeriod()) < 0;
        if (!tooShort && !rule.active().isEmpty()) {
            Map<Labels, LastSample> before = lastSamples(rule, now.toEpochMilli());
            for (ActiveAlert alert : rule.active()) {
                LastSample last = before.get(alert.labels);
                if (last != null && Double.isFinite(last.value())) {
                    restore(alert, last, rule.forDuration(), now);
                }
            }
        }
        rule.setRestored();
    }

    private void restore(ActiveAlert alert, LastSample last, Duration forDuration, Instant now) {
        Instant downAt = Instant.ofEpochMilli(last.timestampMs());
        Instant activeBefore = Instant.ofEpochSecond((long) last.value());
        Duration left = forDuration.minus(Duration.between(activeBefore, downAt));
        if (left.isZero() || left.isNegative()) {
            // It was firing: it fires again at the next evaluation.
            alert.activeAt = activeBefore;
        } else if (left.compareTo(options.forGracePeriod()) < 0) {
            alert.activeAt = now.plus(options.forGracePeriod()).minus(forDuration);
        } else {
            alert.activeAt = activeBefore.plus(Duration.between(downAt, now));
        }
    }

    private Map<Labels, LastSample> lastSamples(AlertingRule rule, long nowMs) {
        Map<Labels, LastSample> samples = new HashMap<>();
        SampleBuffer buffer = new SampleBuffer();
        long sinceMs = nowMs - options.outageTolerance().toMillis();
        List<LabelMatcher> matchers = List.of(
                LabelMatcher.equal(Labels.METRIC_NAME, AlertingRule.ALERTS_FOR_STATE),
                LabelMatcher.equal(Alert.NAME_LABEL, rule.name()));
        try (Querier querier = queryable.querier(sinceMs, nowMs)) {
            SeriesSet series = querier.select(SelectHints.range(sinceMs, nowMs), matchers);
            while (series.next()) {
                buffer.clear();
                series.samples(buffer);
                if (!buffer.isEmpty()) {
                    int last = buffer.size() - 1;
                    samples.put(
                            series.labels().withoutMetricName(),
                            new LastSample(buffer.timestampMs(last), buffer.value(last)));
                }
            }
        }
        return samples;
    }
}
