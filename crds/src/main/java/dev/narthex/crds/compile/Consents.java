// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.crds.storagevolume.AlertRuleSelection;
import dev.narthex.crds.storagevolume.NamespaceSelection;
import dev.narthex.crds.storagevolume.ReceiverSelection;
import dev.narthex.crds.storagevolume.ScrapeTargetSelection;
import dev.narthex.crds.storagevolume.Selection;
import dev.narthex.crds.storagevolume.StorageVolume;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which resources a StorageVolume selects and what it lets them do. Where nothing is said, every resource is selected
 * and none may reach beyond its namespace; the namespace of the StorageVolume itself may do everything, for whoever
 * writes there could grant it to himself.
 */
public final class Consents {
    private final String ownNamespace;
    private final Map<String, Map<String, String>> namespaces;
    private final @Nullable ScrapeTargetSelection scrapeTargets;
    private final @Nullable AlertRuleSelection alertRules;
    private final @Nullable ReceiverSelection receivers;

    /**
     * Reads a StorageVolume.
     *
     * @param namespaces the labels of each namespace
     */
    public Consents(StorageVolume volume, Map<String, Map<String, String>> namespaces) {
        this.ownNamespace = volume.getMetadata().getNamespace();
        this.namespaces = namespaces;
        Selection select = volume.getSpec().getSelect();
        this.scrapeTargets = select == null ? null : select.getScrapeTargets();
        this.alertRules = select == null ? null : select.getAlertRules();
        this.receivers = select == null ? null : select.getReceivers();
    }

    public boolean selectsScrapeTarget(ObjectMeta resource) {
        return scrapeTargets == null
                || selects(scrapeTargets.getNamespaces(), scrapeTargets.getMatchLabels(), resource);
    }

    public boolean selectsAlertRule(ObjectMeta resource) {
        return alertRules == null || selects(alertRules.getNamespaces(), alertRules.getMatchLabels(), resource);
    }

    public boolean selectsReceiver(ObjectMeta resource) {
        return receivers == null || selects(receivers.getNamespaces(), receivers.getMatchLabels(), resource);
    }

    /** Whether ScrapeTargets of a namespace may name addresses. */
    boolean externalTargets(String namespace) {
        return consents(scrapeTargets == null ? null : scrapeTargets.getExternalFrom(), namespace);
    }

    /** Whether ScrapeTargets of a namespace may set the namespace label of series as they like. */
    boolean clusterScopeTargets(String namespace) {
        return consents(scrapeTargets == null ? null : scrapeTargets.getClusterScopeFrom(), namespace);
    }

    /** Whether AlertRules of a namespace may make series and alerts of other namespaces. */
    boolean clusterScopeRules(String namespace) {
        return consents(alertRules == null ? null : alertRules.getClusterScopeFrom(), namespace);
    }

    /** Whether Receivers of a namespace may see alerts of other namespaces. */
    boolean clusterScopeReceivers(String namespace) {
        return consents(receivers == null ? null : receivers.getClusterScopeFrom(), namespace);
    }

    private boolean consents(@Nullable NamespaceSelection selection, String namespace) {
        return namespace.equals(ownNamespace) || (selection != null && contains(selection, namespace));
    }

    private boolean selects(
            @Nullable NamespaceSelection selection, @Nullable Map<String, String> matchLabels, ObjectMeta resource) {
        return (selection == null || contains(selection, resource.getNamespace()))
                && (matchLabels == null || hasLabels(resource.getLabels(), matchLabels));
    }

    private boolean contains(NamespaceSelection selection, String namespace) {
        if (Boolean.TRUE.equals(selection.getAny())) {
            return true;
        }
        if (selection.getNames() != null && selection.getNames().contains(namespace)) {
            return true;
        }
        Map<String, String> labels = selection.getMatchLabels();
        return labels != null && !labels.isEmpty() && hasLabels(namespaces.get(namespace), labels);
    }

    private static boolean hasLabels(@Nullable Map<String, String> labels, Map<String, String> wanted) {
        return wanted.isEmpty() || (labels != null && labels.entrySet().containsAll(wanted.entrySet()));
    }
}
