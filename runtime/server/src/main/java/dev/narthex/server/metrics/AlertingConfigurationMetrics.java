// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.file.ConfigWriter;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.server.configuration.LoadedConfiguration;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code alertmanager_config_*}: Prometheus' part and Alertmanager's are loaded together, or neither is. */
public final class AlertingConfigurationMetrics implements MetricSource {
    /** As many bits as a gauge holds exactly, in whole bytes. */
    private static final int HASH_BITS = 48;

    private final Supplier<LoadedConfiguration> loaded;
    private volatile @Nullable Hashed hashed;

    private record Hashed(AlertmanagerConfig config, double hash) {}

    public AlertingConfigurationMetrics(Supplier<LoadedConfiguration> loaded) {
        this.loaded = loaded;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        LoadedConfiguration now = loaded.get();
        Instant loadedAt = now.loadedAt();
        new Families(out)
                .gauge(
                        "alertmanager_config_hash",
                        "Hash of the currently loaded alertmanager configuration. Note that this is not a"
                                + " cryptographically strong hash.",
                        hash(now.configuration().alertmanager()))
                .gauge(
                        "alertmanager_config_last_reload_successful",
                        "Whether the last configuration reload attempt was successful.",
                        now.isGood() && loadedAt != null ? 1 : 0)
                .gauge(
                        "alertmanager_config_last_reload_success_timestamp_seconds",
                        "Timestamp of the last successful configuration reload.",
                        loadedAt == null ? 0 : loadedAt.toEpochMilli() / 1000.0);
    }

    private double hash(AlertmanagerConfig config) {
        Hashed known = hashed;
        if (known == null || !known.config.equals(config)) {
            known = new Hashed(config, hash(ConfigWriter.effective().alertmanager(config)));
            hashed = known;
        }
        return known.hash;
    }

    private static double hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return (double) (ByteBuffer.wrap(digest).getLong() >>> (Long.SIZE - HASH_BITS));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java", e);
        }
    }
}
