// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodTargetsTest {
    private static PodBuilder pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("shop-7c")
                .withNamespace("store")
                .withUid("u-1")
                .withLabels(Map.of("app.kubernetes.io/name", "shop", "empty", ""))
                .withAnnotations(Map.of("prometheus.io/scrape", "true", "Größe", "ß"))
                .addNewOwnerReference()
                .withKind("ReplicaSet")
                .withName("shop")
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withNodeName("n1")
                .addNewContainer()
                .withName("web")
                .withImage("shop:1")
                .addNewPort()
                .withName("http")
                .withContainerPort(8080)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withContainerPort(53)
                .withProtocol("UDP")
                .endPort()
                .endContainer()
                .addNewContainer()
                .withName("side")
                .withImage("side:2")
                .endContainer()
                .addNewInitContainer()
                .withName("prepare")
                .withImage("init:3")
                .endInitContainer()
                .endSpec()
                .withNewStatus()
                .withPodIP("10.0.0.7")
                .withHostIP("192.168.0.1")
                .withPhase("Running")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .addNewContainerStatus()
                .withName("web")
                .withContainerID("containerd://w")
                .endContainerStatus()
                .addNewInitContainerStatus()
                .withName("prepare")
                .withContainerID("containerd://p")
                .endInitContainerStatus()
                .endStatus();
    }

    @Test
    void makesATargetOfEachPortAndOfEachContainerWithoutPorts() {
        TargetGroup group = PodTargets.of(pod().build());
        assertThat(group.source()).isEqualTo("pod/store/shop-7c");
        assertThat(group.targets())
                .containsExactly(
                        Labels.of(
                                "__address__", "10.0.0.7:8080",
                                "__meta_kubernetes_pod_container_id", "containerd://w",
                                "__meta_kubernetes_pod_container_image", "shop:1",
                                "__meta_kubernetes_pod_container_init", "false",
                                "__meta_kubernetes_pod_container_name", "web",
                                "__meta_kubernetes_pod_container_port_name", "http",
                                "__meta_kubernetes_pod_container_port_number", "8080",
                                "__meta_kubernetes_pod_container_port_protocol", "TCP"),
                        Labels.of(
                                "__address__", "10.0.0.7:53",
                                "__meta_kubernetes_pod_container_id", "containerd://w",
                                "__meta_kubernetes_pod_container_image", "shop:1",
                                "__meta_kubernetes_pod_container_init", "false",
                                "__meta_kubernetes_pod_container_name", "web",
                                "__meta_kubernetes_pod_container_port_number", "53",
                                "__meta_kubernetes_pod_container_port_protocol", "UDP"),
                        Labels.of(
                                "__address__", "10.0.0.7",
                                "__meta_kubernetes_pod_container_image", "side:2",
                                "__meta_kubernetes_pod_container_init", "false",
                                "__meta_kubernetes_pod_container_name", "side"),
                        Labels.of(
                                "__address__", "10.0.0.7",
                                "__meta_kubernetes_pod_container_id", "containerd://p",
                                "__meta_kubernetes_pod_container_image", "init:3",
                                "__meta_kubernetes_pod_container_init", "true",
                                "__meta_kubernetes_pod_container_name", "prepare"));
    }

    @Test
    void labelsTheGroupWithWhatIsKnownOfThePod() {
        assertThat(PodTargets.of(pod().build()).labels())
                .isEqualTo(Labels.of(
                        "__meta_kubernetes_namespace", "store",
                        "__meta_kubernetes_pod_annotation_Gr__e", "ß",
                        "__meta_kubernetes_pod_annotation_prometheus_io_scrape", "true",
                        "__meta_kubernetes_pod_annotationpresent_Gr__e", "true",
                        "__meta_kubernetes_pod_annotationpresent_prometheus_io_scrape", "true",
                        "__meta_kubernetes_pod_controller_kind", "ReplicaSet",
                        "__meta_kubernetes_pod_controller_name", "shop",
                        "__meta_kubernetes_pod_host_ip", "192.168.0.1",
                        "__meta_kubernetes_pod_ip", "10.0.0.7",
                        "__meta_kubernetes_pod_label_app_kubernetes_io_name", "shop",
                        "__meta_kubernetes_pod_labelpresent_app_kubernetes_io_name", "true",
                        "__meta_kubernetes_pod_labelpresent_empty", "true",
                        "__meta_kubernetes_pod_name", "shop-7c",
                        "__meta_kubernetes_pod_node_name", "n1",
                        "__meta_kubernetes_pod_phase", "Running",
                        "__meta_kubernetes_pod_ready", "true",
                        "__meta_kubernetes_pod_uid", "u-1"));
    }

    @Test
    void hasNoTargetsWithoutAnAddress() {
        Pod pending = pod().editStatus().withPodIP(null).endStatus().build();
        assertThat(PodTargets.of(pending)).isEqualTo(TargetGroup.gone("pod/store/shop-7c"));
        assertThat(PodTargets.of(new PodBuilder(pod().build()).withStatus(null).build())
                        .targets())
                .isEmpty();
    }

    @Test
    void putsAnAddressOfSixBytesGroupsInBrackets() {
        Pod six = pod().editStatus().withPodIP("fd00::7").endStatus().build();
        assertThat(PodTargets.of(six).targets())
                .extracting(target -> target.get("__address__"))
                .containsExactly("[fd00::7]:8080", "[fd00::7]:53", "fd00::7", "fd00::7");
    }

    @Test
    void saysUnknownWhereReadinessIsNotKnown() {
        Pod fresh = pod().editStatus().withConditions().endStatus().build();
        assertThat(PodTargets.of(fresh).labels().get("__meta_kubernetes_pod_ready"))
                .isEqualTo("unknown");
    }
}
