// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.promql.syntax.PromqlFeature;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How an engine works and within which limits.
 *
 * @param maxSamples how many samples a query may hold in memory at a time
 * @param maxBytes how many bytes a query may hold in memory at a time
 * @param memory what all queries hold, under the tag {@code queries}; its limit is for all of them together. What keeps
 *     results beyond their evaluation may enter them, too
 * @param timeout how long a query may take, waiting for its turn included
 * @param lookbackDelta how old the newest sample of a series may be to count at a step
 * @param maxConcurrency how many queries are evaluated at a time; further ones wait
 * @param defaultResolution the resolution of subqueries that give none: the global evaluation interval
 * @param features the experimental features that are enabled
 */
public record PromqlEngineConfig(
        long maxSamples,
        long maxBytes,
        MemoryAccount memory,
        Duration timeout,
        Duration lookbackDelta,
        int maxConcurrency,
        Duration defaultResolution,
        Set<PromqlFeature> features) {
    public PromqlEngineConfig {
        requirePositive("maxSamples", maxSamples);
        requirePositive("maxBytes", maxBytes);
        requirePositive("timeout", timeout.toMillis());
        requirePositive("lookbackDelta", lookbackDelta.toMillis());
        requirePositive("maxConcurrency", maxConcurrency);
        requirePositive("defaultResolution", defaultResolution.toMillis());
        features = Set.copyOf(features);
    }

    /** Prometheus' defaults, and memory without a limit. */
    public static PromqlEngineConfig defaults() {
        return new PromqlEngineConfig(
                50_000_000,
                Long.MAX_VALUE,
                new MemoryAccount(Long.MAX_VALUE),
                Duration.ofMinutes(2),
                Duration.ofMinutes(5),
                20,
                Duration.ofMinutes(1),
                Set.of());
    }

    public PromqlEngineConfig withMaxSamples(long limit) {
        return with(config -> config.maxSamples = limit);
    }

    /**
     * Limits the memory.
     *
     * @param limitBytes see {@link #maxBytes}
     * @param account see {@link #memory}
     */
    public PromqlEngineConfig withMemory(long limitBytes, MemoryAccount account) {
        return with(config -> {
            config.maxBytes = limitBytes;
            config.memory = account;
        });
    }

    public PromqlEngineConfig withTimeout(Duration limit) {
        return with(config -> config.timeout = limit);
    }

    public PromqlEngineConfig withLookbackDelta(Duration delta) {
        return with(config -> config.lookbackDelta = delta);
    }

    public PromqlEngineConfig withMaxConcurrency(int limit) {
        return with(config -> config.maxConcurrency = limit);
    }

    public PromqlEngineConfig withDefaultResolution(Duration resolution) {
        return with(config -> config.defaultResolution = resolution);
    }

    public PromqlEngineConfig withFeatures(Set<PromqlFeature> enabled) {
        return with(config -> config.features = enabled);
    }

    private PromqlEngineConfig with(Consumer<Builder> change) {
        Builder builder = new Builder(this);
        change.accept(builder);
        return new PromqlEngineConfig(
                builder.maxSamples,
                builder.maxBytes,
                builder.memory,
                builder.timeout,
                builder.lookbackDelta,
                builder.maxConcurrency,
                builder.defaultResolution,
                builder.features);
    }

    /** A configuration that is being changed. */
    private static final class Builder {
        private long maxSamples;
        private long maxBytes;
        private MemoryAccount memory;
        private Duration timeout;
        private Duration lookbackDelta;
        private int maxConcurrency;
        private Duration defaultResolution;
        private Set<PromqlFeature> features;

        Builder(PromqlEngineConfig config) {
            maxSamples = config.maxSamples;
            maxBytes = config.maxBytes;
            memory = config.memory;
            timeout = config.timeout;
            lookbackDelta = config.lookbackDelta;
            maxConcurrency = config.maxConcurrency;
            defaultResolution = config.defaultResolution;
            features = config.features;
        }
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("PromQL engine: " + name + " must be greater than 0, found " + value);
        }
    }
}
