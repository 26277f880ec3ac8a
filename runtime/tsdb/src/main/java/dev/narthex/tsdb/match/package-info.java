// SPDX-License-Identifier: Apache-2.0
/** What label matchers amount to, for those who look up series in an index. Immutable, safe for use by many threads. */
@NullMarked
package dev.narthex.tsdb.match;

import org.jspecify.annotations.NullMarked;
