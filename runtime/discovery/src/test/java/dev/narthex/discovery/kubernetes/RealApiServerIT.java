// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.KubernetesRole;
import dev.narthex.testkit.kube.KubeApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a real API server shows: rights that suffice, and watches that outlive its restart. */
@SuppressWarnings("NullAway.Init") // set before all tests
class RealApiServerIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static KubeApiServer server;
    private static KubernetesAccess admin;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        server = KubeApiServer.start(Files.createDirectory(directory.resolve("kube")));
        admin = KubernetesAccess.kubeconfig(server.kubeconfig().toString());
        client = admin.client();
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            admin.close();
            server.close();
        }
    }

    private static void namespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        serviceAccount(name, "default");
    }

    private static void serviceAccount(String namespace, String name) {
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    private static void secret(String namespace, String name, String value) {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .addToStringData("k", value)
                        .build())
                .serverSideApply();
    }

    private static void pod(String namespace, String name, String ip) {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName("n")
                        .addNewContainer()
                        .withName("c")
                        .withImage("example.org/c:1")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        Conflicts.retried(() -> client.pods()
                .inNamespace(namespace)
                .withName(name)
                .editStatus(pod -> new PodBuilder(pod)
                        .editOrNewStatus()
                        .withPhase("Running")
                        .withPodIP(ip)
                        .withPodIPs()
                        .addNewPodIP(ip)
                        .endStatus()
                        .build()));
    }

    /** A kubeconfig of a service account that may list and watch Secrets of these names and do nothing else. */
    private static Path limitedTo(String namespace, String account, List<String> names) throws IOException {
        serviceAccount(namespace, account);
        String rights = """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {namespace: %namespace, name: %account}
                rules:
                - {apiGroups: [""], resources: [secrets], resourceNames: [%names], verbs: [get, list, watch]}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {namespace: %namespace, name: %account}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %account}
                subjects:
                - {kind: ServiceAccount, name: %account, namespace: %namespace}
                """.replace("%namespace", namespace)
                .replace("%account", account)
                .replace("%names", String.join(", ", names));
        client.load(new ByteArrayInputStream(rights.getBytes(StandardCharsets.UTF_8)))
                .create();
        String token = server.kubectl("create", "token", account, "--namespace", namespace);
        Config config = Config.fromKubeconfig(server.kubeconfig().toFile());
        return Files.writeString(
                directory.resolve(account + ".kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters:
                - name: c
                  cluster: {server: '%server', insecure-skip-tls-verify: true}
                users:
                - name: u
                  user: {token: '%token'}
                contexts:
                - name: x
                  context: {cluster: c, user: u, namespace: '%namespace'}
                current-context: x
                """.replace("%server", config.getMasterUrl())
                        .replace("%token", token.strip())
                        .replace("%namespace", namespace));
    }

    private static Map<String, String> values(Map<String, Map<String, byte[]>> snapshot) {
        Map<String, String> values = new TreeMap<>();
        snapshot.forEach((name, content) -> {
            byte[] value = content.getOrDefault("k", new byte[0]);
            values.put(name, new String(value, StandardCharsets.UTF_8));
        });
        return values;
    }

    @Test
    void readsItsSecretsWithTheRightToThemAlone() throws IOException {
        namespace("limited");
        secret("limited", "one", "1");
        secret("limited", "other", "not for you");
        String kubeconfig =
                limitedTo("limited", "reader", List.of("one", "two")).toString();
        CopyOnWriteArrayList<Map<String, String>> snapshots = new CopyOnWriteArrayList<>();
        try (KubernetesAccess access = KubernetesAccess.kubeconfig(kubeconfig);
                SecretWatch watch = new SecretWatch(
                        access, "limited", List.of("one", "two"), snapshot -> snapshots.add(values(snapshot)))) {
            assertThat(access.ownNamespace()).isEqualTo("limited");
            watch.start();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(snapshots).last().isEqualTo(Map.of("one", "1")));
            secret("limited", "two", "2");
            secret("limited", "one", "3");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(snapshots).last().isEqualTo(Map.of("one", "3", "two", "2")));
        }
        try (KubernetesAccess access = KubernetesAccess.kubeconfig(kubeconfig);
                SecretWatch forbidden = new SecretWatch(access, "limited", List.of("other"), _ -> {})) {
            forbidden.start();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(forbidden.lastFailure()).contains("forbidden"));
            assertThat(forbidden.isComplete()).isFalse();
        }
    }

    @Test
    void goesOnWhenTheApiServerHasRestarted() throws IOException {
        namespace("restart");
        secret("restart", "s", "1");
        pod("restart", "before", "10.9.0.1");
        Set<String> sources = new ConcurrentSkipListSet<>();
        CopyOnWriteArrayList<Map<String, String>> snapshots = new CopyOnWriteArrayList<>();
        KubernetesDiscoveryConfig config =
                new KubernetesDiscoveryConfig(KubernetesRole.POD, false, List.of("restart"), List.of(), "", "");
        try (PodDiscoverer pods = new PodDiscoverer(admin, config);
                SecretWatch watch =
                        new SecretWatch(admin, "restart", List.of("s"), snapshot -> snapshots.add(values(snapshot)))) {
            pods.start(update -> update.forEach(group -> {
                if (group.targets().isEmpty()) {
                    sources.remove(group.source());
                } else {
                    sources.add(group.source());
                }
            }));
            watch.start();
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(sources).containsExactly("pod/restart/before");
                assertThat(snapshots).last().isEqualTo(Map.of("s", "1"));
            });
            server.restart();
            pod("restart", "after", "10.9.0.2");
            client.pods()
                    .inNamespace("restart")
                    .withName("before")
                    .withGracePeriod(0)
                    .delete();
            secret("restart", "s", "2");
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(sources).containsExactly("pod/restart/after");
                assertThat(snapshots).last().isEqualTo(Map.of("s", "2"));
            });
        }
    }
}
