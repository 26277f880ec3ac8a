// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.RelabelAction;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.RelabelPattern;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the relabelling of a resource within its bounds: series carry the namespace of their target, and a target found
 * as a pod is scraped at that pod's address. What can be seen to break a bound is refused; what only shows at run time
 * is undone by steps behind those of the resource. They work on copies of the labels that were made before, under names
 * with a slash: discovery makes no such names, and no regular expression over label names can.
 *
 * <p>For samples there is no such safe place, as a target may send any label name. Where all targets are of one
 * namespace, a last step sets it; otherwise steps that could write the label are refused.
 */
final class NamespaceGuard {
    private static final String PREFIX = "__narthex/";
    private static final String NAMESPACE_COPY = PREFIX + "namespace";
    private static final String IP_COPY = PREFIX + "ip";
    private static final String HOST = PREFIX + "host";
    private static final String POD_IP = "__meta_kubernetes_pod_ip";
    private static final String CLUSTER_SCOPE = "scrapeTargets.clusterScopeFrom";

    private final String namespace;
    private final boolean manyNamespaces;
    private final boolean pods;
    private final boolean mayClaim;
    private final boolean mayAddress;

    /**
     * Makes the guard of one resource.
     *
     * @param namespace that of the targets where they all have the same
     * @param manyNamespaces whether targets may have different ones
     * @param pods whether targets are found as pods
     */
    NamespaceGuard(String namespace, boolean manyNamespaces, boolean pods, boolean mayClaim, boolean mayAddress) {
        this.namespace = namespace;
        this.manyNamespaces = manyNamespaces;
        this.pods = pods;
        this.mayClaim = mayClaim;
        this.mayAddress = mayAddress;
    }

    /** Whether a label name or replacement is only known at run time. */
    static boolean isDynamic(String template) {
        return template.indexOf('$') >= 0;
    }

    /** Refuses labels of the resource that name another namespace. */
    void checkLabels(String path, String labelNamespace, SpecProblems problems) {
        if (!mayClaim && !labelNamespace.isEmpty() && (manyNamespaces || !labelNamespace.equals(namespace))) {
            problems.consent(
                    path + "." + SpecLabels.NAMESPACE,
                    "sets the namespace of series, found " + SpecProblems.shown(labelNamespace),
                    CLUSTER_SCOPE);
        }
    }

    /** Refuses steps on targets that can be seen to break a bound. */
    void checkTargetSteps(List<RelabelConfig> steps, String path, SpecProblems problems) {
        for (int i = 0; i < steps.size(); i++) {
            RelabelConfig step = steps.get(i);
            String stepPath = path + "[" + i + "]";
            checkFixedName(step, stepPath, problems);
            if (!pods || (mayClaim && mayAddress)) {
                continue;
            }
            if (step.action() == RelabelAction.REPLACE && isDynamic(step.targetLabel())) {
                problems.consent(
                        stepPath + ".targetLabel",
                        "takes the name of a label from a value, found " + SpecProblems.shown(step.targetLabel()),
                        CLUSTER_SCOPE + " and scrapeTargets.externalFrom");
            }
            if (step.action() == RelabelAction.LABEL_MAP && step.replacement().indexOf('/') >= 0) {
                problems.invalid(
                        stepPath + ".replacement", "makes label names with a slash; use letters, digits and _");
            }
        }
    }

    /** Refuses steps on samples that could break a bound. */
    void checkSampleSteps(List<RelabelConfig> steps, String path, SpecProblems problems) {
        for (int i = 0; i < steps.size(); i++) {
            RelabelConfig step = steps.get(i);
            String stepPath = path + "[" + i + "]";
            checkFixedName(step, stepPath, problems);
            if (!mayClaim && manyNamespaces) {
                checkSampleStep(step, stepPath, problems);
            }
        }
    }

    private void checkFixedName(RelabelConfig step, String path, SpecProblems problems) {
        if (mayClaim) {
            return;
        }
        String field = step.action() == RelabelAction.LABEL_MAP ? "replacement" : "targetLabel";
        String written = switch (step.action()) {
            case REPLACE, LOWERCASE, UPPERCASE, HASH_MOD -> step.targetLabel();
            case LABEL_MAP -> step.replacement();
            case KEEP, DROP, KEEP_EQUAL, DROP_EQUAL, LABEL_DROP, LABEL_KEEP -> "";
        };
        if (written.equals(SpecLabels.NAMESPACE)) {
            problems.consent(path + "." + field, "sets the namespace of series", CLUSTER_SCOPE);
        }
    }

    private static void checkSampleStep(RelabelConfig step, String path, SpecProblems problems) {
        boolean breaks = switch (step.action()) {
            case REPLACE -> isDynamic(step.targetLabel());
            case LABEL_MAP -> isDynamic(step.replacement());
            case LABEL_DROP -> step.regex().matches(SpecLabels.NAMESPACE);
            case LABEL_KEEP -> !step.regex().matches(SpecLabels.NAMESPACE);
            case KEEP, DROP, KEEP_EQUAL, DROP_EQUAL, HASH_MOD, LOWERCASE, UPPERCASE -> false;
        };
        if (breaks) {
            problems.consent(
                    path,
                    step.action().text() + " may change the namespace label of series, and targets are of many"
                            + " namespaces",
                    CLUSTER_SCOPE);
        }
    }

    /** Refuses labels of targets that win over the namespace, where nothing can put it right. */
    void checkHonorLabels(boolean honorLabels, String path, SpecProblems problems) {
        if (honorLabels && manyNamespaces && !mayClaim) {
            problems.consent(
                    path + ".honorLabels",
                    "lets targets of many namespaces set the namespace label of series",
                    CLUSTER_SCOPE);
        }
    }

    /** The steps on targets with those of the guard around them. */
    List<RelabelConfig> guardTargets(List<RelabelConfig> steps) {
        if (steps.isEmpty()) {
            return steps;
        }
        List<RelabelConfig> guarded = new ArrayList<>();
        boolean copyNamespace = !mayClaim && manyNamespaces;
        boolean checkAddress = !mayAddress && pods;
        if (copyNamespace) {
            guarded.add(copy(SpecLabels.NAMESPACE, "(.*)", NAMESPACE_COPY));
        }
        if (checkAddress) {
            guarded.add(copy(POD_IP, "(.*)", IP_COPY));
        }
        guarded.addAll(steps);
        if (copyNamespace) {
            guarded.add(copy(NAMESPACE_COPY, "(.*)", SpecLabels.NAMESPACE));
        } else if (!mayClaim) {
            guarded.add(setNamespace());
        }
        if (checkAddress) {
            guarded.add(copy("__address__", "\\[?([^\\]]+?)\\]?(?::\\d+)?", HOST));
            guarded.add(new RelabelConfig(
                    List.of(IP_COPY),
                    RelabelConfig.DEFAULT_SEPARATOR,
                    RelabelPattern.of(RelabelConfig.DEFAULT_REGEX),
                    0,
                    HOST,
                    RelabelConfig.DEFAULT_REPLACEMENT,
                    RelabelAction.KEEP_EQUAL));
        }
        return guarded;
    }

    /** The steps on samples with that of the guard behind them. */
    List<RelabelConfig> guardSamples(List<RelabelConfig> steps, boolean honorLabels) {
        if (mayClaim || manyNamespaces || (steps.isEmpty() && !honorLabels)) {
            return steps;
        }
        List<RelabelConfig> guarded = new ArrayList<>(steps);
        guarded.add(setNamespace());
        return guarded;
    }

    private RelabelConfig setNamespace() {
        return RelabelConfig.replace(List.of(), RelabelConfig.DEFAULT_REGEX, SpecLabels.NAMESPACE, namespace);
    }

    private static RelabelConfig copy(String from, String regex, String to) {
        return RelabelConfig.replace(List.of(from), regex, to, RelabelConfig.DEFAULT_REPLACEMENT);
    }
}
