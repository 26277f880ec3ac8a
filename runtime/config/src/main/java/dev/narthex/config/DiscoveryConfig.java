// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** One way to find targets; each mechanism has its own record. */
public sealed interface DiscoveryConfig
        permits StaticDiscoveryConfig,
                FileDiscoveryConfig,
                HttpDiscoveryConfig,
                DnsDiscoveryConfig,
                KubernetesDiscoveryConfig,
                Ec2DiscoveryConfig,
                ForeignDiscoveryConfig {}
