// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.KubernetesRole;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceNames;
import dev.narthex.crds.scrapetarget.Endpoint;
import dev.narthex.crds.scrapetarget.PodNamespaces;
import dev.narthex.crds.scrapetarget.ScrapeLimits;
import dev.narthex.crds.scrapetarget.ScrapeTargetSpec;
import dev.narthex.crds.scrapetarget.StaticSource;
import dev.narthex.model.Labels;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns a ScrapeTarget into scrape configurations, one for each endpoint. */
final class ScrapeTargetCompiler {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final ResourceId id;
    private final ScrapeTargetSpec spec;
    private final GlobalConfig global;
    private final boolean mayAddress;
    private final NamespaceGuard guard;
    private final List<String> namespaces;

    ScrapeTargetCompiler(ResourceId id, ScrapeTargetSpec spec, GlobalConfig global, Consents consents) {
        this.id = id;
        this.spec = spec;
        this.global = global;
        this.namespaces = namespaces(podNamespaces(spec), id.namespace());
        this.mayAddress = consents.externalTargets(id.namespace());
        this.guard = new NamespaceGuard(
                namespaces.size() == 1 ? namespaces.getFirst() : id.namespace(),
                namespaces.size() != 1,
                spec.getStaticSource() == null,
                consents.clusterScopeTargets(id.namespace()),
                mayAddress);
    }

    private static @Nullable PodNamespaces podNamespaces(ScrapeTargetSpec spec) {
        if (spec.getPods() != null) {
            return spec.getPods().getNamespaces();
        }
        return spec.getAnnotated() == null ? null : spec.getAnnotated().getNamespaces();
    }

    /** The namespaces to look in, sorted; empty for all. */
    private static List<String> namespaces(@Nullable PodNamespaces namespaces, String own) {
        if (namespaces == null) {
            return List.of(own);
        }
        if (Boolean.TRUE.equals(namespaces.getAny())) {
            return List.of();
        }
        return namespaces.getNames() == null
                ? List.of(own)
                : namespaces.getNames().stream().sorted().distinct().toList();
    }

    List<ScrapeConfig> compile(SpecProblems problems) {
        checkSource(problems);
        problems.labelNames("spec.labels", spec.getLabels());
        guard.checkLabels("spec.labels", SpecLabels.of(spec.getLabels()).getOrEmpty(SpecLabels.NAMESPACE), problems);
        checkPodLabels(problems);
        List<RelabelConfig> relabel = RelabelSteps.read(spec.getRelabel(), "spec.relabel", problems);
        guard.checkTargetSteps(relabel, "spec.relabel", problems);
        List<Endpoint> endpoints = spec.getEndpoints() == null ? List.of(new Endpoint()) : spec.getEndpoints();
        List<ScrapeConfig> configs = new ArrayList<>();
        for (int i = 0; i < endpoints.size(); i++) {
            configs.add(compile(endpoints.get(i), i, relabel, problems));
        }
        return configs;
    }

    private void checkSource(SpecProblems problems) {
        List<String> sources = new ArrayList<>();
        if (spec.getPods() != null) {
            sources.add("pods");
        }
        if (spec.getAnnotated() != null) {
            sources.add("annotated");
        }
        if (spec.getStaticSource() != null) {
            sources.add("static");
        }
        if (sources.size() != 1) {
            String found = sources.isEmpty() ? "none" : String.join(", ", sources);
            problems.invalid("spec", "exactly one source, found " + found + "; set one of pods, annotated, static");
        }
        if (spec.getStaticSource() != null && !mayAddress) {
            problems.consent(
                    "spec.static", "names addresses, which may lie outside the cluster", "scrapeTargets.externalFrom");
        }
        if (spec.getStaticSource() != null && (spec.getPodLabels() != null || spec.getJobLabel() != null)) {
            problems.invalid("spec.static", "podLabels and jobLabel do not go with static; use labels");
        }
    }

    private void checkPodLabels(SpecProblems problems) {
        if (spec.getPodLabels() == null) {
            return;
        }
        for (int i = 0; i < spec.getPodLabels().size(); i++) {
            String label = SpecLabels.sanitized(spec.getPodLabels().get(i));
            if (!SpecLabels.isSettable(label)) {
                problems.invalid(
                        "spec.podLabels[" + i + "]",
                        "does not make a label name, found "
                                + SpecProblems.shown(spec.getPodLabels().get(i))
                                + "; a label of a pod that starts with a letter");
            } else if (label.equals(SpecLabels.NAMESPACE)) {
                problems.consent(
                        "spec.podLabels[" + i + "]", "sets the namespace of series", "scrapeTargets.clusterScopeFrom");
            }
        }
    }

    private ScrapeConfig compile(Endpoint endpoint, int index, List<RelabelConfig> relabel, SpecProblems problems) {
        String path = "spec.endpoints[" + index + "]";
        if (endpoint.getPort() != null && spec.getPods() == null) {
            problems.invalid(
                    path + ".port",
                    "goes with the source pods only; annotations of pods and static addresses have their own");
        }
        Duration interval = problems.positiveDuration(path + ".interval", endpoint.getInterval())
                .orElse(global.scrapeInterval());
        Duration timeout = timeout(endpoint, interval, path, problems);
        boolean honorLabels = Boolean.TRUE.equals(endpoint.getHonorLabels());
        guard.checkHonorLabels(honorLabels, path, problems);
        String samplePath = path + ".metricRelabel";
        List<RelabelConfig> metricRelabel = RelabelSteps.read(endpoint.getMetricRelabel(), samplePath, problems);
        guard.checkSampleSteps(metricRelabel, samplePath, problems);
        ScrapeLimits limits = spec.getLimits();
        return new ScrapeConfig(
                ResourceNames.job(id, index),
                interval,
                timeout,
                Objects.requireNonNullElse(endpoint.getPath(), ScrapeConfig.DEFAULT_METRICS_PATH),
                Objects.requireNonNullElse(endpoint.getScheme(), ScrapeConfig.DEFAULT_SCHEME),
                endpoint.getParams() == null ? Map.of() : new TreeMap<>(endpoint.getParams()),
                honorLabels,
                !Boolean.FALSE.equals(endpoint.getHonorTimestamps()),
                limits == null || limits.getSamples() == null ? 0 : limits.getSamples(),
                limits == null ? 0 : bytes("spec.limits.bodySize", limits.getBodySize(), problems),
                List.of(discovery()),
                targetSteps(endpoint, relabel),
                guard.guardSamples(metricRelabel, honorLabels));
    }

    private Duration timeout(Endpoint endpoint, Duration interval, String path, SpecProblems problems) {
        Duration shorter = interval.compareTo(DEFAULT_TIMEOUT) < 0 ? interval : DEFAULT_TIMEOUT;
        Duration timeout = problems.positiveDuration(path + ".timeout", endpoint.getTimeout())
                .orElse(shorter);
        if (timeout.compareTo(interval) > 0) {
            problems.invalid(
                    path + ".timeout",
                    "must not be longer than the interval of " + interval.toMillis() / 1000.0 + " s, found "
                            + SpecProblems.shown(String.valueOf(endpoint.getTimeout())) + "; lower it");
        }
        return timeout;
    }

    private DiscoveryConfig discovery() {
        StaticSource source = spec.getStaticSource();
        if (source == null) {
            return new KubernetesDiscoveryConfig(KubernetesRole.POD, false, namespaces, List.of(), "", "");
        }
        Labels labels = SpecLabels.of(spec.getLabels());
        Labels standard = Labels.of("job", job(), SpecLabels.NAMESPACE, id.namespace());
        var all = standard.toBuilder();
        for (int i = 0; i < labels.size(); i++) {
            all.set(labels.name(i), labels.value(i));
        }
        List<String> addresses = Objects.requireNonNullElse(source.getAddresses(), List.of());
        return new StaticDiscoveryConfig(List.of(new StaticTargets(addresses, all.build())));
    }

    private List<RelabelConfig> targetSteps(Endpoint endpoint, List<RelabelConfig> relabel) {
        List<RelabelConfig> steps = new ArrayList<>();
        if (spec.getPods() != null) {
            steps.addAll(PodRelabeling.ofPods(spec, spec.getPods().getSelector(), endpoint, job()));
        } else if (spec.getAnnotated() != null) {
            steps.addAll(PodRelabeling.ofAnnotated(spec, spec.getAnnotated().getSelector(), job()));
        }
        steps.addAll(guard.guardTargets(relabel));
        return steps;
    }

    private String job() {
        return id.namespace() + "/" + id.name();
    }

    private long bytes(String path, @Nullable Quantity quantity, SpecProblems problems) {
        if (quantity == null) {
            return 0;
        }
        BigDecimal bytes = Quantity.getAmountInBytes(quantity);
        if (bytes.signum() <= 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            problems.invalid(
                    path,
                    "must be more than zero, found " + SpecProblems.shown(quantity.toString())
                            + "; write it like 32Mi");
            return 0;
        }
        return bytes.longValue();
    }
}
