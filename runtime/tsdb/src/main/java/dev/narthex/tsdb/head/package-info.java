// SPDX-License-Identifier: Apache-2.0
/**
 * The head: the newest samples, in memory. Series, label symbols, postings and chunks are records and pieces in slabs,
 * addressed by integer references; there is no object per series, label or sample.
 *
 * <p>Threads: one writer at a time changes samples (the commit lock of {@link dev.narthex.tsdb.head.Head}) and one at a
 * time changes the index (the lock of {@link dev.narthex.tsdb.head.HeadIndex}). Lock order: commit lock, then index
 * lock. Readers take neither while they decode: they enter {@link dev.narthex.tsdb.head.Readers}, read series records
 * by their version, and what they may still look at is freed only after they have left
 * ({@link dev.narthex.tsdb.head.DeferredFrees}).
 */
@NullMarked
package dev.narthex.tsdb.head;

import org.jspecify.annotations.NullMarked;
