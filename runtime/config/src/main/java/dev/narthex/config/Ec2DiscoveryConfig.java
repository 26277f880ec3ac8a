// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;
import java.util.List;

/**
 * One entry of {@code ec2_sd_configs}: targets are the instances of an AWS account.
 *
 * @param region empty for that of the instance Narthex runs on
 * @param endpoint empty for AWS' own
 * @param accessKey empty, with the secret key, for the standard chain of credentials
 * @param port of the targets
 */
public record Ec2DiscoveryConfig(
        String region,
        String endpoint,
        String accessKey,
        Secret secretKey,
        String profile,
        String roleArn,
        String externalId,
        Duration refreshInterval,
        int port,
        List<Filter> filters,
        HttpClientConfig httpClient)
        implements DiscoveryConfig {
    public static final Duration DEFAULT_REFRESH_INTERVAL = Duration.ofMinutes(1);
    public static final int DEFAULT_PORT = 80;

    public Ec2DiscoveryConfig {
        filters = List.copyOf(filters);
    }

    /** A filter of the API call {@code DescribeInstances}: any of the values passes. */
    public record Filter(String name, List<String> values) {
        public Filter {
            values = List.copyOf(values);
        }
    }
}
