// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.cluster;

import static dev.narthex.operator.cluster.TestCluster.condition;
import static dev.narthex.operator.cluster.TestCluster.is;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.config.section.SectionBuckets;
import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import dev.narthex.crds.storagevolume.SelectedResources;
import dev.narthex.crds.storagevolume.StorageVolume;
import dev.narthex.operator.desired.ConfigurationSecrets;
import dev.narthex.testkit.http.LoopbackServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The operator as a process on a real API server, with the rights that the chart gives it and a stand-in for runtimes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorIT {
    private TestCluster cluster;
    private EchoRuntime runtime;
    private OperatorProcess operator;

    @BeforeAll
    void start(@TempDir Path directory, @TempDir Path state) throws IOException {
        cluster = TestCluster.start(state);
        runtime = EchoRuntime.start(cluster.client());
        operator = OperatorProcess.operator(
                directory,
                Map.of(
                        "KUBECONFIG",
                        cluster.operatorKubeconfig(directory).toString(),
                        "NARTHEX_RUNTIME_URL",
                        runtime.urlTemplate(),
                        "NARTHEX_RUNTIME_IMAGE",
                        "example.org/narthex/runtime:1",
                        "NARTHEX_STATUS_INTERVAL",
                        "1s",
                        "NARTHEX_REPORT_INTERVAL",
                        "1s",
                        "QUARKUS_HTTP_PORT",
                        "0"));
    }

    @AfterAll
    void stop() throws IOException {
        if (operator != null) {
            operator.close();
            runtime.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private void volume(String namespace) {
        cluster.namespace(namespace);
        cluster.apply("""
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: StorageVolume
                metadata: {name: main, namespace: NAMESPACE}
                spec:
                  size: 1Gi
                  select:
                    scrapeTargets: {namespaces: {names: [NAMESPACE]}}
                    alertRules: {namespaces: {names: [NAMESPACE]}}
                    receivers: {namespaces: {names: [NAMESPACE]}}
                """.replace("NAMESPACE", namespace));
    }

    private void resource(String kind, String namespace, String name, String spec) {
        cluster.apply("""
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: KIND
                metadata: {name: NAME, namespace: SPACE}
                spec: SPEC
                """.replace("KIND", kind)
                .replace("NAME", name)
                .replace("SPACE", namespace)
                .replace("SPEC", spec));
    }

    private List<Secret> secrets(String namespace) {
        return cluster.client()
                .secrets()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/managed-by", "narthex-operator")
                .list()
                .getItems();
    }

    private Map<ResourceId, ResourceSection> sections(String namespace) {
        return ConfigurationSecrets.read(secrets(namespace));
    }

    private void awaitReady(String namespace) {
        cluster.await(StorageVolume.class, namespace, "main", volume -> is(volume, "Ready", "True"));
    }

    @Test
    void storageVolumeBecomesAWorkload() {
        volume("workload");
        resource("ScrapeTarget", "workload", "web", "{pods: {}}");
        StorageVolume volume =
                cluster.await(StorageVolume.class, "workload", "main", ready -> is(ready, "Ready", "True"));
        StatefulSet set = cluster.find(StatefulSet.class, "workload", "main").orElseThrow();
        assertThat(set.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid())
                        .isEqualTo(volume.getMetadata().getUid()));
        assertThat(set.getSpec().getTemplate().getSpec().getContainers())
                .singleElement()
                .satisfies(container -> assertThat(container.getImage()).isEqualTo("example.org/narthex/runtime:1"));
        assertThat(cluster.find(Service.class, "workload", "main")).isPresent();
        assertThat(cluster.find(Service.class, "workload", "main-pods")).isPresent();
        assertThat(cluster.find(ServiceAccount.class, "workload", "main")).isPresent();
        assertThat(cluster.find(Role.class, "workload", "main-config")).isPresent();
        assertThat(cluster.find(RoleBinding.class, "workload", "main-config")).isPresent();
        cluster.await(Role.class, "workload", "narthex:workload:main:discovery", role -> true);
        assertThat(secrets("workload")).hasSize(SectionBuckets.COUNT);
        assertThat(sections("workload")).containsKey(new ResourceId("ScrapeTarget", "workload", "web"));
    }

    @Test
    void statusShowsWhatTheRuntimeReports() {
        volume("reports");
        resource("ScrapeTarget", "reports", "web", "{pods: {}}");
        resource("AlertRule", "reports", "web", "{rules: [{alert: A, expr: up == 0}]}");
        resource("Receiver", "reports", "page", "{webhook: [{url: 'http://a.example/'}]}");
        ScrapeTarget target = cluster.await(ScrapeTarget.class, "reports", "web", ready -> is(ready, "Ready", "True"));
        assertThat(Objects.requireNonNull(target.getStatus()).getUp()).isEqualTo(3);
        assertThat(target.getStatus().getDown()).isEqualTo(2);
        assertThat(target.getStatus().getSource()).isEqualTo("pods");
        assertThat(target.getStatus().getLastError()).isEqualTo("refused");
        assertThat(target.getStatus().getStorageVolumes()).containsExactly("reports/main");
        AlertRule rule = cluster.await(AlertRule.class, "reports", "web", ready -> is(ready, "Ready", "True"));
        assertThat(Objects.requireNonNull(rule.getStatus()).getFiring()).isEqualTo(2);
        Receiver receiver = cluster.await(Receiver.class, "reports", "page", ready -> is(ready, "Ready", "True"));
        assertThat(Objects.requireNonNull(receiver.getStatus()).getSent()).isEqualTo(12);
        assertThat(receiver.getStatus().getFailed()).isEqualTo(1);
        StorageVolume volume = cluster.await(
                StorageVolume.class,
                "reports",
                "main",
                ready -> is(ready, "Ready", "True") && selectedReceivers(ready) == 1);
        assertThat(Objects.requireNonNull(volume.getStatus()).getSeries()).isEqualTo(8120);
        assertThat(volume.getStatus().getUsed()).isEqualTo("7.0Mi");
    }

    private static int selectedReceivers(StorageVolume volume) {
        SelectedResources selected = Objects.requireNonNull(volume.getStatus()).getSelected();
        return Objects.requireNonNull(Objects.requireNonNull(selected).getReceivers());
    }

    @Test
    void badEditIsRefusedAndTheFormerVersionStays() {
        volume("edits");
        resource("AlertRule", "edits", "web", "{rules: [{record: a, expr: up}]}");
        resource("AlertRule", "edits", "other", "{rules: [{record: b, expr: up}]}");
        cluster.await(AlertRule.class, "edits", "web", rule -> is(rule, "Ready", "True"));
        cluster.await(AlertRule.class, "edits", "other", rule -> is(rule, "Ready", "True"));
        Map<ResourceId, ResourceSection> before = sections("edits");

        resource("AlertRule", "edits", "web", "{rules: [{record: a, expr: 'sum(up'}]}");
        AlertRule refused = cluster.await(AlertRule.class, "edits", "web", rule -> is(rule, "Accepted", "False"));
        assertThat(condition(refused, "Ready").orElseThrow()).satisfies(ready -> {
            assertThat(ready.getStatus()).isEqualTo("False");
            assertThat(ready.getReason()).isEqualTo("InvalidExpression");
            assertThat(ready.getMessage())
                    .startsWith("spec.rules[0].expr: 1:7: parse error: unclosed left parenthesis")
                    .endsWith("The former version still runs.");
        });
        assertThat(sections("edits")).isEqualTo(before);
        assertThat(cluster.find(AlertRule.class, "edits", "other").orElseThrow())
                .matches(rule -> is(rule, "Ready", "True"));
        await().atMost(TestCluster.PATIENCE)
                .untilAsserted(() -> assertThat(cluster.client()
                                .events()
                                .v1()
                                .events()
                                .inNamespace("edits")
                                .list()
                                .getItems())
                        .filteredOn(event -> "InvalidExpression".equals(event.getReason()))
                        .singleElement()
                        .satisfies(event -> {
                            assertThat(event.getRegarding().getName()).isEqualTo("web");
                            assertThat(event.getType()).isEqualTo("Warning");
                        }));

        resource("AlertRule", "edits", "web", "{rules: [{record: a, expr: sum(up)}]}");
        cluster.await(AlertRule.class, "edits", "web", rule -> is(rule, "Ready", "True"));
        assertThat(sections("edits")).isNotEqualTo(before);
    }

    @Test
    void oneChangeWritesOneSecret() {
        volume("buckets");
        for (int i = 0; i < 20; i++) {
            resource("AlertRule", "buckets", "rule-" + i, "{rules: [{record: a, expr: up}]}");
        }
        cluster.await(AlertRule.class, "buckets", "rule-19", rule -> is(rule, "Ready", "True"));
        awaitReady("buckets");
        Map<String, String> before = versions("buckets");
        resource("AlertRule", "buckets", "rule-7", "{rules: [{record: a, expr: sum(up)}]}");
        cluster.await(AlertRule.class, "buckets", "rule-7", rule -> is(rule, "Ready", "True"));
        Map<String, String> after = versions("buckets");
        after.entrySet().removeAll(before.entrySet());
        int bucket = SectionBuckets.bucketOf(new ResourceId("AlertRule", "buckets", "rule-7"));
        assertThat(after).containsOnlyKeys("main-config-" + bucket);
    }

    private Map<String, String> versions(String namespace) {
        Map<String, String> versions = new TreeMap<>();
        secrets(namespace)
                .forEach(secret -> versions.put(
                        secret.getMetadata().getName(), secret.getMetadata().getResourceVersion()));
        return versions;
    }

    @Test
    void referencedSecretIsFollowed() {
        volume("rotation");
        resource("Receiver", "rotation", "page", "{webhook: [{urlSecret: {name: hook, key: url}}]}");
        Receiver missing =
                cluster.await(Receiver.class, "rotation", "page", receiver -> is(receiver, "Accepted", "False"));
        assertThat(condition(missing, "Accepted").orElseThrow().getMessage())
                .isEqualTo("spec.webhook[0].urlSecret: there is no Secret rotation/hook; make it");
        hook("http://one.example/");
        cluster.await(Receiver.class, "rotation", "page", receiver -> is(receiver, "Ready", "True"));
        ResourceId id = new ResourceId("Receiver", "rotation", "page");
        assertThat(sections("rotation").get(id))
                .satisfies(section -> assertThat(section.yaml()).contains("http://one.example/"));
        hook("http://two.example/");
        await().atMost(TestCluster.PATIENCE)
                .untilAsserted(() -> assertThat(sections("rotation").get(id))
                        .satisfies(section -> assertThat(section.yaml()).contains("http://two.example/")));
    }

    private void hook(String url) {
        cluster.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: hook, namespace: rotation}
                stringData: {url: 'URL'}
                """.replace("URL", url));
    }

    @Test
    void whatIsRemovedOrChangedByHandComesBack() {
        volume("drift");
        awaitReady("drift");
        String uid = cluster.find(Service.class, "drift", "main")
                .orElseThrow()
                .getMetadata()
                .getUid();
        cluster.client().services().inNamespace("drift").withName("main").delete();
        cluster.await(
                Service.class,
                "drift",
                "main",
                service -> !service.getMetadata().getUid().equals(uid));
        // The cluster's own controllers write it too: an edit of a version that is no more is made again.
        await().ignoreExceptionsMatching(e -> e instanceof KubernetesClientException failure
                        && failure.getCode() == HttpURLConnection.HTTP_CONFLICT)
                .untilAsserted(() -> cluster.client()
                        .apps()
                        .statefulSets()
                        .inNamespace("drift")
                        .withName("main")
                        .edit(set -> {
                            set.getSpec()
                                    .getTemplate()
                                    .getSpec()
                                    .getContainers()
                                    .getFirst()
                                    .setImage("example.org/other:1");
                            return set;
                        }));
        cluster.await(
                StatefulSet.class,
                "drift",
                "main",
                set -> set.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage()
                        .equals("example.org/narthex/runtime:1"));
    }

    @Test
    void objectOfSomebodyElseIsLeftAlone() {
        cluster.namespace("taken");
        cluster.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: shop, namespace: taken}
                spec: {ports: [{port: 80}], selector: {app: shop}}
                ---
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: StorageVolume
                metadata: {name: shop, namespace: taken}
                spec:
                  size: 1Gi
                  select:
                    scrapeTargets: {namespaces: {names: [taken]}}
                    alertRules: {namespaces: {names: [taken]}}
                    receivers: {namespaces: {names: [taken]}}
                """);
        StorageVolume volume = cluster.await(
                StorageVolume.class,
                "taken",
                "shop",
                shop -> condition(shop, "Ready")
                        .filter(ready -> "ApplyFailed".equals(ready.getReason()))
                        .isPresent());
        assertThat(condition(volume, "Ready").orElseThrow().getMessage())
                .isEqualTo("Service taken/shop: is there and does not belong to StorageVolume taken/shop; give the"
                        + " StorageVolume another name, or remove that object");
        assertThat(cluster.find(Service.class, "taken", "shop")
                        .orElseThrow()
                        .getSpec()
                        .getSelector())
                .isEqualTo(Map.of("app", "shop"));
    }

    @Test
    void deletionCleansUp() {
        volume("gone");
        resource("ScrapeTarget", "gone", "all", "{pods: {namespaces: {any: true}}}");
        awaitReady("gone");
        String access = "narthex:gone:main:discovery";
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.client()
                                .rbac()
                                .clusterRoleBindings()
                                .withName(access)
                                .get()
                        != null);
        cluster.client()
                .resources(StorageVolume.class)
                .inNamespace("gone")
                .withName("main")
                .delete();
        cluster.awaitGone(StorageVolume.class, "gone", "main");
        cluster.awaitGone(StatefulSet.class, "gone", "main");
        cluster.awaitGone(Service.class, "gone", "main");
        cluster.awaitGone(Secret.class, "gone", "main-config-0");
        cluster.awaitGone(ServiceAccount.class, "gone", "main");
        assertThat(cluster.client()
                        .resources(ClusterRole.class)
                        .withName(access)
                        .get())
                .isNull();
        assertThat(cluster.client()
                        .resources(ClusterRoleBinding.class)
                        .withName(access)
                        .get())
                .isNull();
        ScrapeTarget target = cluster.await(
                ScrapeTarget.class,
                "gone",
                "all",
                left -> condition(left, "Ready")
                        .filter(ready -> "NotSelected".equals(ready.getReason()))
                        .isPresent());
        assertThat(Objects.requireNonNull(target.getStatus()).getStorageVolumes())
                .isNull();
    }

    @Test
    void rightsFollowWhereTargetsAreLookedFor() {
        volume("rights");
        cluster.namespace("rights-other");
        String access = "narthex:rights:main:discovery";
        resource("ScrapeTarget", "rights", "web", "{pods: {namespaces: {names: [rights-other, not-there]}}}");
        cluster.await(RoleBinding.class, "rights-other", access, binding -> true);
        awaitReady("rights");
        resource("ScrapeTarget", "rights", "web", "{pods: {}}");
        cluster.await(RoleBinding.class, "rights", access, binding -> true);
        cluster.awaitGone(RoleBinding.class, "rights-other", access);
        cluster.awaitGone(Role.class, "rights-other", access);
    }

    record Refusal(String kind, String spec, String message) {
        @Override
        public String toString() {
            return kind + " " + spec;
        }
    }

    static List<Refusal> refusals() {
        return List.of(
                new Refusal("ScrapeTarget", "{}", "exactly one source: set one of pods, annotated, static"),
                new Refusal(
                        "ScrapeTarget",
                        "{pods: {}, annotated: {}}",
                        "exactly one source: set one of pods, annotated, static"),
                new Refusal(
                        "ScrapeTarget",
                        "{annotated: {}, endpoints: [{port: 80}]}",
                        "port does not go with annotated; the annotation prometheus.io/port of the pod names it"),
                new Refusal(
                        "ScrapeTarget",
                        "{pods: {}, endpoints: [{port: 70000}]}",
                        "spec.endpoints[0].port in body should be less than or equal to 65535"),
                new Refusal(
                        "ScrapeTarget",
                        "{pods: {}, endpoints: [{interval: 30sec}]}",
                        "spec.endpoints[0].interval in body should match"),
                new Refusal(
                        "ScrapeTarget",
                        "{pods: {namespaces: {}}}",
                        "spec.pods.namespaces: Invalid value: set either any: true or names"),
                new Refusal(
                        "ScrapeTarget",
                        "{pods: {selector: {matchExpressions: [{key: a, operator: In}]}}}",
                        "values: In and NotIn take at least one, Exists and DoesNotExist none"),
                new Refusal(
                        "ScrapeTarget",
                        "{pods: {}, labels: {'not-a-label': x}}",
                        "labels: label names consist of letters, digits and underscores"),
                new Refusal(
                        "ScrapeTarget",
                        "{static: {addresses: ['http://a/']}}",
                        "spec.static.addresses[0] in body should match"),
                new Refusal(
                        "ScrapeTarget", "{pods: {}, limits: {bodySize: 1XB}}", "spec.limits.bodySize in body should"),
                new Refusal("AlertRule", "{rules: []}", "spec.rules in body should have at least 1 items"),
                new Refusal("AlertRule", "{rules: [{expr: up}]}", "a rule has either alert or record"),
                new Refusal(
                        "AlertRule",
                        "{rules: [{record: a, expr: up, for: 5m}]}",
                        "for, keepFiringFor and annotations go with alert only"),
                new Refusal("Receiver", "{}", "at least one integration: set webhook"),
                new Refusal("Receiver", "{scope: All, webhook: [{url: 'http://a/'}]}", "spec.scope: Unsupported value"),
                new Refusal("Receiver", "{webhook: [{}]}", "set either url or urlSecret"),
                new Refusal(
                        "StorageVolume", "{size: 1Gi, replicas: 2}", "replicas: only 1 is supported in this version"),
                new Refusal("StorageVolume", "{size: 0}", "size: a positive quantity such as 50Gi"),
                new Refusal("StorageVolume", "{}", "spec.size: Required value"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void apiServerRefuses(Refusal refusal) {
        assertThatThrownBy(() -> resource(refusal.kind(), "default", "bad", refusal.spec()))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(refusal.message());
    }

    @Test
    void whatCannotBeChangedIsRefused() {
        volume("fixed");
        assertThatThrownBy(() -> resource("StorageVolume", "fixed", "main", "{size: 2Gi}"))
                .hasMessageContaining("size cannot be changed in this version; make a new StorageVolume");
        assertThatThrownBy(() -> resource("StorageVolume", "fixed", "main", "{size: 1Gi, storageClassName: fast}"))
                .hasMessageContaining("storageClassName cannot be changed; make a new StorageVolume");
        assertThatThrownBy(() -> resource("StorageVolume", "fixed", "a.b", "{size: 1Gi}"))
                .hasMessageContaining("metadata.name: at most 45 lower-case letters, digits and dashes");
    }

    @Test
    void realRuntimeRunsWhatIsApplied(@TempDir Path directory) throws IOException {
        volume("real");
        ServiceAccount account = cluster.await(ServiceAccount.class, "real", "main", made -> true);
        cluster.await(Secret.class, "real", "main-config-15", made -> true);
        cluster.await(RoleBinding.class, "real", "main-config", made -> true);
        int port = freePort();
        URI uri = URI.create("http://127.0.0.1:" + port);
        try (LoopbackServer target = LoopbackServer.start((_, out) -> LoopbackServer.respond(
                        out,
                        "text/plain; version=0.0.4",
                        "demo_requests_total 5\n".getBytes(StandardCharsets.US_ASCII)));
                LoopbackServer webhook =
                        LoopbackServer.start((_, out) -> LoopbackServer.respond(out, 200, Map.of(), new byte[0]));
                OperatorProcess real = OperatorProcess.runtime(
                        directory,
                        Map.of(
                                "KUBECONFIG",
                                cluster.kubeconfig("real", account.getMetadata().getName(), directory)
                                        .toString()),
                        "run",
                        "--kubernetes.config-namespace=real",
                        "--kubernetes.config-name=main",
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)) {
            runtime.passOn("real", uri);
            resource(
                    "ScrapeTarget",
                    "real",
                    "demo",
                    "{static: {addresses: ['" + target.address() + "']}, endpoints: [{interval: 1s}]}");
            resource(
                    "AlertRule",
                    "real",
                    "demo",
                    "{interval: 1s, rules: [{alert: Many, expr: 'demo_requests_total > 1'}]}");
            resource(
                    "Receiver",
                    "real",
                    "demo",
                    "{groupWait: 0s, webhook: [{url: 'http://" + webhook.address() + "/hook'}]}");
            cluster.await(StorageVolume.class, "real", "main", volume -> is(volume, "Ready", "True"));
            cluster.await(
                    ScrapeTarget.class,
                    "real",
                    "demo",
                    demo -> is(demo, "Ready", "True")
                            && Objects.equals(
                                    Objects.requireNonNull(demo.getStatus()).getUp(), 1L));
            cluster.await(
                    AlertRule.class,
                    "real",
                    "demo",
                    demo -> is(demo, "Ready", "True")
                            && Objects.equals(
                                    Objects.requireNonNull(demo.getStatus()).getFiring(), 1L));
            cluster.await(
                    Receiver.class,
                    "real",
                    "demo",
                    demo -> is(demo, "Ready", "True")
                            && Objects.equals(
                                    Objects.requireNonNull(demo.getStatus()).getSent(), 1L));
            assertThat(runtime.ask(uri, "/api/v1/query?query=demo_requests_total")
                            .body())
                    .contains("\"namespace\":\"real\"", "\"job\":\"real/demo\"");
            assertThat(real.isAlive()).isTrue();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void operatorNeverAsksForARightItLacks() throws IOException {
        volume("allowed");
        awaitReady("allowed");
        assertThat(operator.isAlive()).isTrue();
        assertThat(operator.log()).doesNotContain("forbidden", "Forbidden", " ERROR ");
    }
}
