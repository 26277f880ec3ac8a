// SPDX-License-Identifier: Apache-2.0
/** What {@code check metrics} looks at: an exposition by its metric families, its naming, and how many series it makes. */
@NullMarked
package dev.narthex.exposition.lint;

import org.jspecify.annotations.NullMarked;
