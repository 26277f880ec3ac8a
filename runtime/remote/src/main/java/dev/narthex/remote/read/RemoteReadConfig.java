// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.read;

/**
 * What a client may ask for.
 *
 * @param maxSamples of one query in an answer that is not streamed, 0 for no limit
 * @param maxConcurrent requests that are answered at once, 0 for no limit; further ones wait
 * @param maxFrameBytes how much of a series a frame of a streamed answer takes before the next begins
 */
public record RemoteReadConfig(int maxSamples, int maxConcurrent, int maxFrameBytes) {
    /** The defaults of Prometheus. */
    public static final RemoteReadConfig DEFAULT = new RemoteReadConfig(50_000_000, 10, 1 << 20);
}
