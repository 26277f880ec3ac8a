// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.Configuration;
import dev.narthex.discovery.DiscoveryManager;
import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.discovery.standard.StandardDiscoverers;
import dev.narthex.http.HttpFetchers;
import dev.narthex.http.HttpLoop;
import dev.narthex.model.time.Scheduler;
import dev.narthex.scrape.ScrapeManager;
import dev.narthex.scrape.ScrapeSettings;
import dev.narthex.server.lifecycle.Component;
import dev.narthex.storage.Appendable;
import java.time.Duration;

/** Scraping with all it needs: discovery, HTTP client, manager. Scrapes nothing until it is given a configuration. */
final class ScrapeComponent implements Component {
    private final StandardDiscoverers discoverers;
    private final HttpLoop loop;
    private final HttpFetchers client;
    private final DiscoveryManager discovery;
    private final ScrapeManager manager;

    ScrapeComponent(Appendable storage, Scheduler scheduler, ScrapeSettings settings) {
        loop = new HttpLoop("narthex-scrape", scheduler);
        client = new HttpFetchers(loop);
        discoverers = new StandardDiscoverers(scheduler, client, "narthex/" + settings.version());
        discovery = new DiscoveryManager(scheduler, discoverers);
        manager = new ScrapeManager(storage, discovery, loop, client, settings);
    }

    @Override
    public String name() {
        return "scraping";
    }

    ScrapeManager manager() {
        return manager;
    }

    DiscoveryManager discovery() {
        return discovery;
    }

    DiscoveryMetrics discoveryMetrics() {
        return discoverers.metrics();
    }

    void apply(Configuration configuration) {
        manager.apply(
                configuration.prometheus().allScrapeConfigs(),
                configuration.prometheus().global());
    }

    @Override
    public void start() {}

    @Override
    public void stop(Duration deadline) {
        discovery.close();
        manager.close();
        client.close();
        loop.close();
        discoverers.close();
    }
}
