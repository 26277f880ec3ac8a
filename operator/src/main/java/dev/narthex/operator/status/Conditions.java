// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import dev.narthex.crds.condition.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the conditions of one status; a condition whose status stays keeps the time of its last transition. */
final class Conditions {
    static final String ACCEPTED = "Accepted";
    static final String AVAILABLE = "Available";
    static final String READY = "Ready";
    private static final int MAX_MESSAGE = 4096;

    private final List<Condition> former;
    private final long generation;
    private final String now;
    private final List<Condition> conditions = new ArrayList<>();

    Conditions(@Nullable List<Condition> former, long generation, Instant now) {
        this.former = former == null ? List.of() : former;
        this.generation = generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    void add(String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        Condition condition = new Condition();
        condition.setType(type);
        condition.setStatus(status);
        condition.setReason(reason);
        condition.setMessage(Texts.atMost(MAX_MESSAGE, message));
        condition.setObservedGeneration(generation);
        condition.setLastTransitionTime(former.stream()
                .filter(before -> type.equals(before.getType()) && status.equals(before.getStatus()))
                .map(Condition::getLastTransitionTime)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(now));
        conditions.add(condition);
    }

    List<Condition> toList() {
        return conditions;
    }
}
