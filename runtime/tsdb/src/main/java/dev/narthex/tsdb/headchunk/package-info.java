// SPDX-License-Identifier: Apache-2.0
/**
 * The files of full head chunks, {@code chunks_head} of the data directory, in Prometheus' format (Prometheus
 * documentation, "Head Chunks on Disk Format"; see docs/formats/head-chunks.md): written, read while they are written,
 * mended at the start. One writer at a time, which the owner sees to; chunks are read by any thread.
 */
@NullMarked
package dev.narthex.tsdb.headchunk;

import org.jspecify.annotations.NullMarked;
