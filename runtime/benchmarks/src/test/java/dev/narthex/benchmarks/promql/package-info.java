// SPDX-License-Identifier: Apache-2.0
/** Tests that the benchmarks do what they say. */
@NullMarked
package dev.narthex.benchmarks.promql;

import org.jspecify.annotations.NullMarked;
