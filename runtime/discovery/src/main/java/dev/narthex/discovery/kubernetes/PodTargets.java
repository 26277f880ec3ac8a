// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The targets of a pod, with the labels of Prometheus' documentation ("kubernetes_sd_config", role {@code pod}): one a
 * declared container port, and one without a port for a container that declares none. A pod without an address has no
 * targets.
 */
final class PodTargets {
    /** A source is this and the pod's key, namespace and name. */
    static final String SOURCE_PREFIX = "pod/";

    private static final String META = "__meta_kubernetes_";
    private static final String POD = META + "pod_";
    private static final String CONTAINER = POD + "container_";

    private PodTargets() {}

    /** The name of the group of a pod. */
    static String source(Pod pod) {
        return SOURCE_PREFIX + pod.getMetadata().getNamespace() + "/"
                + pod.getMetadata().getName();
    }

    static TargetGroup of(Pod pod) {
        PodStatus status = pod.getStatus();
        PodSpec spec = pod.getSpec();
        String ip = status == null ? "" : text(status.getPodIP());
        if (ip.isEmpty() || spec == null || status == null) {
            return TargetGroup.gone(source(pod));
        }
        List<Labels> targets = new ArrayList<>();
        for (Container container : spec.getContainers()) {
            addTargets(targets, ip, container, status.getContainerStatuses(), false);
        }
        for (Container container : spec.getInitContainers()) {
            addTargets(targets, ip, container, status.getInitContainerStatuses(), true);
        }
        return new TargetGroup(source(pod), podLabels(pod, spec, status), targets);
    }

    private static Labels podLabels(Pod pod, PodSpec spec, PodStatus status) {
        ObjectMeta metadata = pod.getMetadata();
        LabelsBuilder labels = Labels.builder()
                .set(META + "namespace", text(metadata.getNamespace()))
                .set(POD + "name", text(metadata.getName()))
                .set(POD + "uid", text(metadata.getUid()))
                .set(POD + "ip", text(status.getPodIP()))
                .set(POD + "host_ip", text(status.getHostIP()))
                .set(POD + "node_name", text(spec.getNodeName()))
                .set(POD + "phase", text(status.getPhase()))
                .set(POD + "ready", ready(status));
        addAll(labels, "label", metadata.getLabels());
        addAll(labels, "annotation", metadata.getAnnotations());
        for (OwnerReference owner : metadata.getOwnerReferences()) {
            if (Boolean.TRUE.equals(owner.getController())) {
                labels.set(POD + "controller_kind", text(owner.getKind()));
                labels.set(POD + "controller_name", text(owner.getName()));
            }
        }
        return labels.build();
    }

    private static void addAll(LabelsBuilder labels, String what, @Nullable Map<String, String> values) {
        if (values != null) {
            values.forEach((name, value) -> {
                String sanitized = sanitized(name);
                labels.set(POD + what + "_" + sanitized, text(value));
                labels.set(POD + what + "present_" + sanitized, "true");
            });
        }
    }

    private static void addTargets(
            List<Labels> targets, String ip, Container container, List<ContainerStatus> statuses, boolean init) {
        LabelsBuilder labels = Labels.builder()
                .set(CONTAINER + "name", text(container.getName()))
                .set(CONTAINER + "id", containerId(container, statuses))
                .set(CONTAINER + "image", text(container.getImage()))
                .set(CONTAINER + "init", Boolean.toString(init))
                .set("__address__", ip);
        if (container.getPorts().isEmpty()) {
            targets.add(labels.build());
        }
        for (ContainerPort port : container.getPorts()) {
            String number = Integer.toString(port.getContainerPort());
            String host = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
            targets.add(labels.set("__address__", host + ":" + number)
                    .set(CONTAINER + "port_number", number)
                    .set(CONTAINER + "port_name", text(port.getName()))
                    .set(CONTAINER + "port_protocol", text(port.getProtocol()))
                    .build());
        }
    }

    private static String containerId(Container container, List<ContainerStatus> statuses) {
        for (ContainerStatus status : statuses) {
            if (status.getName().equals(container.getName())) {
                return text(status.getContainerID());
            }
        }
        return "";
    }

    private static String ready(PodStatus status) {
        for (PodCondition condition : status.getConditions()) {
            if ("Ready".equals(condition.getType())) {
                return text(condition.getStatus()).toLowerCase(Locale.ROOT);
            }
        }
        return "unknown";
    }

    /** A label name of what Kubernetes allows in names of labels and annotations. */
    private static String sanitized(String name) {
        StringBuilder sanitized = new StringBuilder(name.length());
        int codePoint;
        for (int i = 0; i < name.length(); i += Character.charCount(codePoint)) {
            codePoint = name.codePointAt(i);
            boolean allowed = (codePoint >= 'a' && codePoint <= 'z')
                    || (codePoint >= 'A' && codePoint <= 'Z')
                    || (codePoint >= '0' && codePoint <= '9');
            sanitized.append(allowed ? (char) codePoint : '_');
        }
        return sanitized.toString();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
