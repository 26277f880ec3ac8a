// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.condition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A status with conditions and the generation that it speaks of. */
public interface Conditioned {
    @Nullable
    List<Condition> getConditions();

    void setConditions(@Nullable List<Condition> conditions);

    @Nullable
    Long getObservedGeneration();

    void setObservedGeneration(@Nullable Long observedGeneration);
}
