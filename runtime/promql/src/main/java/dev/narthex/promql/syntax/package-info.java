// SPDX-License-Identifier: Apache-2.0
/**
 * The language: {@link dev.narthex.promql.syntax.PromqlParser} turns text into a checked tree of
 * {@link dev.narthex.promql.syntax.Expr}, {@link dev.narthex.promql.syntax.PromqlPrinter} turns it back. Trees are
 * immutable and safe for use by many threads; a parser is used by one.
 */
@NullMarked
package dev.narthex.promql.syntax;

import org.jspecify.annotations.NullMarked;
