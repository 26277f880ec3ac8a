// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.config.section.ResourceId;
import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import dev.narthex.crds.storagevolume.StorageVolume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import jakarta.inject.Singleton;

/** Wakes reconcilers for what does not come from the API server: another reconciler has found news. Thread-safe. */
@Singleton
public class ResourceSignals {
    private static final String NAME = "signals";

    private final SimpleInboundEventSource<ScrapeTarget> scrapeTargets = new SimpleInboundEventSource<>(NAME);
    private final SimpleInboundEventSource<AlertRule> alertRules = new SimpleInboundEventSource<>(NAME);
    private final SimpleInboundEventSource<Receiver> receivers = new SimpleInboundEventSource<>(NAME);
    private final SimpleInboundEventSource<StorageVolume> storageVolumes = new SimpleInboundEventSource<>(NAME);

    SimpleInboundEventSource<ScrapeTarget> scrapeTargets() {
        return scrapeTargets;
    }

    SimpleInboundEventSource<AlertRule> alertRules() {
        return alertRules;
    }

    SimpleInboundEventSource<Receiver> receivers() {
        return receivers;
    }

    SimpleInboundEventSource<StorageVolume> storageVolumes() {
        return storageVolumes;
    }

    /** Has a resource looked at; a reconciler that does not run yet will look at all by itself. */
    void signal(ResourceId id) {
        switch (id.kind()) {
            case ResourceId.SCRAPE_TARGET -> signal(scrapeTargets, id);
            case ResourceId.ALERT_RULE -> signal(alertRules, id);
            case ResourceId.RECEIVER -> signal(receivers, id);
            case ResourceId.STORAGE_VOLUME -> signal(storageVolumes, id);
            default -> throw new IllegalArgumentException("no reconciler for " + id);
        }
    }

    private static <P extends HasMetadata> void signal(SimpleInboundEventSource<P> source, ResourceId id) {
        if (source.isRunning()) {
            source.propagateEvent(new ResourceID(id.name(), id.namespace()));
        }
    }
}
