// SPDX-License-Identifier: Apache-2.0
/**
 * Random tests that can be repeated. A source of random numbers belongs to one thread.
 */
@NullMarked
package dev.narthex.testkit.random;

import org.jspecify.annotations.NullMarked;
