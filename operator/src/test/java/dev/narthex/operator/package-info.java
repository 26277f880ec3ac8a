// SPDX-License-Identifier: Apache-2.0
/** Tests of the operator. */
@NullMarked
package dev.narthex.operator;

import org.jspecify.annotations.NullMarked;
