// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

/**
 * A status as it should be now.
 *
 * @param passing whether it will probably be another soon, so that it is not worth writing at once
 */
public record ComputedStatus<S>(S status, boolean passing) {}
