// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.RelabelAction;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.RelabelPattern;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.config.yaml.NearName;
import dev.narthex.model.LabelNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads relabelling steps (Prometheus documentation, "relabel_config"). */
final class RelabelReader {
    private RelabelReader() {}

    static List<RelabelConfig> read(MappingReader parent, String field) {
        List<RelabelConfig> steps = new ArrayList<>();
        for (MappingReader reader : parent.mappings(field)) {
            steps.add(readStep(reader));
        }
        return steps;
    }

    private static RelabelConfig readStep(MappingReader reader) {
        RelabelAction action = readAction(reader);
        List<String> sourceLabels = reader.strings("source_labels");
        for (String name : sourceLabels) {
            if (!LabelNames.isValidUtf8(name)) {
                reader.report("source_labels", "\"" + name + "\" is not a valid label name");
            }
        }
        RelabelConfig step = new RelabelConfig(
                sourceLabels,
                reader.string("separator", RelabelConfig.DEFAULT_SEPARATOR),
                readRegex(reader),
                reader.integer("modulus", 0, 0, Long.MAX_VALUE),
                reader.string("target_label", ""),
                reader.string("replacement", RelabelConfig.DEFAULT_REPLACEMENT),
                action);
        check(reader, step);
        reader.finish();
        return step;
    }

    private static RelabelAction readAction(MappingReader reader) {
        String text = reader.string("action", RelabelAction.REPLACE.text());
        String lower = text.toLowerCase(Locale.ROOT);
        for (RelabelAction action : RelabelAction.values()) {
            if (action.text().equals(lower)) {
                return action;
            }
        }
        List<String> names =
                Arrays.stream(RelabelAction.values()).map(RelabelAction::text).toList();
        reader.report("action", "unknown action \"" + text + "\"" + NearName.hint(lower, names));
        return RelabelAction.REPLACE;
    }

    private static RelabelPattern readRegex(MappingReader reader) {
        String text = reader.string("regex", RelabelConfig.DEFAULT_REGEX);
        try {
            return RelabelPattern.of(text);
        } catch (IllegalArgumentException e) {
            reader.report("regex", "found \"" + text + "\"; " + e.getMessage());
            return RelabelPattern.of(RelabelConfig.DEFAULT_REGEX);
        }
    }

    private static void check(MappingReader reader, RelabelConfig step) {
        String action = step.action().text();
        switch (step.action()) {
            case REPLACE -> requireTarget(reader, step, true);
            case LOWERCASE, UPPERCASE -> {
                requireTarget(reader, step, false);
                refuse(reader, action, List.of("replacement"));
            }
            case HASH_MOD -> {
                requireTarget(reader, step, false);
                if (step.modulus() == 0) {
                    reader.report("modulus", "is missing; " + action + " needs a number greater than 0");
                }
            }
            case KEEP_EQUAL, DROP_EQUAL -> {
                requireTarget(reader, step, false);
                refuse(reader, action, List.of("regex", "modulus", "separator", "replacement"));
            }
            case LABEL_DROP, LABEL_KEEP ->
                refuse(reader, action, List.of("source_labels", "target_label", "modulus", "separator", "replacement"));
            case KEEP, DROP, LABEL_MAP -> {
                // Any field may stand here.
            }
        }
    }

    private static void requireTarget(MappingReader reader, RelabelConfig step, boolean mayRefer) {
        String target = step.targetLabel();
        if (target.isEmpty()) {
            reader.report("target_label", "is missing; " + step.action().text() + " needs the label to set");
        } else if (!LabelNames.isValidUtf8(target) && !(mayRefer && target.contains("$"))) {
            reader.report("target_label", "\"" + target + "\" is not a valid label name");
        }
    }

    private static void refuse(MappingReader reader, String action, List<String> fields) {
        for (String field : fields) {
            if (reader.has(field)) {
                reader.report(field, "has no meaning for " + action + "; remove it");
            }
        }
    }
}
