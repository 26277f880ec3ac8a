// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

/** Why a condition is as it is, beside the reasons of a refusal. */
enum ConditionReason {
    /** The resource is valid. */
    VALID("Valid", false),
    /** The runtime runs this generation. */
    RUNNING("Running", false),
    /** No StorageVolume selects the resource. */
    NOT_SELECTED("NotSelected", true),
    /** The runtime has not loaded this generation yet. */
    LOADING("Loading", true),
    /** The runtime does not answer. */
    RUNTIME_UNREACHABLE("RuntimeUnreachable", true),
    /** The runtime refused what the operator took for valid. */
    REJECTED_BY_RUNTIME("RejectedByRuntime", false),
    /** The pods are ready. */
    PODS_READY("PodsReady", false),
    /** A pod is not ready. */
    PODS_NOT_READY("PodsNotReady", true),
    /** An object of the StorageVolume could not be made. */
    APPLY_FAILED("ApplyFailed", false);

    private final String text;
    private final boolean passing;

    ConditionReason(String text, boolean passing) {
        this.text = text;
        this.passing = passing;
    }

    String text() {
        return text;
    }

    /** Whether it will probably be over soon. */
    boolean isPassing() {
        return passing;
    }
}
