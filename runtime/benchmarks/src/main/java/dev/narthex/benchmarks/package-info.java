// SPDX-License-Identifier: Apache-2.0
/**
 * JMH benchmarks of the kernels; never shipped. Each has a test of what it computes, so that a benchmark that measures
 * nothing is found out. State belongs to one benchmark thread.
 */
@NullMarked
package dev.narthex.benchmarks;

import org.jspecify.annotations.NullMarked;
