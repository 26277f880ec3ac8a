// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configuration of one StorageVolume.
 *
 * @param sections what is to run, ordered by resource
 * @param verdicts on the StorageVolume and on each resource that it selects; the others are not in it
 * @param discovery where the sections make the runtime look for pods
 */
public record CompileResult(
        List<ResourceSection> sections, SortedMap<ResourceId, Verdict> verdicts, DiscoveryScope discovery) {
    public CompileResult {
        sections = List.copyOf(sections);
        verdicts = Collections.unmodifiableSortedMap(new TreeMap<>(verdicts));
    }
}
