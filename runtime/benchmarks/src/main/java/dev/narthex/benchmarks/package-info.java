// SPDX-License-Identifier: Apache-2.0
/**
 * JMH benchmarks of the kernels; never shipped.
 */
@NullMarked
package dev.narthex.benchmarks;

import org.jspecify.annotations.NullMarked;
