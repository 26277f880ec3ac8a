// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql;

import dev.narthex.promql.syntax.Expr;

/**
 * A query that was parsed and checked.
 *
 * @param text what was parsed: positions in the expression are places in it
 */
public record PreparedQuery(String text, Expr expr) {}
