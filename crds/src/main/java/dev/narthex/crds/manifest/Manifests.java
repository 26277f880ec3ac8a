// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.manifest;

import dev.narthex.config.section.ResourceId;
import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.compile.SecretName;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import dev.narthex.crds.storagevolume.StorageVolume;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What manifests hold. A document with a problem is not among the resources; the others are.
 *
 * @param secrets the values of Secrets by key
 * @param namespaces the labels of Namespaces
 * @param unreadable resources whose document has a problem, as far as it says which resource it is: what ran of them
 *     before may go on running
 * @param passedOver objects of kinds that Narthex does not read, for the log
 */
public record Manifests(
        List<StorageVolume> storageVolumes,
        List<ScrapeTarget> scrapeTargets,
        List<AlertRule> alertRules,
        List<Receiver> receivers,
        Map<SecretName, Map<String, String>> secrets,
        Map<String, Map<String, String>> namespaces,
        List<ManifestProblem> problems,
        SortedMap<ResourceId, ManifestProblem> unreadable,
        List<String> passedOver) {
    public Manifests {
        storageVolumes = List.copyOf(storageVolumes);
        scrapeTargets = List.copyOf(scrapeTargets);
        alertRules = List.copyOf(alertRules);
        receivers = List.copyOf(receivers);
        secrets = Map.copyOf(secrets);
        namespaces = Map.copyOf(namespaces);
        problems = List.copyOf(problems);
        unreadable = Collections.unmodifiableSortedMap(new TreeMap<>(unreadable));
        passedOver = List.copyOf(passedOver);
    }
}
