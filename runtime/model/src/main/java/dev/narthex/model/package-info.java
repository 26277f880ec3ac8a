// SPDX-License-Identifier: Apache-2.0
/**
 * The words every room speaks: label sets, matchers, samples, histograms, exemplars, metadata, durations, numbers.
 * Values are immutable and safe for use by many threads; builders and buffers are for one thread.
 */
@NullMarked
package dev.narthex.model;

import org.jspecify.annotations.NullMarked;
