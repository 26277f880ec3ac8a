// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.model.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the discoverers that a configuration names and passes on what they find, a pool at a time. Discoverers of equal
 * configuration are one, whichever pools ask for them, and go on undisturbed when a new configuration still has them.
 * The first update of a quiet spell is passed on at once, further ones within a second together, so that a rollout in a
 * large cluster is a few updates and not thousands.
 */
public final class DiscoveryManager implements AutoCloseable {
    private static final Logger log = Logger.getLogger(DiscoveryManager.class);
    private static final Duration UPDATE_INTERVAL = Duration.ofSeconds(1);
    private static final double MS_PER_SECOND = 1e3;

    private final Scheduler scheduler;
    private final DiscovererFactory factory;

    /** Held while updates are passed on, so that they arrive in order; taken before {@link #state}. */
    private final Object delivery = new Object();

    private final Object state = new Object();
    private final Map<DiscoveryConfig, Provider> providers = new HashMap<>();
    private final Map<String, List<Provider>> pools = new LinkedHashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private TargetSink sink = (_, _) -> {};
    private boolean passingOn;
    private boolean closed;
    private long lastPassedOnNanos;
    private boolean passedOnBefore;
    private long receivedUpdates;
    private long sentUpdates;
    private long delayedUpdates;
    /** When each pool was last told its targets, in seconds since 1970. */
    private final Map<String, Double> lastUpdates = new LinkedHashMap<>();

    private int failedConfigs;

    public DiscoveryManager(Scheduler scheduler, DiscovererFactory factory) {
        this.scheduler = scheduler;
        this.factory = factory;
    }

    /**
     * Runs what a configuration names from now on, and nothing else.
     *
     * @param configs the ways to find targets, by the name of the pool that they are for
     * @param targetSink takes what is found from now on; it is also told at once what is known already of new pools
     */
    public void apply(Map<String, List<DiscoveryConfig>> configs, TargetSink targetSink) {
        List<Provider> stopped = new ArrayList<>();
        List<Provider> started = new ArrayList<>();
        synchronized (state) {
            if (closed) {
                return;
            }
            sink = targetSink;
            failedConfigs = 0;
            Map<String, List<Provider>> before = new HashMap<>(pools);
            pools.clear();
            changed.retainAll(configs.keySet());
            lastUpdates.keySet().retainAll(configs.keySet());
            Set<DiscoveryConfig> wanted = new HashSet<>();
            configs.forEach((pool, list) -> {
                List<Provider> used = new ArrayList<>();
                for (DiscoveryConfig config : list) {
                    Provider provider = wanted.add(config) ? provider(pool, config, started) : providers.get(config);
                    if (provider != null && !used.contains(provider)) {
                        used.add(provider);
                    }
                }
                pools.put(pool, used);
                if (!used.equals(before.get(pool))) {
                    changed.add(pool);
                }
            });
            providers.entrySet().removeIf(entry -> {
                boolean gone = !wanted.contains(entry.getKey());
                if (gone) {
                    stopped.add(entry.getValue());
                }
                return gone;
            });
        }
        stopped.forEach(Provider::close);
        started.forEach(Provider::start);
        passOnNow();
    }

    private @Nullable Provider provider(String pool, DiscoveryConfig config, List<Provider> started) {
        Provider provider = providers.get(config);
        if (provider == null) {
            try {
                provider = new Provider(factory.create(config, pool));
            } catch (RuntimeException e) {
                failedConfigs++;
                log.errorf("discovery cannot be set up err=%s config=%s", e.getMessage(), config);
                return null;
            }
            providers.put(config, provider);
            started.add(provider);
        }
        return provider;
    }

    private void received(Provider provider, List<TargetGroup> groups) {
        synchronized (state) {
            if (closed || provider.closed) {
                return;
            }
            receivedUpdates++;
            provider.update(groups);
            pools.forEach((pool, used) -> {
                if (used.contains(provider)) {
                    changed.add(pool);
                }
            });
        }
        passOnSoon();
    }

    private void passOnSoon() {
        Duration delay;
        synchronized (state) {
            if (passingOn || changed.isEmpty() || closed) {
                delayedUpdates += passingOn ? 1 : 0;
                return;
            }
            passingOn = true;
            long sinceNanos = scheduler.ticker().nanos() - lastPassedOnNanos;
            delay = passedOnBefore ? UPDATE_INTERVAL.minusNanos(sinceNanos) : Duration.ZERO;
            delayedUpdates += delay.isPositive() ? 1 : 0;
        }
        scheduler.schedule(delay, this::passOnNow);
    }

    private void passOnNow() {
        synchronized (delivery) {
            Map<String, List<TargetGroup>> updates = new LinkedHashMap<>();
            TargetSink receiver;
            synchronized (state) {
                passingOn = false;
                if (!changed.isEmpty()) {
                    passedOnBefore = true;
                    lastPassedOnNanos = scheduler.ticker().nanos();
                }
                double now = scheduler.clock().millis() / MS_PER_SECOND;
                for (String pool : changed) {
                    updates.put(pool, groups(pool));
                    lastUpdates.put(pool, now);
                }
                changed.clear();
                sentUpdates += updates.size();
                receiver = sink;
                if (closed) {
                    return;
                }
            }
            updates.forEach((pool, groups) -> {
                try {
                    receiver.targets(pool, groups);
                } catch (RuntimeException e) {
                    log.errorf(e, "targets not taken over pool=%s", pool);
                }
            });
        }
    }

    private List<TargetGroup> groups(String pool) {
        List<TargetGroup> groups = new ArrayList<>();
        for (Provider provider : pools.getOrDefault(pool, List.of())) {
            groups.addAll(provider.groups.values());
        }
        return groups;
    }

    /** What has been done so far. */
    public DiscoveryCounts counts() {
        synchronized (state) {
            Map<String, Integer> targets = new LinkedHashMap<>();
            for (String pool : pools.keySet()) {
                int count = 0;
                for (TargetGroup group : groups(pool)) {
                    count += group.targets().size();
                }
                targets.put(pool, count);
            }
            return new DiscoveryCounts(
                    targets, receivedUpdates, sentUpdates, delayedUpdates, Map.copyOf(lastUpdates), failedConfigs);
        }
    }

    /** Stops all discoverers; nothing is passed on any more. */
    @Override
    public void close() {
        List<Provider> stopped;
        synchronized (state) {
            closed = true;
            stopped = List.copyOf(providers.values());
            providers.clear();
            pools.clear();
            changed.clear();
        }
        stopped.forEach(Provider::close);
    }

    /** A discoverer and what it has found so far; its fields are guarded by {@link #state}. */
    private final class Provider {
        private final Discoverer discoverer;
        private final Map<String, TargetGroup> groups = new LinkedHashMap<>();
        private boolean closed;

        Provider(Discoverer discoverer) {
            this.discoverer = discoverer;
        }

        void start() {
            discoverer.start(update -> received(this, update));
        }

        void update(List<TargetGroup> update) {
            for (TargetGroup group : update) {
                if (group.targets().isEmpty()) {
                    groups.remove(group.source());
                } else {
                    groups.put(group.source(), group);
                }
            }
        }

        void close() {
            synchronized (state) {
                closed = true;
            }
            discoverer.close();
        }
    }
}
