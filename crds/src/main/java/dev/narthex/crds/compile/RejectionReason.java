// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

/** Why a resource is refused, in a word for programs. */
public enum RejectionReason {
    /** A field has a value that it cannot have. */
    INVALID_SPEC("InvalidSpec"),
    /** A PromQL expression or a template cannot be read. */
    INVALID_EXPRESSION("InvalidExpression"),
    /** A Secret or a key of it is missing, or its value cannot be used. */
    INVALID_SECRET("InvalidSecret"),
    /** The resource does what the StorageVolume would have to consent to. */
    CONSENT_MISSING("ConsentMissing");

    private final String text;

    RejectionReason(String text) {
        this.text = text;
    }

    /** The reason of a condition. */
    public String text() {
        return text;
    }
}
