// SPDX-License-Identifier: Apache-2.0
/** Tests of the language of PromQL test files, and Prometheus' own test files. For use by one thread. */
@NullMarked
package dev.narthex.promql.promqltest;

import org.jspecify.annotations.NullMarked;
