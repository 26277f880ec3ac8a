// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.config.section.ResourceId;
import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.compile.ConfigurationCompiler;
import dev.narthex.crds.compile.Consents;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import dev.narthex.crds.storagevolume.StorageVolume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The resources and namespaces that StorageVolumes select among. A change of one wakes the StorageVolumes that select it
 * or have selected it; a change of nothing but status wakes none.
 */
final class WatchedResources {
    private final IndexerResourceCache<StorageVolume> volumes;
    private final VolumeStates states;
    private final InformerEventSource<ScrapeTarget, StorageVolume> scrapeTargets;
    private final InformerEventSource<AlertRule, StorageVolume> alertRules;
    private final InformerEventSource<Receiver, StorageVolume> receivers;
    private final InformerEventSource<Namespace, StorageVolume> namespaces;

    WatchedResources(EventSourceContext<StorageVolume> context, VolumeStates states) {
        this.volumes = context.getPrimaryCache();
        this.states = states;
        this.scrapeTargets = source(ScrapeTarget.class, context, target -> concerned(target, Kind.SCRAPE_TARGET));
        this.alertRules = source(AlertRule.class, context, rule -> concerned(rule, Kind.ALERT_RULE));
        this.receivers = source(Receiver.class, context, receiver -> concerned(receiver, Kind.RECEIVER));
        this.namespaces = source(Namespace.class, context, namespace -> everyVolume());
    }

    private enum Kind {
        SCRAPE_TARGET,
        ALERT_RULE,
        RECEIVER;

        boolean isSelected(Consents consents, ObjectMeta resource) {
            return switch (this) {
                case SCRAPE_TARGET -> consents.selectsScrapeTarget(resource);
                case ALERT_RULE -> consents.selectsAlertRule(resource);
                case RECEIVER -> consents.selectsReceiver(resource);
            };
        }
    }

    private static <R extends HasMetadata> InformerEventSource<R, StorageVolume> source(
            Class<R> kind, EventSourceContext<StorageVolume> context, SecondaryToPrimaryMapper<R> mapper) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, StorageVolume.class)
                        .withName("watched-" + kind.getSimpleName())
                        .withWatchAllNamespaces()
                        .withOnUpdateFilter(WatchedResources::isMeaningful)
                        .withSecondaryToPrimaryMapper(mapper)
                        .build(),
                context);
    }

    private static boolean isMeaningful(HasMetadata now, HasMetadata before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(
                        now.getMetadata().getLabels(), before.getMetadata().getLabels())
                || !Objects.equals(
                        now.getMetadata().getUid(), before.getMetadata().getUid());
    }

    private Set<ResourceID> concerned(HasMetadata resource, Kind kind) {
        ResourceId id = ConfigurationCompiler.idOf(resource);
        Set<ResourceID> concerned = new HashSet<>();
        states.concernedBy(id).forEach(volume -> concerned.add(new ResourceID(volume.name(), volume.namespace())));
        Map<String, Map<String, String>> labels = namespaces();
        volumes.list(volume -> kind.isSelected(new Consents(volume, labels), resource.getMetadata()))
                .map(ResourceID::fromResource)
                .forEach(concerned::add);
        return concerned;
    }

    private Set<ResourceID> everyVolume() {
        return volumes.list(volume -> true).map(ResourceID::fromResource).collect(Collectors.toSet());
    }

    List<EventSource<?, StorageVolume>> sources() {
        return List.of(scrapeTargets, alertRules, receivers, namespaces);
    }

    List<ScrapeTarget> scrapeTargets() {
        return scrapeTargets.list(target -> true).toList();
    }

    List<AlertRule> alertRules() {
        return alertRules.list(rule -> true).toList();
    }

    List<Receiver> receivers() {
        return receivers.list(receiver -> true).toList();
    }

    /** The labels of each namespace that is there and stays. */
    Map<String, Map<String, String>> namespaces() {
        Map<String, Map<String, String>> labels = new HashMap<>();
        namespaces
                .list(namespace -> namespace.getMetadata().getDeletionTimestamp() == null)
                .forEach(namespace -> labels.put(
                        namespace.getMetadata().getName(),
                        Objects.requireNonNullElse(namespace.getMetadata().getLabels(), Map.of())));
        return labels;
    }
}
