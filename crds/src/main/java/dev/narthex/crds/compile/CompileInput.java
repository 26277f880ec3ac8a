// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import dev.narthex.crds.storagevolume.StorageVolume;
import java.util.List;
import java.util.Map;

/**
 * All that the configuration of one StorageVolume follows from.
 *
 * @param scrapeTargets all there are; the StorageVolume selects among them, likewise for the other kinds
 * @param secrets the contents of {@link ConfigurationCompiler#referencedSecrets referenced Secrets} as far as they
 *     exist, by key
 * @param namespaces the labels of each namespace
 * @param unreadable resources that are there but cannot be read at all, with the reason: their former sections stay
 * @param former the sections that run now: where a resource is invalid in its present form, its former section stays
 */
public record CompileInput(
        StorageVolume storageVolume,
        List<ScrapeTarget> scrapeTargets,
        List<AlertRule> alertRules,
        List<Receiver> receivers,
        Map<SecretName, Map<String, String>> secrets,
        Map<String, Map<String, String>> namespaces,
        Map<ResourceId, FieldProblem> unreadable,
        Map<ResourceId, ResourceSection> former) {
    public CompileInput {
        scrapeTargets = List.copyOf(scrapeTargets);
        alertRules = List.copyOf(alertRules);
        receivers = List.copyOf(receivers);
        secrets = Map.copyOf(secrets);
        namespaces = Map.copyOf(namespaces);
        unreadable = Map.copyOf(unreadable);
        former = Map.copyOf(former);
    }
}
