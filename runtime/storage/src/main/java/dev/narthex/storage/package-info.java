// SPDX-License-Identifier: Apache-2.0
/**
 * The interfaces between the rooms: those who write samples (scrape, rules, remote write) use an
 * {@link dev.narthex.storage.Appender}, those who read (queries, rules) a {@link dev.narthex.storage.Querier}, and none
 * of them knows the TSDB behind. An appender or querier is for one thread; the
 * {@link dev.narthex.storage.Appendable} and {@link dev.narthex.storage.Queryable} they come from are for all.
 */
@NullMarked
package dev.narthex.storage;

import org.jspecify.annotations.NullMarked;
