// SPDX-License-Identifier: Apache-2.0
/**
 * A runner for the language of PromQL test files: {@code load}, {@code eval}, {@code expect}, {@code clear}. For use by one
 * thread.
 */
@NullMarked
package dev.narthex.promql.promqltest;

import org.jspecify.annotations.NullMarked;
