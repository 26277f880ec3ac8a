// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.NameValidationScheme;
import dev.narthex.config.RelabelAction;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.RelabelPattern;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.config.yaml.NearName;
import dev.narthex.config.yaml.YamlNode;
import dev.narthex.model.LabelNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads relabelling steps (Prometheus documentation, "relabel_config"). */
final class RelabelReader {
    /** What may stand for a label name where groups of the match may be referred to. */
    private static final Pattern LEGACY_TEMPLATE = Pattern.compile("(?:(?:[a-zA-Z_]|\\$(?:\\{\\w+\\}|\\w+))+\\w*)+");

    private final NameValidationScheme names;

    RelabelReader(NameValidationScheme names) {
        this.names = names;
    }

    /** Reads a list of steps. */
    List<RelabelConfig> read(MappingReader parent, String field) {
        List<RelabelConfig> steps = new ArrayList<>();
        for (MappingReader reader : parent.mappings(field)) {
            steps.add(readStep(reader));
        }
        return steps;
    }

    private RelabelConfig readStep(MappingReader reader) {
        RelabelAction action = readAction(reader);
        List<String> sourceLabels = new ArrayList<>();
        for (YamlNode item : reader.list("source_labels")) {
            boolean isNull = item instanceof YamlNode.Scalar scalar && scalar.isNull();
            String name = item instanceof YamlNode.Scalar scalar && !isNull ? scalar.text() : "";
            if (!isNull && !LabelNames.isValidUtf8(name)) {
                reader.report(
                        "source_labels",
                        "\"" + name + "\" is not a valid label name; give one, as metric_name_validation_scheme says");
            }
            sourceLabels.add(name);
        }
        RelabelConfig step = new RelabelConfig(
                sourceLabels,
                reader.string("separator", RelabelConfig.DEFAULT_SEPARATOR),
                readRegex(reader),
                reader.unsignedBits("modulus", 0),
                reader.string("target_label", ""),
                reader.string("replacement", RelabelConfig.DEFAULT_REPLACEMENT),
                action);
        check(reader, step);
        reader.finish();
        return step;
    }

    private static RelabelAction readAction(MappingReader reader) {
        if (reader.isWritten("action") && !reader.has("action")) {
            reader.report("action", "is null; name an action, or leave the field out");
            return RelabelAction.REPLACE;
        }
        String text = reader.string("action", RelabelAction.REPLACE.text());
        String lower = text.toLowerCase(Locale.ROOT);
        for (RelabelAction action : RelabelAction.values()) {
            if (action.text().equals(lower)) {
                return action;
            }
        }
        List<String> known =
                Arrays.stream(RelabelAction.values()).map(RelabelAction::text).toList();
        reader.report("action", "unknown action \"" + text + "\"" + NearName.hint(lower, known));
        return RelabelAction.REPLACE;
    }

    private static RelabelPattern readRegex(MappingReader reader) {
        if (!reader.isWritten("regex")) {
            return RelabelPattern.DEFAULT;
        }
        String text = reader.string("regex", "");
        try {
            return RelabelPattern.of(text);
        } catch (IllegalArgumentException e) {
            reader.report("regex", "found \"" + text + "\"; " + e.getMessage());
            return RelabelPattern.DEFAULT;
        }
    }

    private void check(MappingReader reader, RelabelConfig step) {
        String action = step.action().text();
        boolean ownReplacement = !step.replacement().equals(RelabelConfig.DEFAULT_REPLACEMENT);
        switch (step.action()) {
            case REPLACE -> requireTarget(reader, step, true);
            case LOWERCASE, UPPERCASE -> {
                requireTarget(reader, step, false);
                refuse(reader, action, ownReplacement, "replacement");
            }
            case HASH_MOD -> {
                requireTarget(reader, step, false);
                if (step.modulus() == 0) {
                    reader.report("modulus", "is missing; " + action + " needs a number greater than 0");
                }
            }
            case KEEP_EQUAL, DROP_EQUAL -> {
                requireTarget(reader, step, false);
                refuse(reader, action, ownReplacement, "replacement");
                refuseAlways(reader, step, action);
                refuse(reader, action, reader.isWritten("regex"), "regex");
            }
            case LABEL_DROP, LABEL_KEEP -> {
                refuse(reader, action, reader.has("source_labels"), "source_labels");
                refuse(reader, action, !step.targetLabel().isEmpty(), "target_label");
                refuse(reader, action, ownReplacement, "replacement");
                refuseAlways(reader, step, action);
            }
            case LABEL_MAP -> {
                if (!isTemplate(step.replacement())) {
                    reader.report("replacement", "\"" + step.replacement() + "\" does not make a label name");
                }
            }
            case KEEP, DROP -> {
                // Any field may stand here.
            }
        }
    }

    private static void refuseAlways(MappingReader reader, RelabelConfig step, String action) {
        refuse(reader, action, step.modulus() != 0, "modulus");
        refuse(reader, action, !step.separator().equals(RelabelConfig.DEFAULT_SEPARATOR), "separator");
    }

    private void requireTarget(MappingReader reader, RelabelConfig step, boolean mayRefer) {
        String target = step.targetLabel();
        if (target.isEmpty()) {
            reader.report("target_label", "is missing; " + step.action().text() + " needs the label to set");
        } else if (mayRefer ? !isTemplate(target) : !isName(target)) {
            reader.report(
                    "target_label",
                    "\"" + target + "\" is not a valid label name; give one, as metric_name_validation_scheme says");
        }
    }

    private boolean isName(String text) {
        return names == NameValidationScheme.LEGACY ? LabelNames.isClassic(text) : LabelNames.isValidUtf8(text);
    }

    private boolean isTemplate(String text) {
        return names == NameValidationScheme.LEGACY
                ? LEGACY_TEMPLATE.matcher(text).matches()
                : LabelNames.isValidUtf8(text);
    }

    private static void refuse(MappingReader reader, String action, boolean given, String field) {
        if (given) {
            reader.report(field, "has no meaning for " + action + "; remove it");
        }
    }
}
