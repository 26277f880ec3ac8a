// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.narthex.tsdb.block;

import org.jspecify.annotations.NullMarked;
