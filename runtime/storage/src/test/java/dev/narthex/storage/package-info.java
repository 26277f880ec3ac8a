// SPDX-License-Identifier: Apache-2.0
/** Tests of the TSDB as a whole. */
@NullMarked
package dev.narthex.storage;

import org.jspecify.annotations.NullMarked;
