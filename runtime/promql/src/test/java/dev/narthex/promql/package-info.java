// SPDX-License-Identifier: Apache-2.0
/** Tests of the engine, and the naive storage that they run on. */
@NullMarked
package dev.narthex.promql;

import org.jspecify.annotations.NullMarked;
