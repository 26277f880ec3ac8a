// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.report;

import java.util.List;

/**
 * What a runtime does with one resource.
 *
 * @param generation the generation that runs, 0 where none does
 * @param ok whether the section last read runs
 * @param message why it does not, else empty
 */
public record ResourceReport(long generation, boolean ok, String message, Counts counts) {
    /** What there is to count, by kind of resource. */
    public sealed interface Counts {}

    /** Nothing is counted, or nothing yet. */
    public record NoCounts() implements Counts {}

    /** Of a ScrapeTarget. */
    public record TargetCounts(
            long discovered, long up, long down, long samples, String lastError, List<FailedTarget> worst)
            implements Counts {
        public TargetCounts {
            worst = List.copyOf(worst);
        }
    }

    /** A target that is down. */
    public record FailedTarget(String url, String error) {}

    /** Of an AlertRule. */
    public record RuleCounts(long firing, long pending, long errors, List<RuleReport> rules) implements Counts {
        public RuleCounts {
            rules = List.copyOf(rules);
        }
    }

    /** One rule; the words are those of Prometheus' API. */
    public record RuleReport(
            String name, String type, String health, String state, long activeAlerts, String lastError) {}

    /** Of a Receiver. */
    public record ReceiverCounts(List<IntegrationReport> integrations) implements Counts {
        public ReceiverCounts {
            integrations = List.copyOf(integrations);
        }
    }

    /**
     * One integration.
     *
     * @param lastSuccess RFC 3339, empty where there was none
     */
    public record IntegrationReport(String type, long sent, long failed, String lastError, String lastSuccess) {}
}
