// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import dev.narthex.crds.scrapetarget.ScrapeTarget;
import dev.narthex.crds.scrapetarget.ScrapeTargetSpec;
import dev.narthex.crds.scrapetarget.ScrapeTargetStatus;
import dev.narthex.crds.scrapetarget.TargetError;
import dev.narthex.operator.report.ResourceReport.FailedTarget;
import dev.narthex.operator.report.ResourceReport.TargetCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Computes the status of a ScrapeTarget. */
public final class ScrapeTargetStatuses {
    private static final int WORST = 3;
    private static final int MAX_ERROR = 1024;
    private static final int MAX_URL = 2048;

    private ScrapeTargetStatuses() {}

    /**
     * The status.
     *
     * @param views of the storage volumes that select the resource
     */
    public static ComputedStatus<ScrapeTargetStatus> of(ScrapeTarget target, List<VolumeView> views, Instant now) {
        long generation = target.getMetadata().getGeneration();
        ScrapeTargetStatus former = target.getStatus();
        ResourceConditions conditions = new ResourceConditions(generation, views);
        ScrapeTargetStatus status = new ScrapeTargetStatus();
        status.setObservedGeneration(generation);
        status.setConditions(conditions.of(former == null ? null : former.getConditions(), now));
        status.setSource(source(target.getSpec()));
        status.setStorageVolumes(
                views.isEmpty() ? null : views.stream().map(VolumeView::volume).toList());
        count(status, views);
        return new ComputedStatus<>(status, conditions.isPassing());
    }

    private static String source(ScrapeTargetSpec spec) {
        if (spec.getPods() != null) {
            return "pods";
        }
        return spec.getAnnotated() != null ? "annotated" : "static";
    }

    private static void count(ScrapeTargetStatus status, List<VolumeView> views) {
        long discovered = 0;
        long up = 0;
        long down = 0;
        long samples = 0;
        boolean known = false;
        String lastError = "";
        List<TargetError> worst = new ArrayList<>();
        for (VolumeView view : views) {
            if (view.counts().orElse(null) instanceof TargetCounts counts) {
                known = true;
                discovered += counts.discovered();
                up += counts.up();
                down += counts.down();
                samples += counts.samples();
                lastError = lastError.isEmpty() ? counts.lastError() : lastError;
                counts.worst().stream().map(ScrapeTargetStatuses::error).forEach(worst::add);
            }
        }
        if (known) {
            status.setDiscovered(discovered);
            status.setUp(up);
            status.setDown(down);
            status.setSamples(samples);
            status.setLastError(Texts.orNull(MAX_ERROR, lastError));
            status.setWorst(worst.isEmpty() ? null : worst.subList(0, Math.min(WORST, worst.size())));
        }
    }

    private static TargetError error(FailedTarget failed) {
        TargetError error = new TargetError();
        error.setUrl(Texts.atMost(MAX_URL, failed.url()));
        error.setError(Texts.atMost(MAX_ERROR, failed.error()));
        return error;
    }
}
