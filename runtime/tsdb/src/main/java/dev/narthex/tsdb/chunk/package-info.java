// SPDX-License-Identifier: Apache-2.0
/**
 * The encodings of samples in chunks, as the Prometheus documentation "Chunks Disk Format" has them. Encoders and
 * decoders work on the caller's arrays and keep no state of their own, so they are safe for use by many threads on
 * different arrays.
 */
@NullMarked
package dev.narthex.tsdb.chunk;

import org.jspecify.annotations.NullMarked;
