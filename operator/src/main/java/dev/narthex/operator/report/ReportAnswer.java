// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.report;

/** What came of asking a runtime. */
public sealed interface ReportAnswer {
    /** It answered. */
    record Answered(RuntimeReport report) implements ReportAnswer {}

    /**
     * It did not.
     *
     * @param reason for a person
     */
    record Unreachable(String reason) implements ReportAnswer {}
}
