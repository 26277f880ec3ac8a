// SPDX-License-Identifier: Apache-2.0
/**
 * The write-ahead log in Prometheus' format (Prometheus documentation, "WAL Disk Format"; see docs/formats/wal.md):
 * segments, pages, record fragments, checkpoints, and the repair of what a crash or a disk has damaged. A log has one
 * writer at a time, which the owner sees to; readers of a log work before its writer does.
 */
@NullMarked
package dev.narthex.tsdb.wal;

import org.jspecify.annotations.NullMarked;
