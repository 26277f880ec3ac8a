// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.Configuration;
import dev.narthex.config.IntegrationConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.WebhookConfig;
import dev.narthex.server.lifecycle.Component;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * The demo service and the printing receiver beside a server on a folder: each is started when the configuration first
 * names its address, and stays until the end. Driven by one thread at a time.
 */
final class Companions implements Component {
    private static final Logger log = Logger.getLogger(Companions.class);

    private final Companion demo;
    private final Companion receiver;

    /**
     * One of the two.
     *
     * @param address as manifests write it, {@code 127.0.0.1:9464}
     */
    record Companion(String address, Component component) {}

    private final Set<String> running = new HashSet<>();

    Companions(Companion demo, Companion receiver) {
        this.demo = demo;
        this.receiver = receiver;
    }

    @Override
    public String name() {
        return "companions";
    }

    @Override
    public void start() {}

    /** Starts what a configuration names. */
    synchronized void apply(Configuration configuration) {
        if (scraped(configuration).contains(demo.address())) {
            run(demo);
        }
        if (notified(configuration).contains(receiver.address())) {
            run(receiver);
        }
    }

    boolean runsDemo() {
        return runs(demo);
    }

    boolean runsReceiver() {
        return runs(receiver);
    }

    private synchronized boolean runs(Companion companion) {
        return running.contains(companion.address());
    }

    private void run(Companion companion) {
        if (!running.add(companion.address())) {
            return;
        }
        try {
            companion.component().start();
        } catch (IOException e) {
            running.remove(companion.address());
            log.errorf("not started companion=%s err=%s", companion.component().name(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Set<String> scraped(Configuration configuration) {
        Set<String> addresses = new TreeSet<>();
        for (ScrapeConfig job : configuration.prometheus().allScrapeConfigs()) {
            job.discoveries().forEach(discovery -> {
                if (discovery instanceof StaticDiscoveryConfig fixed) {
                    fixed.groups().forEach(group -> addresses.addAll(group.targets()));
                }
            });
        }
        return addresses;
    }

    private static Set<String> notified(Configuration configuration) {
        Set<String> addresses = new TreeSet<>();
        configuration.alertmanager().receivers().forEach(receiver -> {
            for (IntegrationConfig integration : receiver.integrations()) {
                switch (integration) {
                    case WebhookConfig webhook ->
                        addAddress(addresses, webhook.url().value());
                }
            }
        });
        return addresses;
    }

    private static void addAddress(Set<String> addresses, String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getAuthority() != null) {
                addresses.add(uri.getAuthority());
            }
        } catch (IllegalArgumentException _) {
            // No URL: not the receiver's either.
        }
    }

    @Override
    public synchronized void stop(Duration deadline) throws IOException, InterruptedException {
        if (running.remove(receiver.address())) {
            receiver.component().stop(deadline);
        }
        if (running.remove(demo.address())) {
            demo.component().stop(deadline);
        }
    }
}
