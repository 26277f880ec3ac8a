// SPDX-License-Identifier: Apache-2.0
/** Comparison with a real Prometheus: the same random data, the same random queries. For use by one thread. */
@NullMarked
package dev.narthex.promql.differential;

import org.jspecify.annotations.NullMarked;
