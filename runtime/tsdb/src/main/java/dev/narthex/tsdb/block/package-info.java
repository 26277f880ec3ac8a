// SPDX-License-Identifier: Apache-2.0
/**
 * Blocks on disk in Prometheus' format: reading and writing of index, chunk files, tombstones and meta.json. A block does
 * not change but for its tombstones; many threads read it, each with a querier of its own, while it may be replaced.
 */
@NullMarked
package dev.narthex.tsdb.block;

import org.jspecify.annotations.NullMarked;
