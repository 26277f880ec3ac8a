// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.RelabelAction;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.RelabelPattern;
import dev.narthex.crds.scrapetarget.Endpoint;
import dev.narthex.crds.scrapetarget.LabelExpression;
import dev.narthex.crds.scrapetarget.PodSelector;
import dev.narthex.crds.scrapetarget.ScrapeTargetSpec;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The steps that turn discovered pods into targets: which pods and ports, and the standard labels that dashboards and
 * alert packs expect ({@code namespace}, {@code pod}, {@code container}, {@code node}, {@code endpoint}, {@code job}).
 * Pods are selected here and not at the API server, so that all resources that look at the same namespaces share one
 * watch.
 */
final class PodRelabeling {
    private static final String META = "__meta_kubernetes_pod_";
    private static final String PORT_NAME = META + "container_port_name";
    private static final String PORT_NUMBER = META + "container_port_number";
    private static final String PORT_PROTOCOL = META + "container_port_protocol";
    private static final String ANNOTATION = META + "annotation_prometheus_io_";
    private static final String ANNOTATED_PORT = ANNOTATION + "port";

    private final List<RelabelConfig> steps = new ArrayList<>();

    private PodRelabeling() {}

    /** The steps of a resource with the source {@code pods}. */
    static List<RelabelConfig> ofPods(
            ScrapeTargetSpec spec, @Nullable PodSelector selector, Endpoint endpoint, String job) {
        PodRelabeling relabeling = new PodRelabeling();
        relabeling.keepRunning();
        relabeling.select(selector);
        relabeling.selectPort(endpoint.getPort());
        relabeling.copy(META + "container_name", "container");
        relabeling.labels(spec, job);
        return relabeling.steps;
    }

    /** The steps of a resource with the source {@code annotated}. */
    static List<RelabelConfig> ofAnnotated(ScrapeTargetSpec spec, @Nullable PodSelector selector, String job) {
        PodRelabeling relabeling = new PodRelabeling();
        relabeling.keepRunning();
        relabeling.steps.add(RelabelConfig.keep(List.of(ANNOTATION + "scrape"), "true"));
        relabeling.select(selector);
        relabeling.followAnnotations();
        relabeling.labels(spec, job);
        return relabeling.steps;
    }

    private void keepRunning() {
        steps.add(drop(META + "phase", "Failed|Succeeded"));
        steps.add(drop(META + "container_init", "true"));
    }

    private void select(@Nullable PodSelector selector) {
        if (selector == null) {
            return;
        }
        if (selector.getMatchLabels() != null) {
            for (Map.Entry<String, String> label : new TreeMap<>(selector.getMatchLabels()).entrySet()) {
                keepLabel(label.getKey(), quoted(label.getValue()));
            }
        }
        if (selector.getMatchExpressions() != null) {
            selector.getMatchExpressions().stream()
                    .sorted(Comparator.comparing((LabelExpression expression) -> String.valueOf(expression.getKey()))
                            .thenComparing(expression -> String.valueOf(expression.getOperator())))
                    .forEach(this::select);
        }
    }

    private void select(LabelExpression expression) {
        String key = Objects.requireNonNullElse(expression.getKey(), "");
        List<String> values = Objects.requireNonNullElse(expression.getValues(), List.of());
        String anyOf = String.join(
                "|", values.stream().map(PodRelabeling::quoted).sorted().toList());
        switch (Objects.requireNonNull(expression.getOperator())) {
            case IN -> keepLabel(key, "(?:" + anyOf + ")");
            case NOT_IN -> dropLabel(key, "(?:" + anyOf + ")");
            case EXISTS -> steps.add(RelabelConfig.keep(List.of(present(key)), "true"));
            case DOES_NOT_EXIST -> steps.add(drop(present(key), "true"));
        }
    }

    /** Keeps pods that have the label with a value; an empty value is not the same as no label. */
    private void keepLabel(String key, String valueRegex) {
        steps.add(RelabelConfig.keep(List.of(label(key), present(key)), valueRegex + ";true"));
    }

    private void dropLabel(String key, String valueRegex) {
        steps.add(new RelabelConfig(
                List.of(label(key), present(key)),
                RelabelConfig.DEFAULT_SEPARATOR,
                RelabelPattern.of(valueRegex + ";true"),
                0,
                "",
                RelabelConfig.DEFAULT_REPLACEMENT,
                RelabelAction.DROP));
    }

    private void selectPort(@Nullable IntOrString port) {
        if (port == null) {
            steps.add(RelabelConfig.keep(List.of(PORT_PROTOCOL, PORT_NUMBER), "TCP;\\d+"));
            copy(PORT_NAME, "endpoint");
        } else if (port.getStrVal() != null) {
            steps.add(RelabelConfig.keep(List.of(PORT_NAME), quoted(port.getStrVal())));
            set("endpoint", port.getStrVal());
        } else {
            String number = String.valueOf(port.getIntVal());
            steps.add(RelabelConfig.keep(List.of(PORT_NUMBER), number));
            set("endpoint", number);
        }
    }

    /**
     * The port of the annotation, or else every declared TCP port. With the annotation all ports of a pod become the
     * same target, so container and port name are left out: the equal ones count once.
     */
    private void followAnnotations() {
        steps.add(RelabelConfig.keep(List.of(ANNOTATED_PORT, PORT_PROTOCOL, PORT_NUMBER), "\\d+;.*|;TCP;\\d+"));
        steps.add(
                RelabelConfig.replace(List.of(META + "ip", ANNOTATED_PORT), "([^:;]+);(\\d+)", "__address__", "$1:$2"));
        steps.add(RelabelConfig.replace(
                List.of(META + "ip", ANNOTATED_PORT), "([^;]*:[^;]*);(\\d+)", "__address__", "[$1]:$2"));
        steps.add(RelabelConfig.replace(List.of(ANNOTATION + "scheme"), "(https?)", "__scheme__", "$1"));
        steps.add(RelabelConfig.replace(List.of(ANNOTATION + "path"), "(/.*)", "__metrics_path__", "$1"));
        steps.add(RelabelConfig.replace(List.of(ANNOTATED_PORT, META + "container_name"), ";(.+)", "container", "$1"));
        steps.add(RelabelConfig.replace(List.of(ANNOTATED_PORT, PORT_NAME), ";(.+)", "endpoint", "$1"));
    }

    private void labels(ScrapeTargetSpec spec, String job) {
        copy("__meta_kubernetes_namespace", SpecLabels.NAMESPACE);
        copy(META + "name", "pod");
        copy(META + "node_name", "node");
        set("job", job);
        if (spec.getJobLabel() != null) {
            copy(label(spec.getJobLabel()), "job");
        }
        if (spec.getPodLabels() != null) {
            for (String podLabel : spec.getPodLabels()) {
                copy(label(podLabel), SpecLabels.sanitized(podLabel));
            }
        }
        if (spec.getLabels() != null) {
            new TreeMap<>(spec.getLabels()).forEach(this::set);
        }
    }

    private void copy(String from, String to) {
        steps.add(RelabelConfig.replace(List.of(from), "(.+)", to, RelabelConfig.DEFAULT_REPLACEMENT));
    }

    private void set(String label, String value) {
        steps.add(RelabelConfig.replace(List.of(), RelabelConfig.DEFAULT_REGEX, label, value.replace("$", "$$")));
    }

    private static RelabelConfig drop(String label, String regex) {
        return new RelabelConfig(
                List.of(label),
                RelabelConfig.DEFAULT_SEPARATOR,
                RelabelPattern.of(regex),
                0,
                "",
                RelabelConfig.DEFAULT_REPLACEMENT,
                RelabelAction.DROP);
    }

    private static String label(String key) {
        return META + "label_" + SpecLabels.sanitized(key);
    }

    private static String present(String key) {
        return META + "labelpresent_" + SpecLabels.sanitized(key);
    }

    /** A text as a regular expression that matches just it. */
    private static String quoted(String text) {
        StringBuilder regex = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("\\.+*?()|[]{}^$".indexOf(c) >= 0) {
                regex.append('\\');
            }
            regex.append(c);
        }
        return regex.toString();
    }
}
