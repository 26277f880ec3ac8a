// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import java.util.List;

/** The kinds of discovery that Prometheus has and Narthex has not. */
final class ForeignDiscoveries {
    static final List<String> KINDS = List.of(
            "aws",
            "azure",
            "consul",
            "digitalocean",
            "docker",
            "dockerswarm",
            "eureka",
            "gce",
            "hetzner",
            "ionos",
            "kuma",
            "lightsail",
            "linode",
            "marathon",
            "nerve",
            "nomad",
            "oci",
            "openstack",
            "outscale",
            "ovhcloud",
            "puppetdb",
            "scaleway",
            "serverset",
            "stackit",
            "triton",
            "uyuni",
            "vultr");

    private ForeignDiscoveries() {}
}
