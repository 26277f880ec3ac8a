// SPDX-License-Identifier: Apache-2.0
/**
 * Long-lived parts of the process and the order in which they come and go. A lifecycle is driven by one thread; its
 * state may be read by many.
 */
@NullMarked
package dev.narthex.server.lifecycle;

import org.jspecify.annotations.NullMarked;
