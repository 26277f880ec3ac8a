// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.section;

import java.util.Comparator;

/** Which resource: its kind, namespace and name. Ordered by kind, namespace, name. */
public record ResourceId(String kind, String namespace, String name) implements Comparable<ResourceId> {
    public static final String SCRAPE_TARGET = "ScrapeTarget";
    public static final String ALERT_RULE = "AlertRule";
    public static final String RECEIVER = "Receiver";
    public static final String STORAGE_VOLUME = "StorageVolume";

    private static final Comparator<ResourceId> ORDER = Comparator.comparing(ResourceId::kind)
            .thenComparing(ResourceId::namespace)
            .thenComparing(ResourceId::name);

    @Override
    public int compareTo(ResourceId other) {
        return ORDER.compare(this, other);
    }

    /** The form of errors and logs: {@code ScrapeTarget shop/web}. */
    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
