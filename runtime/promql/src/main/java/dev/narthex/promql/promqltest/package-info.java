// SPDX-License-Identifier: Apache-2.0
/**
 * The language of PromQL test files ({@code load}, {@code eval}, {@code expect}, {@code clear}) and what runs it: {@link
 * dev.narthex.promql.promqltest.PromqlTestFile}. For use by one thread.
 */
@NullMarked
package dev.narthex.promql.promqltest;

import org.jspecify.annotations.NullMarked;
