// SPDX-License-Identifier: Apache-2.0
/**
 * Time: the only place that reads the machine's clocks or sleeps. Everything else is given an
 * {@link java.time.InstantSource}, a {@link dev.narthex.model.time.Ticker} and a
 * {@link dev.narthex.model.time.Scheduler}, so that a test can drive days in milliseconds. All types are safe for use
 * by many threads.
 */
@NullMarked
package dev.narthex.model.time;

import org.jspecify.annotations.NullMarked;
