// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.IntegrationConfig;
import dev.narthex.config.ReceiverConfig;
import dev.narthex.config.RouteConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.WebhookConfig;
import dev.narthex.config.file.AlertMatchers;
import dev.narthex.config.file.ConfigWriter;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceNames;
import dev.narthex.crds.receiver.ReceiverScope;
import dev.narthex.crds.receiver.ReceiverSpec;
import dev.narthex.crds.receiver.SecretKeyReference;
import dev.narthex.crds.receiver.WebhookSpec;
import dev.narthex.model.LabelMatcher;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns a Receiver into a route and a receiver of an alertmanager.yml. */
final class ReceiverCompiler {
    /** Routes of Cluster scope stand before all others, so that no namespace can hide its alerts from them. */
    private static final int NAMESPACE_ORDER = 10_000;

    private static final String ALL_LABELS = "...";

    private final ResourceId id;
    private final ReceiverSpec spec;
    private final Map<SecretName, Map<String, String>> secrets;
    private final boolean mayBeCluster;
    private final SpecProblems problems;

    ReceiverCompiler(
            ResourceId id,
            ReceiverSpec spec,
            Map<SecretName, Map<String, String>> secrets,
            Consents consents,
            SpecProblems problems) {
        this.id = id;
        this.spec = spec;
        this.secrets = secrets;
        this.mayBeCluster = consents.clusterScopeReceivers(id.namespace());
        this.problems = problems;
    }

    /** The yaml of the section. */
    String compile() {
        boolean cluster = spec.getScope() == ReceiverScope.CLUSTER;
        if (cluster && !mayBeCluster) {
            problems.consent("spec.scope", "Cluster scope sees the alerts of all", "receivers.clusterScopeFrom");
        }
        String name = ResourceNames.receiver(id);
        int order = (spec.getOrder() == null ? 0 : spec.getOrder()) + (cluster ? 0 : NAMESPACE_ORDER);
        RouteConfig route = route(name, cluster);
        ReceiverConfig receiver = new ReceiverConfig(name, webhooks());
        return ConfigWriter.withSecrets().routing(order, route, List.of(receiver));
    }

    private RouteConfig route(String name, boolean cluster) {
        List<String> groupBy = spec.getGroupBy();
        boolean groupByAll = groupBy != null && groupBy.contains(ALL_LABELS);
        if (groupByAll && groupBy != null && groupBy.size() > 1) {
            problems.invalid("spec.groupBy", "... stands for every label; remove the others");
        }
        return new RouteConfig(
                name,
                matchers(cluster),
                groupByAll ? List.of() : groupBy,
                groupByAll,
                problems.duration("spec.groupWait", spec.getGroupWait()).orElse(null),
                problems.positiveDuration("spec.groupInterval", spec.getGroupInterval())
                        .orElse(null),
                problems.positiveDuration("spec.repeatInterval", spec.getRepeatInterval())
                        .orElse(null),
                !Boolean.FALSE.equals(spec.getContinueMatching()),
                List.of());
    }

    private List<LabelMatcher> matchers(boolean cluster) {
        List<LabelMatcher> matchers = new ArrayList<>();
        if (!cluster) {
            matchers.add(LabelMatcher.equal(SpecLabels.NAMESPACE, id.namespace()));
        }
        List<String> texts = Objects.requireNonNullElse(spec.getMatchers(), List.of());
        for (int i = 0; i < texts.size(); i++) {
            try {
                matchers.addAll(AlertMatchers.parse(texts.get(i)));
            } catch (IllegalArgumentException e) {
                problems.invalid("spec.matchers[" + i + "]", String.valueOf(e.getMessage()));
            }
        }
        return matchers;
    }

    private List<IntegrationConfig> webhooks() {
        List<WebhookSpec> specs = Objects.requireNonNullElse(spec.getWebhook(), List.of());
        if (specs.isEmpty()) {
            problems.invalid("spec", "has no integration; set webhook");
        }
        List<IntegrationConfig> integrations = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            WebhookSpec webhook = specs.get(i);
            String path = "spec.webhook[" + i + "]";
            integrations.add(new WebhookConfig(
                    new Secret(url(webhook, path)),
                    !Boolean.FALSE.equals(webhook.getSendResolved()),
                    webhook.getMaxAlerts() == null ? 0 : webhook.getMaxAlerts(),
                    problems.duration(path + ".timeout", webhook.getTimeout()).orElse(Duration.ZERO)));
        }
        return integrations;
    }

    private String url(WebhookSpec webhook, String path) {
        if ((webhook.getUrl() == null) == (webhook.getUrlSecret() == null)) {
            problems.invalid(path, "set either url or urlSecret");
            return "";
        }
        if (webhook.getUrl() != null) {
            if (!isUrl(webhook.getUrl())) {
                problems.invalid(
                        path + ".url",
                        "not a URL of a web server, found " + SpecProblems.shown(webhook.getUrl())
                                + "; http://host/path or https://host/path");
            }
            return webhook.getUrl();
        }
        String url = secret(Objects.requireNonNull(webhook.getUrlSecret()), path + ".urlSecret");
        if (!url.isEmpty() && !isUrl(url)) {
            problems.add(
                    RejectionReason.INVALID_SECRET,
                    path + ".urlSecret",
                    "the value in the Secret is not a URL of a web server; http://host/path or https://host/path");
        }
        return url;
    }

    private String secret(SecretKeyReference reference, String path) {
        SecretName name = new SecretName(id.namespace(), Objects.requireNonNullElse(reference.getName(), ""));
        @Nullable Map<String, String> content = secrets.get(name);
        if (content == null) {
            problems.add(RejectionReason.INVALID_SECRET, path, "there is no Secret " + name + "; make it");
            return "";
        }
        String value = content.get(Objects.requireNonNullElse(reference.getKey(), ""));
        if (value == null || value.isBlank()) {
            problems.add(
                    RejectionReason.INVALID_SECRET,
                    path,
                    "the Secret " + name + " has no value for key "
                            + SpecProblems.shown(String.valueOf(reference.getKey())) + "; add it");
            return "";
        }
        return value.strip();
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
