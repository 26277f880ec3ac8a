// SPDX-License-Identifier: Apache-2.0
/** What runtimes say about the resources they run. The records are immutable, the client may be used by many threads. */
@NullMarked
package dev.narthex.operator.report;

import org.jspecify.annotations.NullMarked;
