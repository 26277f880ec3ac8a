// SPDX-License-Identifier: Apache-2.0
/**
 * Receives remote write requests (Prometheus Remote-Write specifications 1.0 and 2.0) into a storage. The
 * {@link dev.narthex.remote.write.RemoteWriteReceiver} is safe for use by many threads, what works for it on one request
 * is for one thread.
 */
@NullMarked
package dev.narthex.remote.write;

import org.jspecify.annotations.NullMarked;
