// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.dns;

import dev.narthex.config.DnsDiscoveryConfig;
import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.discovery.RefreshLoop;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.time.Scheduler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Makes targets of the records of names ({@code dns_sd_configs}); a group a name. A name that cannot be looked up keeps
 * its targets, one that does not exist loses them. For one thread at a time.
 */
public final class DnsDiscoverer implements RefreshLoop.Source {
    private static final Logger log = Logger.getLogger(DnsDiscoverer.class);
    private static final String PREFIX = "__meta_dns_";

    private final DnsDiscoveryConfig config;
    private final RecordType type;
    private final DnsResolver resolver;
    private final DiscoveryMetrics metrics;
    private final Map<String, TargetGroup> last = new HashMap<>();

    private DnsDiscoverer(DnsDiscoveryConfig config, DnsResolver resolver, DiscoveryMetrics metrics) {
        this.config = config;
        this.resolver = resolver;
        this.metrics = metrics;
        type = RecordType.valueOf(config.type().toUpperCase(Locale.ROOT));
    }

    /** A discoverer that looks all names up at once and then at each interval; metrics name the pool. */
    public static RefreshLoop discoverer(
            DnsDiscoveryConfig config,
            String pool,
            Scheduler scheduler,
            DnsResolver resolver,
            DiscoveryMetrics metrics) {
        return new RefreshLoop(
                scheduler,
                "dns",
                pool,
                config.refreshInterval(),
                metrics,
                new DnsDiscoverer(config, resolver, metrics));
    }

    @Override
    public List<TargetGroup> read() throws IOException {
        IOException failure = null;
        int failures = 0;
        for (String name : config.names()) {
            metrics.dnsLookups.increment();
            try {
                List<Labels> targets = new ArrayList<>();
                for (DnsRecord found : resolver.lookUp(name, type)) {
                    targets.add(target(name, found));
                }
                last.put(name, new TargetGroup(name, Labels.EMPTY, targets));
            } catch (IOException e) {
                metrics.dnsLookupFailures.increment();
                log.warnf("name not looked up, its last targets stay name=%s err=%s", name, e.getMessage());
                failure = e;
                failures++;
            }
        }
        if (failure != null && failures == config.names().size()) {
            throw failure;
        }
        return List.copyOf(last.values());
    }

    private Labels target(String name, DnsRecord found) {
        LabelsBuilder labels = Labels.builder().set(PREFIX + "name", name);
        String host = found.target().endsWith(".")
                ? found.target().substring(0, found.target().length() - 1)
                : found.target();
        int port = config.port();
        switch (type) {
            case SRV -> {
                port = found.port();
                labels.set(PREFIX + "srv_record_target", found.target());
                labels.set(PREFIX + "srv_record_port", Integer.toString(port));
            }
            case MX -> labels.set(PREFIX + "mx_record_target", found.target());
            case NS -> labels.set(PREFIX + "ns_record_target", found.target());
            case A, AAAA -> {}
        }
        String address = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return labels.set("__address__", address + ":" + port).build();
    }
}
