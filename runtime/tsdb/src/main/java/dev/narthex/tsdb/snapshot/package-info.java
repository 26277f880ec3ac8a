// SPDX-License-Identifier: Apache-2.0
/**
 * Snapshots of a head that a stop leaves beside the log, so that the next start need not replay what is before them
 * (docs/formats/head-snapshot.md).
 */
@NullMarked
package dev.narthex.tsdb.snapshot;

import org.jspecify.annotations.NullMarked;
