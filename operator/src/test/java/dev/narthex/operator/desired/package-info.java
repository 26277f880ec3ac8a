// SPDX-License-Identifier: Apache-2.0
/** Tests of the desired objects. */
@NullMarked
package dev.narthex.operator.desired;

import org.jspecify.annotations.NullMarked;
