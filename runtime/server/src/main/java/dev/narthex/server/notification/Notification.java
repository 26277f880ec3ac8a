// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.notification;

import java.time.Instant;

/**
 * Something about the server that people should know.
 *
 * @param text a sentence
 * @param since when it became so
 * @param active whether it is so still
 */
public record Notification(String text, Instant since, boolean active) {
    /** The last loading of the configuration failed. */
    public static final String RELOAD_FAILED = "Configuration reload has failed.";

    /** The log is being replayed. */
    public static final String STARTING = "Prometheus is starting and replaying the write-ahead log (WAL).";

    /** The server is about to end. */
    public static final String STOPPING = "Prometheus is shutting down and gracefully stopping all operations.";
}
