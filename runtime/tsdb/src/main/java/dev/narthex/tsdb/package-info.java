// SPDX-License-Identifier: Apache-2.0
/**
 * The time series database. One entry type; many threads append and read.
 */
@NullMarked
package dev.narthex.tsdb;

import org.jspecify.annotations.NullMarked;
