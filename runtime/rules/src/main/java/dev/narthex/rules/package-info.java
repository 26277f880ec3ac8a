// SPDX-License-Identifier: Apache-2.0
/**
 * Rule groups on their schedules. A group is evaluated by one thread at a time.
 */
@NullMarked
package dev.narthex.rules;

import org.jspecify.annotations.NullMarked;
