// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where a server's configuration comes from. */
public sealed interface ConfigurationOptions {
    /**
     * Files in the form of Prometheus and Alertmanager.
     *
     * @param alertmanager null where alerts are sent nowhere
     * @param reloadInterval how often the files are looked at for changes, zero for never
     */
    record OfFiles(Path prometheus, @Nullable Path alertmanager, Duration reloadInterval)
            implements ConfigurationOptions {}

    /**
     * The Secrets that the operator writes.
     *
     * @param mountedCopy a directory with the same buckets, null where there is none
     */
    record OfSecrets(
            String namespace, String name, @Nullable Path mountedCopy) implements ConfigurationOptions {}
}
