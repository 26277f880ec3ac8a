// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import dev.narthex.config.section.ResourceId;
import dev.narthex.crds.compile.CompileResult;
import dev.narthex.crds.compile.ConfigurationCompiler;
import dev.narthex.crds.compile.Verdict;
import dev.narthex.crds.storagevolume.LoadedConfiguration;
import dev.narthex.crds.storagevolume.SelectedResources;
import dev.narthex.crds.storagevolume.StorageVolume;
import dev.narthex.crds.storagevolume.StorageVolumeStatus;
import dev.narthex.operator.report.ReportAnswer.Answered;
import dev.narthex.operator.report.ReportAnswer.Unreachable;
import dev.narthex.operator.report.RuntimeReport;
import dev.narthex.operator.report.RuntimeReport.StorageReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Computes the status of a StorageVolume. */
public final class StorageVolumeStatuses {
    private static final int MAX_ERROR = 1024;

    private StorageVolumeStatuses() {}

    /** The status. */
    public static ComputedStatus<StorageVolumeStatus> of(StorageVolume volume, VolumeFacts facts, Instant now) {
        long generation = volume.getMetadata().getGeneration();
        StorageVolumeStatus former = volume.getStatus();
        Conditions conditions = new Conditions(former == null ? null : former.getConditions(), generation, now);
        Verdict verdict = facts.configuration().verdicts().get(ConfigurationCompiler.idOf(volume));
        if (verdict instanceof Verdict.Rejected rejected) {
            conditions.add(Conditions.ACCEPTED, false, rejected.reason().text(), rejected.message());
        } else {
            conditions.add(Conditions.ACCEPTED, true, ConditionReason.VALID.text(), "valid");
        }
        boolean available = facts.readyReplicas() >= 1;
        conditions.add(
                Conditions.AVAILABLE,
                available,
                (available ? ConditionReason.PODS_READY : ConditionReason.PODS_NOT_READY).text(),
                facts.readyReplicas() + " of 1 pods ready");
        Readiness readiness = readiness(verdict, facts, generation, available);
        conditions.add(Conditions.READY, readiness.ready(), readiness.reason(), readiness.message());

        StorageVolumeStatus status = new StorageVolumeStatus();
        status.setObservedGeneration(generation);
        status.setConditions(conditions.toList());
        status.setPhase(phase(readiness));
        status.setReplicas(1);
        status.setReadyReplicas(facts.readyReplicas());
        status.setSelected(selected(facts.configuration()));
        if (facts.answer() instanceof Answered answered) {
            report(status, answered.report());
        } else if (former != null) {
            keepReport(status, former);
        }
        return new ComputedStatus<>(status, readiness.passing());
    }

    /** Whether the runtime runs what it should, and why not. */
    private record Readiness(boolean ready, String reason, String message, boolean passing) {
        static Readiness not(ConditionReason reason, String message) {
            return new Readiness(false, reason.text(), message, reason.isPassing());
        }
    }

    private static Readiness readiness(
            @Nullable Verdict verdict, VolumeFacts facts, long generation, boolean available) {
        if (verdict instanceof Verdict.Rejected rejected) {
            String former = rejected.formerRuns() ? "\nThe former version still runs." : "";
            return new Readiness(false, rejected.reason().text(), rejected.message() + former, false);
        }
        if (!facts.failures().isEmpty()) {
            return Readiness.not(ConditionReason.APPLY_FAILED, String.join("\n", facts.failures()));
        }
        return switch (facts.answer()) {
            case null -> Readiness.not(ConditionReason.LOADING, "the runtime was not asked yet");
            case Unreachable unreachable ->
                available
                        ? Readiness.not(
                                ConditionReason.RUNTIME_UNREACHABLE,
                                "the runtime does not answer: " + unreachable.reason())
                        : Readiness.not(
                                ConditionReason.PODS_NOT_READY, "waiting for the pod " + facts.readyReplicas() + "/1");
            case Answered answered -> readiness(answered.report(), generation);
        };
    }

    private static Readiness readiness(RuntimeReport report, long generation) {
        if (!report.error().isEmpty()) {
            return Readiness.not(ConditionReason.REJECTED_BY_RUNTIME, report.error());
        }
        if (report.volumeGeneration() != generation) {
            return Readiness.not(
                    ConditionReason.LOADING,
                    "the runtime has not loaded generation " + generation + " yet, it runs "
                            + report.volumeGeneration());
        }
        return new Readiness(true, ConditionReason.RUNNING.text(), "the runtime runs generation " + generation, false);
    }

    private static String phase(Readiness readiness) {
        if (readiness.ready()) {
            return "Running";
        }
        return readiness.passing() ? "Pending" : "Failed";
    }

    private static SelectedResources selected(CompileResult configuration) {
        int scrapeTargets = 0;
        int alertRules = 0;
        int receivers = 0;
        int rejected = 0;
        for (var entry : configuration.verdicts().entrySet()) {
            boolean other = true;
            switch (entry.getKey().kind()) {
                case ResourceId.SCRAPE_TARGET -> scrapeTargets++;
                case ResourceId.ALERT_RULE -> alertRules++;
                case ResourceId.RECEIVER -> receivers++;
                default -> other = false;
            }
            rejected += other && entry.getValue() instanceof Verdict.Rejected ? 1 : 0;
        }
        SelectedResources selected = new SelectedResources();
        selected.setScrapeTargets(scrapeTargets);
        selected.setAlertRules(alertRules);
        selected.setReceivers(receivers);
        selected.setRejected(rejected);
        return selected;
    }

    private static void report(StorageVolumeStatus status, RuntimeReport report) {
        LoadedConfiguration loaded = new LoadedConfiguration();
        loaded.setHash(Texts.orNull(64, report.hash()));
        loaded.setGeneration(report.volumeGeneration());
        loaded.setLoadedAt(Texts.orNull(40, report.loadedAt()));
        loaded.setError(Texts.orNull(MAX_ERROR, report.error()));
        status.setConfiguration(loaded);
        StorageReport storage = report.storage();
        status.setSeries(storage.series());
        status.setSamplesPerSecond(Math.round(storage.samplesPerSecond()));
        status.setBytesUsed(storage.bytesUsed());
        status.setUsed(Texts.bytes(storage.bytesUsed()));
        if (storage.oldestSampleMs() >= 0) {
            status.setOldestSample(Instant.ofEpochMilli(storage.oldestSampleMs())
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString());
        }
    }

    /** What was last known of a runtime that does not answer now. */
    private static void keepReport(StorageVolumeStatus status, StorageVolumeStatus former) {
        status.setConfiguration(former.getConfiguration());
        status.setSeries(former.getSeries());
        status.setSamplesPerSecond(former.getSamplesPerSecond());
        status.setBytesUsed(former.getBytesUsed());
        status.setUsed(former.getUsed());
        status.setOldestSample(former.getOldestSample());
    }
}
