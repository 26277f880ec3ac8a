// SPDX-License-Identifier: Apache-2.0
/** Tests of the operator as a process, on a real API server. */
@NullMarked
package dev.narthex.operator.cluster;

import org.jspecify.annotations.NullMarked;
