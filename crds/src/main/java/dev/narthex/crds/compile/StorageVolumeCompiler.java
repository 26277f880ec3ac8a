// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.GlobalConfig;
import dev.narthex.crds.storagevolume.Retention;
import dev.narthex.crds.storagevolume.StorageVolumeSpec;
import java.time.Duration;

/** Turns a StorageVolume into the global part of a prometheus.yml. */
final class StorageVolumeCompiler {
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private StorageVolumeCompiler() {}

    static GlobalConfig compile(StorageVolumeSpec spec, SpecProblems problems) {
        Duration interval = problems.positiveDuration("spec.scrapeInterval", spec.getScrapeInterval())
                .orElse(DEFAULT_INTERVAL);
        Duration evaluation = problems.positiveDuration("spec.evaluationInterval", spec.getEvaluationInterval())
                .orElse(DEFAULT_INTERVAL);
        problems.labelNames("spec.externalLabels", spec.getExternalLabels());
        Retention retention = spec.getRetention();
        if (retention != null) {
            problems.positiveDuration("spec.retention.time", retention.getTime());
        }
        if (spec.getReplicas() != null && spec.getReplicas() != 1) {
            problems.invalid(
                    "spec.replicas", "only 1 is supported in this version, found " + spec.getReplicas() + "; set 1");
        }
        Duration timeout = interval.compareTo(DEFAULT_TIMEOUT) < 0 ? interval : DEFAULT_TIMEOUT;
        return new GlobalConfig(interval, timeout, evaluation, SpecLabels.of(spec.getExternalLabels()));
    }
}
