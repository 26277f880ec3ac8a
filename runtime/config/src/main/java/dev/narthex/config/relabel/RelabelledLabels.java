// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.relabel;

import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Labels while they are relabelled, in the order in which Prometheus goes over them: first those that were there, in the
 * order of their names, then those that were set, in the order in which they were set first. Of labels that get the same
 * name the last in this order stays. For one thread.
 */
final class RelabelledLabels {
    private final SequencedMap<String, String> before = new LinkedHashMap<>();
    private final SequencedMap<String, String> set = new LinkedHashMap<>();

    /** @param late names of labels that count as set, in their order; others may be among them */
    RelabelledLabels(Labels labels, Collection<String> late) {
        for (int i = 0; i < labels.size(); i++) {
            before.put(labels.name(i), labels.value(i));
        }
        for (String name : late) {
            String value = before.remove(name);
            if (value != null) {
                set.put(name, value);
            }
        }
    }

    String getOrEmpty(String name) {
        String value = set.get(name);
        return value == null ? before.getOrDefault(name, "") : value;
    }

    /** Sets a label; an empty value removes it. */
    void set(String name, String value) {
        before.remove(name);
        if (value.isEmpty()) {
            set.remove(name);
        } else {
            set.put(name, value);
        }
    }

    void remove(String name) {
        set(name, "");
    }

    /** A copy of what is there now, in the order. */
    List<Map.Entry<String, String>> entries() {
        List<Map.Entry<String, String>> entries = new ArrayList<>(before.size() + set.size());
        before.forEach((name, value) -> entries.add(Map.entry(name, value)));
        set.forEach((name, value) -> entries.add(Map.entry(name, value)));
        return entries;
    }

    Labels build() {
        LabelsBuilder labels = Labels.builder();
        before.forEach(labels::set);
        set.forEach(labels::set);
        return labels.build();
    }
}
