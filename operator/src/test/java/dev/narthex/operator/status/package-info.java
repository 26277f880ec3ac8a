// SPDX-License-Identifier: Apache-2.0
/** Tests of the status. */
@NullMarked
package dev.narthex.operator.status;

import org.jspecify.annotations.NullMarked;
