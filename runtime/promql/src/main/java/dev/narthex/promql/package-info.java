// SPDX-License-Identifier: Apache-2.0
/**
 * PromQL. {@link dev.narthex.promql.PromqlEngine} answers queries; {@link dev.narthex.promql.syntax} has the language,
 * {@link dev.narthex.promql.value} what an answer is made of. The engine is safe for use by many threads; a query runs in
 * the thread that asks.
 */
@NullMarked
package dev.narthex.promql;

import org.jspecify.annotations.NullMarked;
