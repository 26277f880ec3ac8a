// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.ForeignDiscoveryConfig;
import dev.narthex.config.yaml.MappingReader;
import java.util.List;

/**
 * Reads the kinds of discovery that Prometheus has and Narthex has not, with Prometheus' rules (Prometheus documentation,
 * "Configuration"), so that a file is checked as a whole before it is refused for the kind.
 */
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

    private final ReaderContext context;

    ForeignDiscoveries(ReaderContext context) {
        this.context = context;
    }

    /** Adds what stands in the section. */
    void read(MappingReader reader, List<DiscoveryConfig> discoveries) {
        for (String kind : KINDS) {
            for (MappingReader entry : reader.mappings(kind + "_sd_configs")) {
                Section section = new Section(entry, context);
                readKind(kind, section);
                discoveries.add(new ForeignDiscoveryConfig(kind, section.finish()));
            }
        }
    }

    private static void readKind(String kind, Section section) {
        switch (kind) {
            case "aws" -> CloudDiscoveries.aws(section);
            case "azure" -> CloudDiscoveries.azure(section);
            case "digitalocean" -> CloudDiscoveries.digitalOcean(section);
            case "gce" -> CloudDiscoveries.gce(section);
            case "hetzner" -> CloudDiscoveries.hetzner(section);
            case "ionos" -> CloudDiscoveries.ionos(section);
            case "lightsail" -> CloudDiscoveries.lightsail(section);
            case "linode" -> CloudDiscoveries.linode(section);
            case "oci" -> CloudDiscoveries.oci(section);
            case "openstack" -> CloudDiscoveries.openStack(section);
            case "outscale" -> CloudDiscoveries.outscale(section);
            case "ovhcloud" -> CloudDiscoveries.ovhCloud(section);
            case "scaleway" -> CloudDiscoveries.scaleway(section);
            case "stackit" -> CloudDiscoveries.stackit(section);
            case "triton" -> CloudDiscoveries.triton(section);
            case "vultr" -> CloudDiscoveries.vultr(section);
            case "consul" -> RegistryDiscoveries.consul(section);
            case "docker" -> RegistryDiscoveries.docker(section);
            case "dockerswarm" -> RegistryDiscoveries.dockerSwarm(section);
            case "eureka" -> RegistryDiscoveries.eureka(section);
            case "kuma" -> RegistryDiscoveries.kuma(section);
            case "marathon" -> RegistryDiscoveries.marathon(section);
            case "nerve", "serverset" -> RegistryDiscoveries.zookeeper(section);
            case "nomad" -> RegistryDiscoveries.nomad(section);
            case "puppetdb" -> RegistryDiscoveries.puppetDb(section);
            case "uyuni" -> RegistryDiscoveries.uyuni(section);
            default -> throw new IllegalArgumentException("no such kind of discovery: " + kind);
        }
    }
}
