// SPDX-License-Identifier: Apache-2.0
/** Whether queries stay within their limits and end when they are told to, on data that is made as it is read. */
@NullMarked
package dev.narthex.promql.limits;

import org.jspecify.annotations.NullMarked;
