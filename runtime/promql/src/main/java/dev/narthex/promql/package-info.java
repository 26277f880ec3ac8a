// SPDX-License-Identifier: Apache-2.0
/**
 * PromQL: parser, tree and engine. Trees are immutable; a query runs in one thread.
 */
@NullMarked
package dev.narthex.promql;

import org.jspecify.annotations.NullMarked;
