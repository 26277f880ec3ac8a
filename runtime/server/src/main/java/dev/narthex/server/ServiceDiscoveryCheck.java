// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.file.PrometheusFiles;
import dev.narthex.discovery.DiscoveryManager;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.discovery.standard.StandardDiscoverers;
import dev.narthex.http.HttpFetchers;
import dev.narthex.model.Labels;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.scrape.DiscoveredTarget;
import dev.narthex.server.client.QuotedJson;
import dev.narthex.server.command.Command;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code narthex check service-discovery}: looks for the targets of a job for some time and prints what it has found and
 * what relabelling makes of it, as promtool does.
 */
final class ServiceDiscoveryCheck {
    private final Console console;

    ServiceDiscoveryCheck(Console console) {
        this.console = console;
    }

    /** Prints a JSON array; the exit code is 1 where file or job cannot be used. */
    int run(Command.CheckServiceDiscovery check) throws InterruptedException {
        List<ScrapeConfig> jobs;
        try {
            jobs = new PrometheusFiles(new ConfigLoader(Server::environment))
                    .read(check.file())
                    .value()
                    .allScrapeConfigs();
        } catch (ConfigException e) {
            console.printError("Cannot load config " + e.getMessage() + "\n");
            return 1;
        }
        Optional<ScrapeConfig> job = jobs.stream()
                .filter(candidate -> candidate.jobName().equals(check.job()))
                .findFirst();
        if (job.isEmpty()) {
            StringBuilder names = new StringBuilder();
            jobs.forEach(
                    candidate -> names.append('\t').append(candidate.jobName()).append('\n'));
            console.printError("Job " + check.job() + " not found. Select one of:\n" + names);
            return 1;
        }
        console.print(json(DiscoveredTarget.of(job.get(), groups(check, job.get()))));
        return 0;
    }

    /** What is found in the given time; what stands in the configuration is found at once. */
    private static List<TargetGroup> groups(Command.CheckServiceDiscovery check, ScrapeConfig job)
            throws InterruptedException {
        AtomicReference<List<TargetGroup>> found = new AtomicReference<>(List.of());
        CountDownLatch complete = new CountDownLatch(1);
        boolean fixed = job.discoveries().stream().allMatch(StaticDiscoveryConfig.class::isInstance);
        if (job.discoveries().isEmpty()) {
            return List.of();
        }
        try (SystemScheduler scheduler = new SystemScheduler("check");
                HttpFetchers client = new HttpFetchers(scheduler.ticker(), scheduler.clock());
                StandardDiscoverers discoverers = new StandardDiscoverers(scheduler, client, "narthex");
                DiscoveryManager manager = new DiscoveryManager(scheduler, discoverers)) {
            manager.apply(Map.of(job.jobName(), job.discoveries()), (_, groups) -> {
                found.set(groups);
                if (fixed && !groups.isEmpty()) {
                    complete.countDown();
                }
            });
            boolean _ = complete.await(check.timeout().toMillis(), TimeUnit.MILLISECONDS);
            return Objects.requireNonNull(found.get());
        }
    }

    private static String json(List<DiscoveredTarget> targets) {
        if (targets.isEmpty()) {
            return "[]";
        }
        StringBuilder text = new StringBuilder("[");
        String separator = "\n";
        for (DiscoveredTarget target : targets) {
            text.append(separator).append("  {\n    \"discoveredLabels\": ");
            write(target.discoveredLabels(), text);
            text.append(",\n    \"labels\": ");
            write(target.labels(), text);
            if (!target.error().isEmpty()) {
                text.append(",\n    \"error\": ");
                QuotedJson.append(text, target.error());
            }
            text.append("\n  }");
            separator = ",\n";
        }
        return text.append("\n]").toString();
    }

    private static void write(Labels labels, StringBuilder text) {
        if (labels.isEmpty()) {
            text.append("{}");
            return;
        }
        String separator = "{\n";
        for (int i = 0; i < labels.size(); i++) {
            QuotedJson.append(text.append(separator).append("      "), labels.name(i));
            QuotedJson.append(text.append(": "), labels.value(i));
            separator = ",\n";
        }
        text.append("\n    }");
    }
}
