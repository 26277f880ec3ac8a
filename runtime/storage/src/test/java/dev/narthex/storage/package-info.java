// SPDX-License-Identifier: Apache-2.0
/** Tests of the columns of samples. */
@NullMarked
package dev.narthex.storage;

import org.jspecify.annotations.NullMarked;
