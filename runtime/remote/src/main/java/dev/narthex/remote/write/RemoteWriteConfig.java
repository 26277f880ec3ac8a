// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import java.util.Set;

/**
 * What a receiver takes.
 *
 * @param accepted the messages, at least one
 * @param startTimestamps whether start timestamps are handed to the storage
 * @param rememberedSeries for how many series the reference is remembered, so that their labels are not read again;
 *     48 bytes each at the most
 * @param maxDecodedBytes a request that is longer once it is uncompressed is refused
 */
public record RemoteWriteConfig(
        Set<RemoteWriteMessage> accepted, boolean startTimestamps, int rememberedSeries, int maxDecodedBytes) {
    private static final int DEFAULT_SERIES = 1 << 20;
    private static final int DEFAULT_DECODED_BYTES = 32 << 20;

    public RemoteWriteConfig {
        accepted = Set.copyOf(accepted);
        if (accepted.isEmpty()) {
            throw new IllegalArgumentException("remote write: no message accepted, found none; name one at least");
        }
    }

    /** Both messages, up to 32 MiB uncompressed, as Prometheus. */
    public static RemoteWriteConfig defaults() {
        return new RemoteWriteConfig(Set.of(RemoteWriteMessage.values()), false, DEFAULT_SERIES, DEFAULT_DECODED_BYTES);
    }

    public RemoteWriteConfig withAccepted(Set<RemoteWriteMessage> messages) {
        return new RemoteWriteConfig(messages, startTimestamps, rememberedSeries, maxDecodedBytes);
    }
}
