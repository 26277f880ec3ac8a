// SPDX-License-Identifier: Apache-2.0
/**
 * The evaluation of one query. A {@link dev.narthex.promql.engine.Planner} turns the tree into operators that hand
 * {@link dev.narthex.promql.engine.Column columns} to each other: one series with its values at all steps of the query.
 * Operators are pulled, a series at a time, so that an aggregation never holds its inputs; those that must see all
 * series first (sorting, matching) hold them and count them against the limit of samples. Everything here belongs to one
 * query and one thread.
 */
@NullMarked
package dev.narthex.promql.engine;

import org.jspecify.annotations.NullMarked;
