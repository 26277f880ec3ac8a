// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.List;

/** The Services of a runtime: one with an address for its users, one for the names of its pods. */
final class RuntimeServices {
    static final int PORT = 9090;
    static final String PORT_NAME = "http";

    private RuntimeServices() {}

    static List<Service> of(VolumeNames names) {
        ServicePort port = new ServicePortBuilder()
                .withName(PORT_NAME)
                .withPort(PORT)
                .withNewTargetPort(PORT_NAME)
                .withProtocol("TCP")
                .build();
        Service users = new ServiceBuilder()
                .withMetadata(names.owned(names.name()))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(names.selector())
                .withPorts(port)
                .endSpec()
                .build();
        Service pods = new ServiceBuilder()
                .withMetadata(names.owned(names.podsService()))
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(names.selector())
                .withPorts(port)
                .endSpec()
                .build();
        return List.of(users, pods);
    }
}
