// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import dev.narthex.crds.compile.CompileResult;
import dev.narthex.operator.report.ReportAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the status of a StorageVolume follows from.
 *
 * @param answer of the runtime, null before it was asked
 * @param readyReplicas pods that are ready
 * @param failures objects that could not be made, with the reason
 */
public record VolumeFacts(
        CompileResult configuration, @Nullable ReportAnswer answer, int readyReplicas, List<String> failures) {
    public VolumeFacts {
        failures = List.copyOf(failures);
    }
}
