// SPDX-License-Identifier: Apache-2.0
/**
 * What a query gives: values, annotations, statistics, or an error. All immutable and safe for use by many threads.
 */
@NullMarked
package dev.narthex.promql.value;

import org.jspecify.annotations.NullMarked;
