// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

/** How the answers of a route are compressed. */
public enum Compression {
    NONE,
    /** By the first coding of Accept-Encoding that is named without a weight, as Prometheus' API does. */
    BY_NAME,
    /** By gzip, where Accept-Encoding does not give it the weight 0, as Prometheus' own metrics are. */
    BY_WEIGHT
}
