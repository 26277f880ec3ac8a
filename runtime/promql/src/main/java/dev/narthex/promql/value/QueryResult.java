// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.value;

/** The answer to a query. */
public record QueryResult(Value value, Annotations annotations, QueryStatistics statistics) {}
