// SPDX-License-Identifier: Apache-2.0
/** Tests of the language. */
@NullMarked
package dev.narthex.promql.syntax;

import org.jspecify.annotations.NullMarked;
