// SPDX-License-Identifier: Apache-2.0
/** The settings of the operator. Immutable. */
@NullMarked
package dev.narthex.operator.settings;

import org.jspecify.annotations.NullMarked;
