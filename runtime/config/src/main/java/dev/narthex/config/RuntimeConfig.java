// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/**
 * The {@code runtime} section, which tunes Prometheus' process and has no meaning for this one.
 *
 * @param gogc the target percentage of Go's garbage collector
 * @param logLevel {@code debug}, {@code info}, {@code warn} or {@code error}; empty where not given
 */
public record RuntimeConfig(int gogc, String logLevel) {
    public static final RuntimeConfig DEFAULT = new RuntimeConfig(75, "info");
}
