// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.KubernetesRole;
import dev.narthex.config.KubernetesSelector;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.testkit.http.LoopbackServer;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true, https = false)
@SuppressWarnings("NullAway.Init") // the extension sets the fields
class KubernetesWatchIT {
    /** The client waits longer and longer before it asks again a server that has failed. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String ONE_POD = """
            {"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": [{
              "metadata": {"name": "one", "namespace": "a"},
              "spec": {"containers": [{"name": "c"}]},
              "status": {"podIP": "10.0.0.1"}}]}
            """;

    private KubernetesMockServer server;
    private KubernetesClient client;
    private KubernetesAccess access;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final ConcurrentSkipListMap<String, TargetGroup> groups = new ConcurrentSkipListMap<>();
    private final CopyOnWriteArrayList<Integer> updateSizes = new CopyOnWriteArrayList<>();

    @BeforeEach
    void connect() {
        access = KubernetesAccess.apiServer(client.getMasterUrl().toString());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
        access.close();
    }

    private void pod(String namespace, String name, String ip, Map<String, String> labels) {
        client.pods()
                .inNamespace(namespace)
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("c")
                        .endContainer()
                        .endSpec()
                        .withNewStatus()
                        .withPodIP(ip)
                        .endStatus()
                        .build())
                .create();
    }

    private void discover(boolean own, List<String> namespaces, KubernetesSelector... selectors) {
        PodDiscoverer discoverer = new PodDiscoverer(
                access, new KubernetesDiscoveryConfig(KubernetesRole.POD, own, namespaces, List.of(selectors), "", ""));
        opened.add(discoverer);
        discoverer.start(update -> {
            updateSizes.add(update.size());
            for (TargetGroup group : update) {
                if (group.targets().isEmpty()) {
                    groups.remove(group.source());
                } else {
                    groups.put(group.source(), group);
                }
            }
        });
    }

    private void awaitSources(String... sources) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(groups.keySet()).isEqualTo(Set.of(sources)));
    }

    @Test
    void followsPodsAsTheyComeChangeAndGo() {
        pod("a", "one", "10.0.0.1", Map.of());
        pod("b", "two", "10.0.0.2", Map.of());
        discover(false, List.of());
        awaitSources("pod/a/one", "pod/b/two");
        assertThat(updateSizes).containsExactly(2);
        pod("a", "three", "10.0.0.3", Map.of());
        awaitSources("pod/a/one", "pod/a/three", "pod/b/two");
        client.pods()
                .inNamespace("a")
                .withName("one")
                .edit(pod -> new PodBuilder(pod)
                        .editStatus()
                        .withPodIP("10.0.0.9")
                        .endStatus()
                        .build());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(groups.get("pod/a/one"))
                        .extracting(group -> group.targets().getFirst().get("__address__"))
                        .isEqualTo("10.0.0.9"));
        client.pods().inNamespace("b").withName("two").delete();
        awaitSources("pod/a/one", "pod/a/three");
    }

    @Test
    void keepsToNamespaces() {
        pod("a", "one", "10.0.0.1", Map.of());
        pod("b", "two", "10.0.0.2", Map.of());
        pod("c", "three", "10.0.0.3", Map.of());
        discover(false, List.of("a", "b"));
        awaitSources("pod/a/one", "pod/b/two");
    }

    @Test
    void keepsToItsOwnNamespace() {
        pod("default", "one", "10.0.0.1", Map.of());
        pod("b", "two", "10.0.0.2", Map.of());
        discover(true, List.of());
        awaitSources("pod/default/one");
    }

    @Test
    void keepsToALabelSelector() {
        pod("a", "one", "10.0.0.1", Map.of("app", "shop"));
        pod("a", "two", "10.0.0.2", Map.of("app", "till"));
        discover(false, List.of(), new KubernetesSelector(KubernetesRole.POD, "app=shop,app!=till", ""));
        awaitSources("pod/a/one");
    }

    @Test
    void asksForFieldsAsItIsTold() throws InterruptedException {
        discover(
                false,
                List.of(),
                new KubernetesSelector(
                        KubernetesRole.POD, "", "spec.nodeName=n1,status.phase!=Failed,status.phase!=Succeeded"));
        String query = String.valueOf(server.takeRequest().getPath());
        assertThat(URLDecoder.decode(query, StandardCharsets.UTF_8))
                .contains("spec.nodeName=n1")
                .contains("status.phase!=Failed")
                .contains("status.phase!=Succeeded");
    }

    @Test
    void keepsOnAskingAServerThatFails() throws IOException {
        AtomicInteger lists = new AtomicInteger();
        LoopbackServer flaky = LoopbackServer.start((request, out) -> {
            boolean list = !request.target().contains("watch=true");
            boolean good = list && lists.incrementAndGet() > 2;
            String body = good ? ONE_POD : "{}";
            LoopbackServer.respond(
                    out,
                    good ? 200 : 503,
                    Map.of("Content-Type", "application/json"),
                    body.getBytes(StandardCharsets.UTF_8));
        });
        opened.add(flaky);
        access.close();
        access = KubernetesAccess.apiServer("http://" + flaky.address());
        discover(false, List.of());
        awaitSources("pod/a/one");
        assertThat(lists.get()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void saysThatThereIsNothing() {
        discover(false, List.of());
        await().atMost(LIMIT).untilAsserted(() -> assertThat(updateSizes).containsExactly(0));
    }

    @Test
    void handsOverSecretsByNameAndNothingElse() {
        secret("s1", Map.of("x", "1"));
        secret("other", Map.of("x", "no"));
        CopyOnWriteArrayList<Map<String, Map<String, String>>> snapshots = new CopyOnWriteArrayList<>();
        SecretWatch watch =
                new SecretWatch(access, "ns", List.of("s1", "s2"), snapshot -> snapshots.add(text(snapshot)));
        opened.add(watch);
        watch.start();
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(snapshots).isNotEmpty().last().isEqualTo(Map.of("s1", Map.of("x", "1"))));
        assertThat(watch.isComplete()).isTrue();
        secret("s2", Map.of("y", "2"));
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(snapshots).last().isEqualTo(Map.of("s1", Map.of("x", "1"), "s2", Map.of("y", "2"))));
        client.secrets()
                .inNamespace("ns")
                .withName("s1")
                .edit(secret -> new SecretBuilder(secret)
                        .withData(encoded(Map.of("x", "3", "z", "4")))
                        .build());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(snapshots)
                        .last()
                        .isEqualTo(Map.of("s1", Map.of("x", "3", "z", "4"), "s2", Map.of("y", "2"))));
        client.secrets().inNamespace("ns").withName("s1").delete();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(snapshots).last().isEqualTo(Map.of("s2", Map.of("y", "2"))));
        assertThat(watch.lastFailure()).isEmpty();
    }

    @Test
    void saysWhySecretsCannotBeRead() {
        KubernetesAccess nowhere = KubernetesAccess.apiServer("http://127.0.0.1:1");
        SecretWatch watch = new SecretWatch(nowhere, "ns", List.of("s1"), _ -> {});
        opened.add(watch);
        opened.add(nowhere);
        watch.start();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(watch.lastFailure()).isNotEmpty());
        assertThat(watch.isComplete()).isFalse();
    }

    private void secret(String name, Map<String, String> content) {
        client.secrets()
                .inNamespace("ns")
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withData(encoded(content))
                        .build())
                .create();
    }

    private static Map<String, String> encoded(Map<String, String> content) {
        Map<String, String> data = new TreeMap<>();
        content.forEach((key, value) ->
                data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return data;
    }

    private static Map<String, Map<String, String>> text(Map<String, Map<String, byte[]>> snapshot) {
        Map<String, Map<String, String>> text = new TreeMap<>();
        snapshot.forEach((name, content) -> {
            Map<String, String> values = new TreeMap<>();
            content.forEach((key, value) -> values.put(key, new String(value, StandardCharsets.UTF_8)));
            text.put(name, values);
        });
        return text;
    }
}
