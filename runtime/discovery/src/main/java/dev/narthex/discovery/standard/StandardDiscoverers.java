// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.standard;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.DnsDiscoveryConfig;
import dev.narthex.config.FileDiscoveryConfig;
import dev.narthex.config.HttpDiscoveryConfig;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.discovery.Discoverer;
import dev.narthex.discovery.DiscovererFactory;
import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.discovery.dns.DnsDiscoverer;
import dev.narthex.discovery.dns.DnsResolver;
import dev.narthex.discovery.dns.ResolverSettings;
import dev.narthex.discovery.file.FileDiscoverer;
import dev.narthex.discovery.fixed.StaticDiscoverer;
import dev.narthex.discovery.http.HttpDiscoverer;
import dev.narthex.discovery.kubernetes.KubernetesDiscoverers;
import dev.narthex.http.HttpFetcher;
import dev.narthex.model.time.Scheduler;
import java.util.Set;

/** Makes a discoverer of every mechanism that a configuration can name. Close it after those it has made. */
public final class StandardDiscoverers implements DiscovererFactory, AutoCloseable {
    /** The names of the mechanisms that there are, as in {@code NAME_sd_configs}. */
    public static final Set<String> NAMES = Set.of("dns", "file", "http", "kubernetes", "static");

    private final DnsResolver resolver = new DnsResolver(ResolverSettings::ofThisMachine);
    private final DiscoveryMetrics metrics = new DiscoveryMetrics();
    private final KubernetesDiscoverers kubernetes = new KubernetesDiscoverers(metrics);
    private final Scheduler scheduler;
    private final HttpFetcher fetcher;
    private final String agent;

    /**
     * A factory.
     *
     * @param fetcher asks HTTP servers for targets; closed by its owner
     * @param agent what it says that it is, for example {@code narthex/1.0}
     */
    public StandardDiscoverers(Scheduler scheduler, HttpFetcher fetcher, String agent) {
        this.scheduler = scheduler;
        this.fetcher = fetcher;
        this.agent = agent;
    }

    @Override
    public Discoverer create(DiscoveryConfig config) {
        return create(config, "");
    }

    @Override
    @SuppressWarnings("IfChainToSwitch") // the first switch by type that a JVM comes to costs a start 25 ms
    public Discoverer create(DiscoveryConfig config, String pool) {
        if (config instanceof StaticDiscoveryConfig fixed) {
            return new StaticDiscoverer(fixed);
        } else if (config instanceof FileDiscoveryConfig files) {
            return new FileDiscoverer(files, scheduler, metrics);
        } else if (config instanceof HttpDiscoveryConfig server) {
            return HttpDiscoverer.discoverer(server, pool, scheduler, fetcher, metrics, agent);
        } else if (config instanceof DnsDiscoveryConfig names) {
            return DnsDiscoverer.discoverer(names, pool, scheduler, resolver, metrics);
        } else if (config instanceof KubernetesDiscoveryConfig cluster) {
            return kubernetes.create(cluster);
        }
        throw new IllegalArgumentException("the loader refuses what this version cannot discover, found " + config);
    }

    /** What the discoverers have counted so far. */
    public DiscoveryMetrics metrics() {
        return metrics;
    }

    @Override
    public void close() {
        kubernetes.close();
    }
}
