// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of queries, on a storage of plain arrays: what they take is the engine's. Each runs in its own thread. */
@NullMarked
package dev.narthex.benchmarks.promql;

import org.jspecify.annotations.NullMarked;
