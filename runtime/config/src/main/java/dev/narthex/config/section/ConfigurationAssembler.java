// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.section;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.Configuration;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.ReceiverConfig;
import dev.narthex.config.RouteConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.file.RoutingFragment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Puts sections together into one {@link Configuration}. A section that cannot be used is set aside with the reason,
 * and the section of the same resource that ran before takes its place.
 */
public final class ConfigurationAssembler {
    private final ConfigLoader loader;

    public ConfigurationAssembler(ConfigLoader loader) {
        this.loader = loader;
    }

    /**
     * The outcome.
     *
     * @param configuration what is to run
     * @param running the sections that it was made of
     * @param rejected why sections last read were refused, by resource
     */
    public record Assembly(
            Configuration configuration,
            SortedMap<ResourceId, ResourceSection> running,
            SortedMap<ResourceId, String> rejected) {}

    /**
     * Assembles what was read.
     *
     * @param read the sections as they are to be
     * @param former the sections that run now, stand-ins for refused ones
     */
    public Assembly assemble(Collection<ResourceSection> read, Map<ResourceId, ResourceSection> former) {
        Parts parts = new Parts();
        SortedMap<ResourceId, ResourceSection> running = new TreeMap<>();
        SortedMap<ResourceId, String> rejected = new TreeMap<>();
        for (ResourceSection section : read.stream().sorted().toList()) {
            try {
                parts.add(section);
                running.put(section.id(), section);
            } catch (ConfigException e) {
                rejected.put(section.id(), String.valueOf(e.getMessage()));
                ResourceSection before = former.get(section.id());
                if (before != null && addFormer(parts, before)) {
                    running.put(before.id(), before);
                }
            }
        }
        return new Assembly(parts.build(), running, rejected);
    }

    private static boolean addFormer(Parts parts, ResourceSection before) {
        try {
            parts.add(before);
            return true;
        } catch (ConfigException _) {
            // It ran once, so this is only reached when the meaning of sections has changed with a new version.
            return false;
        }
    }

    /** Collects the parts of sections. */
    private final class Parts {
        private GlobalConfig global = GlobalConfig.DEFAULT;
        private final List<ScrapeConfig> scrapeConfigs = new ArrayList<>();
        private final List<RuleGroupConfig> ruleGroups = new ArrayList<>();
        private final List<RoutingFragment> routings = new ArrayList<>();

        void add(ResourceSection section) throws ConfigException {
            ResourceId id = section.id();
            String source = id.toString();
            switch (id.kind()) {
                case ResourceId.STORAGE_VOLUME ->
                    global = loader.prometheus(section.yaml(), source).global();
                case ResourceId.SCRAPE_TARGET ->
                    scrapeConfigs.addAll(
                            loader.prometheus(section.yaml(), source).scrapeConfigs());
                case ResourceId.ALERT_RULE ->
                    ruleGroups.addAll(loader.rules(section.yaml(), ResourceNames.ruleFile(id)));
                case ResourceId.RECEIVER -> routings.add(loader.routing(section.yaml(), source));
                default -> throw loader.refuse(source, "kind " + id.kind() + " is not known to this version");
            }
        }

        Configuration build() {
            routings.sort(Comparator.comparingInt(RoutingFragment::order));
            List<RouteConfig> routes = new ArrayList<>();
            List<ReceiverConfig> receivers = new ArrayList<>(AlertmanagerConfig.EMPTY.receivers());
            for (RoutingFragment routing : routings) {
                routes.add(routing.route());
                receivers.addAll(routing.receivers());
            }
            RouteConfig root = AlertmanagerConfig.EMPTY.route().withRoutes(routes);
            return new Configuration(
                    new PrometheusConfig(global, scrapeConfigs, List.of()),
                    ruleGroups,
                    new AlertmanagerConfig(AlertmanagerConfig.DEFAULT_RESOLVE_TIMEOUT, root, receivers));
        }
    }
}
