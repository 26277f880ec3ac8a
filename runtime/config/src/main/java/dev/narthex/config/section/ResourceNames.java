// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.section;

import java.util.Optional;

/**
 * The names that resources have in the running configuration, so that jobs, groups and receivers of two resources never
 * meet and a name tells the resource it belongs to.
 */
public final class ResourceNames {
    private static final String SCRAPE_PREFIX = "scrapeTarget";
    private static final String RULE_PREFIX = "alertRule";

    private ResourceNames() {}

    /** The scrape job of an endpoint: {@code scrapeTarget/<namespace>/<name>/<endpoint>}. */
    public static String job(ResourceId id, int endpoint) {
        return SCRAPE_PREFIX + "/" + id.namespace() + "/" + id.name() + "/" + endpoint;
    }

    /** The file that a rule group counts as read from: {@code alertRule/<namespace>/<name>}. */
    public static String ruleFile(ResourceId id) {
        return RULE_PREFIX + "/" + id.namespace() + "/" + id.name();
    }

    /** The name of a rule group: {@code <namespace>/<name>}. */
    public static String group(ResourceId id) {
        return id.namespace() + "/" + id.name();
    }

    /** The name of a receiver: {@code <namespace>/<name>}; further ones add a slash and a name of their own. */
    public static String receiver(ResourceId id) {
        return id.namespace() + "/" + id.name();
    }

    /** The ScrapeTarget that a scrape job belongs to, none for a job of a prometheus.yml. */
    public static Optional<ResourceId> ofJob(String job) {
        String[] parts = job.split("/", -1);
        boolean ours = parts.length == 4 && parts[0].equals(SCRAPE_PREFIX);
        return ours ? Optional.of(new ResourceId(ResourceId.SCRAPE_TARGET, parts[1], parts[2])) : Optional.empty();
    }

    /** The AlertRule that a rule group's file stands for, none for a real file. */
    public static Optional<ResourceId> ofRuleFile(String file) {
        String[] parts = file.split("/", -1);
        boolean ours = parts.length == 3 && parts[0].equals(RULE_PREFIX);
        return ours ? Optional.of(new ResourceId(ResourceId.ALERT_RULE, parts[1], parts[2])) : Optional.empty();
    }

    /** The Receiver that a receiver's name stands for, none where the name has no slash. */
    public static Optional<ResourceId> ofReceiver(String receiver) {
        String[] parts = receiver.split("/", -1);
        return parts.length >= 2
                ? Optional.of(new ResourceId(ResourceId.RECEIVER, parts[0], parts[1]))
                : Optional.empty();
    }
}
