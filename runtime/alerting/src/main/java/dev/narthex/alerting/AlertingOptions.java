// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.memory.StorageFiles;
import dev.narthex.model.time.Scheduler;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What alerting works with, beside its configuration.
 *
 * @param externalUrl the address under which people reach the server, for notifications; may be empty
 * @param http sends the requests of integrations
 * @param scheduler runs timers and deliveries
 * @param files the file system of the notification log and the silences
 * @param directory where both are kept over restarts; null to keep them in memory only
 */
public record AlertingOptions(
        String externalUrl,
        HttpPoster http,
        Scheduler scheduler,
        StorageFiles files,
        @Nullable Path directory) {
    public AlertingOptions {
        if (externalUrl.endsWith("/")) {
            externalUrl = externalUrl.substring(0, externalUrl.length() - 1);
        }
    }
}
