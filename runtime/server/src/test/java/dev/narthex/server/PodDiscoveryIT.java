// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.kube.KubeApiServer;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program watches the pods of a real API server: what the client reflects on is part of a native executable,
 * for lists, for events and for the kubeconfig.
 */
class PodDiscoveryIT {
    /** With a node: pods of none are taken away after a while. */
    private static final String PLACE = """
            {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
            ---
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: shop}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: node}}
            """;

    /** With fields of many kinds: times, quantities, ports by name and number, probes, volumes, tolerations, affinity. */
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: NAME, namespace: shop, labels: {app: web}, annotations: {a.b/c: d}}
            spec:
              nodeName: node
              tolerations: [{key: k, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
              affinity:
                nodeAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    nodeSelectorTerms: [{matchExpressions: [{key: x, operator: In, values: [z]}]}]
              securityContext: {runAsUser: 5, fsGroup: 6, sysctls: [{name: kernel.shm_rmid_forced, value: '0'}]}
              volumes:
              - {name: e, emptyDir: {sizeLimit: 1Gi}}
              - {name: p, projected: {sources: [{configMap: {name: c, items: [{key: k, path: p}]}}]}}
              containers:
              - name: c
                image: example.org/c:1
                env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
                ports: [{name: http, containerPort: 8080}, {name: more, containerPort: 8081, protocol: UDP}]
                resources: {requests: {cpu: 100m, memory: 64Mi}}
                livenessProbe: {httpGet: {path: /, port: http}}
                readinessProbe: {tcpSocket: {port: 8080}}
                lifecycle: {preStop: {exec: {command: [a, b]}}}
                volumeMounts: [{name: e, mountPath: /e}]
            """;

    private static final String STATUS = """
            {"status": {"phase": "Running", "podIP": "ADDRESS", "podIPs": [{"ip": "ADDRESS"}], "startTime": "2026-01-01T00:00:00Z",
              "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
            """;

    @TempDir
    private Path directory;

    private void create(KubeApiServer kube, String name, String ip) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".yml"), POD.replace("NAME", name));
        kube.kubectl("create", "-f", file.toString());
        kube.kubectl(
                "patch",
                "pod",
                name,
                "-n",
                "shop",
                "--subresource=status",
                "--type=merge",
                "-p",
                STATUS.replace("ADDRESS", ip));
    }

    private static List<String> targets(ServerProcess server) throws IOException {
        JsonArray active = server.data("/api/v1/targets?state=active").getJsonArray("activeTargets");
        return Stream.iterate(0, i -> i < active.size(), i -> i + 1)
                .map(i -> active.getJsonObject(i).getJsonObject("discoveredLabels"))
                .map(labels ->
                        labels.getString("__meta_kubernetes_pod_name") + " " + labels.getString("__address__") + " "
                                + labels.getString("__meta_kubernetes_pod_container_port_name") + " "
                                + labels.getString("__meta_kubernetes_pod_ready"))
                .sorted()
                .toList();
    }

    @Test
    void podsBecomeTargetsWhenTheyComeAndGo() throws Exception {
        try (KubeApiServer kube = KubeApiServer.start(Files.createDirectory(directory.resolve("kube")))) {
            Path place = Files.writeString(directory.resolve("place.yml"), PLACE);
            kube.kubectl("apply", "--server-side", "-f", place.toString());
            create(kube, "first", "127.0.0.2");
            Path config = Files.writeString(directory.resolve("prometheus.yml"), """
                    scrape_configs:
                    - job_name: pods
                      scrape_interval: 1h
                      kubernetes_sd_configs: [{role: pod, kubeconfig_file: 'KUBECONFIG'}]
                    """.replace(
                            "KUBECONFIG", kube.kubeconfig().toString()));
            try (ServerProcess server = ServerProcess.start(
                    directory,
                    ServerProcess.freePort(),
                    "run",
                    "--config.file=" + config,
                    "--storage.tsdb.path=" + directory.resolve("data"))) {
                List<String> first = List.of("first 127.0.0.2:8080 http true", "first 127.0.0.2:8081 more true");
                await().atMost(ServerProcess.LIMIT)
                        .untilAsserted(() -> assertThat(targets(server)).isEqualTo(first));
                create(kube, "second", "127.0.0.3");
                await().atMost(ServerProcess.LIMIT)
                        .untilAsserted(() ->
                                assertThat(targets(server)).hasSize(4).contains("second 127.0.0.3:8080 http true"));
                kube.kubectl("delete", "pod", "second", "-n", "shop", "--force", "--grace-period=0");
                await().atMost(ServerProcess.LIMIT)
                        .untilAsserted(() -> assertThat(targets(server)).isEqualTo(first));
            }
        }
    }
}
