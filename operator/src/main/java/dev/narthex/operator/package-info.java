// SPDX-License-Identifier: Apache-2.0
/**
 * The operator: resources in; workloads, configuration and status out.
 */
@NullMarked
package dev.narthex.operator;

import org.jspecify.annotations.NullMarked;
