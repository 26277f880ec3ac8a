// SPDX-License-Identifier: Apache-2.0
/** Tests of remote read. */
@NullMarked
package dev.narthex.remote.read;

import org.jspecify.annotations.NullMarked;
