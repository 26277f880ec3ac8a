// SPDX-License-Identifier: Apache-2.0
/** Relabelling: rules that rewrite or drop label sets. Pure functions, safe for use by many threads. */
@NullMarked
package dev.narthex.config.relabel;

import org.jspecify.annotations.NullMarked;
