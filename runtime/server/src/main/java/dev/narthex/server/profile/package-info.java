// SPDX-License-Identifier: Apache-2.0
/**
 * {@code /debug/pprof/*}: profiles in the format of pprof (github.com/google/pprof, profile.proto), of what a Java program
 * can tell of itself without an agent: stacks of its threads, memory by purpose.
 */
@NullMarked
package dev.narthex.server.profile;

import org.jspecify.annotations.NullMarked;
