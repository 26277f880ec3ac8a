// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.RelabelAction;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.RelabelPattern;
import dev.narthex.crds.scrapetarget.RelabelStep;
import dev.narthex.crds.scrapetarget.RelabelStepAction;
import dev.narthex.model.LabelNames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads relabelling steps of a resource; the rules are those of Prometheus' configuration. */
final class RelabelSteps {
    private RelabelSteps() {}

    /** The steps that are valid; the others become problems. */
    static List<RelabelConfig> read(@Nullable List<RelabelStep> steps, String path, SpecProblems problems) {
        List<RelabelConfig> configs = new ArrayList<>();
        if (steps != null) {
            for (int i = 0; i < steps.size(); i++) {
                configs.add(read(steps.get(i), path + "[" + i + "]", problems));
            }
        }
        return configs;
    }

    private static RelabelConfig read(RelabelStep step, String path, SpecProblems problems) {
        RelabelAction action = action(step.getAction());
        check(step, action, path, problems);
        return new RelabelConfig(
                orElse(step.getSourceLabels(), List.of()),
                orElse(step.getSeparator(), RelabelConfig.DEFAULT_SEPARATOR),
                regex(step, path, problems),
                orElse(step.getModulus(), 0L),
                orElse(step.getTargetLabel(), ""),
                orElse(step.getReplacement(), RelabelConfig.DEFAULT_REPLACEMENT),
                action);
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private static RelabelAction action(@Nullable RelabelStepAction action) {
        return switch (action) {
            case null -> RelabelAction.REPLACE;
            case REPLACE -> RelabelAction.REPLACE;
            case LOWERCASE -> RelabelAction.LOWERCASE;
            case UPPERCASE -> RelabelAction.UPPERCASE;
            case KEEP -> RelabelAction.KEEP;
            case DROP -> RelabelAction.DROP;
            case KEEP_EQUAL -> RelabelAction.KEEP_EQUAL;
            case DROP_EQUAL -> RelabelAction.DROP_EQUAL;
            case HASH_MOD -> RelabelAction.HASH_MOD;
            case LABEL_MAP -> RelabelAction.LABEL_MAP;
            case LABEL_DROP -> RelabelAction.LABEL_DROP;
            case LABEL_KEEP -> RelabelAction.LABEL_KEEP;
        };
    }

    private static RelabelPattern regex(RelabelStep step, String path, SpecProblems problems) {
        String regex = orElse(step.getRegex(), RelabelConfig.DEFAULT_REGEX);
        try {
            return RelabelPattern.of(regex);
        } catch (IllegalArgumentException e) {
            problems.invalid(
                    path + ".regex",
                    "not a regular expression, found " + SpecProblems.shown(regex) + ": " + e.getMessage()
                            + "; the syntax is that of RE2");
            return RelabelPattern.of(RelabelConfig.DEFAULT_REGEX);
        }
    }

    private static void check(RelabelStep step, RelabelAction action, String path, SpecProblems problems) {
        switch (action) {
            case REPLACE -> target(step, action, true, path, problems);
            case LOWERCASE, UPPERCASE -> {
                target(step, action, false, path, problems);
                absent(step.getReplacement(), "replacement", action, path, problems);
            }
            case HASH_MOD -> {
                target(step, action, false, path, problems);
                if (step.getModulus() == null || step.getModulus() < 1) {
                    problems.invalid(path + ".modulus", "is missing; hashmod needs a number of 1 or more");
                }
            }
            case KEEP_EQUAL, DROP_EQUAL -> {
                target(step, action, false, path, problems);
                absent(step.getRegex(), "regex", action, path, problems);
                absent(step.getModulus(), "modulus", action, path, problems);
                absent(step.getSeparator(), "separator", action, path, problems);
                absent(step.getReplacement(), "replacement", action, path, problems);
            }
            case LABEL_DROP, LABEL_KEEP -> {
                absent(step.getSourceLabels(), "sourceLabels", action, path, problems);
                absent(step.getTargetLabel(), "targetLabel", action, path, problems);
                absent(step.getModulus(), "modulus", action, path, problems);
                absent(step.getSeparator(), "separator", action, path, problems);
                absent(step.getReplacement(), "replacement", action, path, problems);
            }
            case KEEP, DROP -> {
                if (step.getSourceLabels() == null || step.getSourceLabels().isEmpty()) {
                    problems.invalid(
                            path + ".sourceLabels", "is missing; " + action.text() + " needs the labels to look at");
                }
            }
            case LABEL_MAP -> {
                // Everything has a default.
            }
        }
    }

    private static void target(
            RelabelStep step, RelabelAction action, boolean mayRefer, String path, SpecProblems problems) {
        String target = step.getTargetLabel();
        if (target == null || target.isEmpty()) {
            problems.invalid(path + ".targetLabel", "is missing; " + action.text() + " needs the label to set");
        } else if (!LabelNames.isClassic(target) && !(mayRefer && NamespaceGuard.isDynamic(target))) {
            problems.invalid(
                    path + ".targetLabel",
                    "not a label name, found " + SpecProblems.shown(target)
                            + "; letters, digits and underscores, not a digit first");
        }
    }

    private static void absent(
            @Nullable Object value, String field, RelabelAction action, String path, SpecProblems problems) {
        if (value != null) {
            problems.invalid(path + "." + field, "has no meaning for " + action.text() + "; remove it");
        }
    }
}
