// SPDX-License-Identifier: Apache-2.0
/**
 * Finds what a test has left behind, memory, files, threads, and what it has allocated. One instance belongs to one test.
 */
@NullMarked
package dev.narthex.testkit.leak;

import org.jspecify.annotations.NullMarked;
