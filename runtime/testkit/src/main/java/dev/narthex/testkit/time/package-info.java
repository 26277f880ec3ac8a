// SPDX-License-Identifier: Apache-2.0
/**
 * Time that stands still until a test moves it. All types are safe for use by many threads.
 */
@NullMarked
package dev.narthex.testkit.time;

import org.jspecify.annotations.NullMarked;
