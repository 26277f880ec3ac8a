// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import com.google.re2j.Pattern;
import dev.narthex.remote.read.RemoteReadConfig;
import dev.narthex.remote.write.RemoteWriteConfig;
import dev.narthex.server.http.HttpLimits;
import dev.narthex.server.http.ListenAddress;
import dev.narthex.tsdb.wal.WalCompression;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a server runs, from its flags.
 *
 * @param addresses where it listens, at least one
 * @param externalUrl as given, empty to derive it from the machine's name and the first port
 * @param routePrefix before every path, empty or beginning with a slash
 * @param lifecycleApi whether {@code /-/reload} and {@code /-/quit} act
 * @param corsOrigin origins that scripts may come from, to be matched whole
 * @param dataDirectory of the samples
 * @param retention how long samples are kept
 * @param isRetentionGiven whether the command line says so, and not the default
 * @param retentionBytes how large log and blocks may become, {@link Long#MAX_VALUE} for no limit
 * @param walCompression how the log is compressed
 * @param adminApi whether {@code /api/v1/admin/tsdb/*} acts
 * @param features what is experimental and on
 * @param maxSamples that a query may hold in memory
 * @param remoteWrite what is taken at {@code /api/v1/write}, null for nothing
 * @param remoteRead what may be asked for at {@code /api/v1/read}
 * @param jsonLog whether log lines are JSON
 * @param autoReload whether files of the configuration that have changed are read anew
 * @param webConfigFile says who may ask, and by what TLS; null for none
 * @param maxNotificationSubscribers that listen to notifications at once
 * @param maxSearchLimit results that a search may be asked for, 0 for any number
 * @param tuning sizes and times of the storage
 * @param timestampToleranceMs how far from its time a scrape may begin to count as punctual
 * @param shownFlags flag values as {@code /api/v1/status/flags} shows them
 */
public record ServerOptions(
        List<ListenAddress> addresses,
        HttpLimits limits,
        String externalUrl,
        String routePrefix,
        boolean lifecycleApi,
        String pageTitle,
        Pattern corsOrigin,
        Path dataDirectory,
        Duration retention,
        boolean isRetentionGiven,
        long retentionBytes,
        WalCompression walCompression,
        boolean adminApi,
        FeatureFlags features,
        Duration lookbackDelta,
        Duration queryTimeout,
        int maxConcurrency,
        int maxSamples,
        Duration forOutageTolerance,
        Duration forGracePeriod,
        Duration resendDelay,
        String logLevel,
        boolean jsonLog,
        boolean autoReload,
        @Nullable RemoteWriteConfig remoteWrite,
        RemoteReadConfig remoteRead,
        @Nullable Path webConfigFile,
        int maxNotificationSubscribers,
        int maxSearchLimit,
        StorageTuning tuning,
        long timestampToleranceMs,
        Map<String, String> shownFlags) {
    public ServerOptions {
        addresses = List.copyOf(addresses);
        shownFlags = Map.copyOf(shownFlags);
    }

    /** The same with another retention. */
    public ServerOptions withRetention(Duration time) {
        return new ServerOptions(
                addresses,
                limits,
                externalUrl,
                routePrefix,
                lifecycleApi,
                pageTitle,
                corsOrigin,
                dataDirectory,
                time,
                isRetentionGiven,
                retentionBytes,
                walCompression,
                adminApi,
                features,
                lookbackDelta,
                queryTimeout,
                maxConcurrency,
                maxSamples,
                forOutageTolerance,
                forGracePeriod,
                resendDelay,
                logLevel,
                jsonLog,
                autoReload,
                remoteWrite,
                remoteRead,
                webConfigFile,
                maxNotificationSubscribers,
                maxSearchLimit,
                tuning,
                timestampToleranceMs,
                shownFlags);
    }
}
