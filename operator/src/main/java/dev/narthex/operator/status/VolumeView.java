// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import dev.narthex.crds.compile.Verdict;
import dev.narthex.operator.report.ReportAnswer;
import dev.narthex.operator.report.ReportAnswer.Answered;
import dev.narthex.operator.report.ResourceReport;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one StorageVolume has to say about one resource that it selects.
 *
 * @param volume the StorageVolume, as {@code namespace/name}
 * @param answer of its runtime, null before it was asked
 * @param report on the resource, null where the runtime does not know it
 */
public record VolumeView(
        String volume,
        Verdict verdict,
        @Nullable ReportAnswer answer,
        @Nullable ResourceReport report) {
    /** What is counted of the resource, as far as it runs. */
    Optional<ResourceReport.Counts> counts() {
        return Optional.ofNullable(report).map(ResourceReport::counts);
    }

    boolean isAnswered() {
        return answer instanceof Answered;
    }
}
