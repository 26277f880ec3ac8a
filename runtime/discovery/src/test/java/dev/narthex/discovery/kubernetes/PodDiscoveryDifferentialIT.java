// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.KubernetesRole;
import dev.narthex.config.KubernetesSelector;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.testkit.kube.KubeApiServer;
import dev.narthex.testkit.peers.PeerProcess;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus and Narthex look at the pods of a real API server: the same targets with the same labels, for each
 * way to narrow the look, and again after pods have come, changed and gone.
 */
class PodDiscoveryDifferentialIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    /** Prometheus' answer about its targets. */
    record Answer(String status, Data data) {
        record Data(
                List<Object> activeTargets, List<Target> droppedTargets, Map<String, Integer> droppedTargetCounts) {}

        record Target(Map<String, String> discoveredLabels, String scrapePool) {}
    }

    /** A way to look, in the words of prometheus.yml. */
    private record Look(String name, List<String> namespaces, String label, String field) {
        KubernetesDiscoveryConfig config(String kubeconfig) {
            List<KubernetesSelector> selectors = label.isEmpty() && field.isEmpty()
                    ? List.of()
                    : List.of(new KubernetesSelector(KubernetesRole.POD, label, field));
            return new KubernetesDiscoveryConfig(KubernetesRole.POD, false, namespaces, selectors, "", kubeconfig);
        }

        String yaml(String kubeconfig) {
            StringBuilder yaml = new StringBuilder("- job_name: ").append(name);
            // Dropped targets are all shown; of active ones, those with the same labels are one.
            yaml.append(
                    "\n  relabel_configs: [{action: drop}]\n  kubernetes_sd_configs:\n  - role: pod\n    kubeconfig_file: '");
            yaml.append(kubeconfig).append("'\n");
            if (!namespaces.isEmpty()) {
                yaml.append("    namespaces: {names: [")
                        .append(String.join(", ", namespaces))
                        .append("]}\n");
            }
            if (!label.isEmpty() || !field.isEmpty()) {
                yaml.append("    selectors: [{role: pod");
                yaml.append(label.isEmpty() ? "" : ", label: '" + label + "'");
                yaml.append(field.isEmpty() ? "" : ", field: '" + field + "'").append("}]\n");
            }
            return yaml.toString();
        }
    }

    private static final List<Look> LOOKS = List.of(
            new Look("all", List.of(), "", ""),
            new Look("two", List.of("shop", "till"), "", ""),
            new Look("label", List.of(), "app in (web, db),tier!=test", ""),
            new Look("field", List.of("shop"), "", "status.phase!=Failed,status.phase!=Succeeded"),
            new Look("both", List.of(), "app=web", "status.phase=Running"));

    @Test
    void findsWhatPrometheusFinds() throws IOException {
        Path state = Files.createDirectory(directory.resolve("kube"));
        try (KubeApiServer server = KubeApiServer.start(state);
                KubernetesAccess access =
                        KubernetesAccess.kubeconfig(server.kubeconfig().toString())) {
            KubernetesClient client = access.client();
            for (String namespace : List.of("shop", "till", "other")) {
                createNamespace(client, namespace);
            }
            createPods(client);
            String kubeconfig = server.kubeconfig().toString();
            StringBuilder yaml = new StringBuilder("scrape_configs:\n");
            Map<Look, Map<String, TargetGroup>> ours = new LinkedHashMap<>();
            List<PodDiscoverer> discoverers = new ArrayList<>();
            for (Look look : LOOKS) {
                yaml.append(look.yaml(kubeconfig));
                Map<String, TargetGroup> groups = new ConcurrentHashMap<>();
                ours.put(look, groups);
                PodDiscoverer discoverer = new PodDiscoverer(access, look.config(kubeconfig));
                discoverers.add(discoverer);
                discoverer.start(update -> update.forEach(group -> groups.put(group.source(), group)));
            }
            try (PeerProcess prometheus = PeerProcess.prometheus(yaml.toString(), directory)) {
                awaitSame(prometheus, ours, () -> targets(ours, "all").size() == 11);
                change(client);
                awaitSame(prometheus, ours, () -> targets(ours, "all").size() == 10);
            } finally {
                discoverers.forEach(PodDiscoverer::close);
            }
        }
    }

    private static void awaitSame(
            PeerProcess prometheus, Map<Look, Map<String, TargetGroup>> ours, BooleanSupplier settled) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            assertThat(settled.getAsBoolean())
                    .as(() -> "pods seen: " + targets(ours, "all"))
                    .isTrue();
            for (Look look : LOOKS) {
                assertThat(targets(ours, look.name)).as(look.name).isEqualTo(targets(prometheus, look.name));
                assertThat(targets(ours, look.name)).as(look.name).isNotEmpty();
            }
        });
    }

    private static Set<String> targets(Map<Look, Map<String, TargetGroup>> ours, String name) {
        Set<String> targets = new TreeSet<>();
        ours.forEach((look, groups) -> {
            if (look.name.equals(name)) {
                for (TargetGroup group : groups.values()) {
                    for (Labels target : group.targets()) {
                        targets.add(group.labels().toBuilder()
                                .setAll(target)
                                .build()
                                .toString());
                    }
                }
            }
        });
        return targets;
    }

    private static Set<String> targets(PeerProcess prometheus, String job) throws IOException {
        Set<String> targets = new TreeSet<>();
        String body = prometheus.get("/api/v1/targets?state=dropped").body();
        Answer answer = new KubernetesSerialization().unmarshal(body, Answer.class);
        for (Answer.Target target : answer.data().droppedTargets()) {
            if (target.discoveredLabels().getOrDefault("job", "").equals(job)) {
                LabelsBuilder labels = Labels.builder();
                target.discoveredLabels().forEach((name, value) -> {
                    if (name.equals("__address__") || name.startsWith("__meta_")) {
                        labels.set(name, value);
                    }
                });
                targets.add(labels.build().toString());
            }
        }
        return targets;
    }

    private static void createNamespace(KubernetesClient client, String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        // Pods need one; the controller makes it too, but later.
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .withNamespace(name)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    private static PodBuilder pod(String namespace, String name, Map<String, String> labels) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-" + name)
                .addNewContainer()
                .withName("main")
                .withImage("example.org/main:1")
                .endContainer()
                .endSpec();
    }

    private static void createPods(KubernetesClient client) {
        Pod rich = pod("shop", "rich", Map.of("app", "web", "app.kubernetes.io/part-of", "shop", "empty", ""))
                .editMetadata()
                .withAnnotations(Map.of("prometheus.io/scrape", "true", "note", "line\n\"two\""))
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("ReplicaSet")
                .withName("rich-1")
                .withUid("5d3c5e1e-0000-4000-8000-000000000001")
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .editSpec()
                .editFirstContainer()
                .addNewPort()
                .withName("http")
                .withContainerPort(8080)
                .endPort()
                .addNewPort()
                .withContainerPort(53)
                .withProtocol("UDP")
                .endPort()
                .endContainer()
                .addNewContainer()
                .withName("side")
                .withImage("example.org/side:2")
                .endContainer()
                .addNewInitContainer()
                .withName("prepare")
                .withImage("example.org/init:3")
                .endInitContainer()
                .endSpec()
                .build();
        create(client, rich, "Running", "10.1.0.1", "True");
        create(client, pod("shop", "failed", Map.of("app", "web")).build(), "Failed", "10.1.0.2", "False");
        create(client, pod("shop", "test", Map.of("app", "db", "tier", "test")).build(), "Running", "10.1.0.3", "");
        create(client, pod("till", "six", Map.of("app", "db")).build(), "Running", "fd00::4", "True");
        Pod port = pod("till", "port", Map.of("app", "web"))
                .editSpec()
                .editFirstContainer()
                .addNewPort()
                .withName("metrics")
                .withContainerPort(9090)
                .endPort()
                .endContainer()
                .endSpec()
                .build();
        create(client, port, "Running", "fd00::5", "True");
        create(client, pod("other", "pending", Map.of()).build(), "Pending", "", "");
        create(client, pod("other", "done", Map.of()).build(), "Succeeded", "10.1.0.6", "False");
        create(client, pod("other", "plain", Map.of()).build(), "Running", "10.1.0.7", "Unknown");
        create(client, pod("other", "gone", Map.of()).build(), "Running", "10.1.0.8", "True");
    }

    private static void create(KubernetesClient client, Pod pod, String phase, String ip, String ready) {
        client.resource(pod).create();
        setStatus(client, pod, phase, ip, ready);
    }

    private static void setStatus(KubernetesClient client, Pod pod, String phase, String ip, String ready) {
        PodStatusBuilder status = new PodStatusBuilder().withPhase(phase);
        if (!ip.isEmpty()) {
            status.withPodIP(ip).addNewPodIP(ip).withHostIP("192.168.7.1").addNewHostIP("192.168.7.1");
            status.withContainerStatuses(new ContainerStatusBuilder()
                    .withName("main")
                    .withImage("example.org/main:1")
                    .withImageID("i")
                    .withContainerID("containerd://" + pod.getMetadata().getName())
                    .withRestartCount(0)
                    .withReady(true)
                    .build());
        }
        if (!ready.isEmpty()) {
            status.addNewCondition().withType("Ready").withStatus(ready).endCondition();
        }
        Conflicts.retried(() -> client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .editStatus(current ->
                        new PodBuilder(current).withStatus(status.build()).build()));
    }

    /** A pod gets its address, one fails, one changes its labels, one goes. */
    private static void change(KubernetesClient client) {
        setStatus(client, pod("other", "pending", Map.of()).build(), "Running", "10.1.0.9", "True");
        setStatus(client, pod("shop", "test", Map.of()).build(), "Failed", "10.1.0.3", "False");
        Conflicts.retried(() -> client.pods()
                .inNamespace("till")
                .withName("six")
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .withLabels(Map.of("app", "web"))
                        .endMetadata()
                        .build()));
        for (String name : List.of("gone", "plain")) {
            client.pods().inNamespace("other").withName(name).withGracePeriod(0).delete();
        }
    }
}
