// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.relabel.Relabeler;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of discovered pods and of their samples. */
class TargetRelabelingTest {
    private static final String META = "__meta_kubernetes_pod_";

    private static final Labels POD = Labels.of(
            "__address__",
            "10.1.2.3:8080",
            "__meta_kubernetes_namespace",
            "shop",
            META + "name",
            "web-0",
            META + "ip",
            "10.1.2.3",
            META + "phase",
            "Running",
            META + "node_name",
            "node-1",
            META + "container_name",
            "app",
            META + "container_init",
            "false",
            META + "container_port_name",
            "metrics",
            META + "container_port_number",
            "8080",
            META + "container_port_protocol",
            "TCP",
            META + "label_app",
            "web",
            META + "labelpresent_app",
            "true",
            META + "label_version",
            "1.2",
            META + "labelpresent_version",
            "true");

    private static final String ANNOTATION = META + "annotation_prometheus_io_";

    @Test
    void podHasTheStandardLabels() {
        assertThat(target(
                        "{pods: {selector: {matchLabels: {app: web}}}, labels: {team: shop}, podLabels: [version]}",
                        POD))
                .isEqualTo(Labels.of(
                        "namespace",
                        "shop",
                        "pod",
                        "web-0",
                        "container",
                        "app",
                        "endpoint",
                        "metrics",
                        "node",
                        "node-1",
                        "job",
                        "shop/it",
                        "team",
                        "shop",
                        "version",
                        "1.2",
                        "__address__",
                        "10.1.2.3:8080"));
    }

    @Test
    void jobLabelNamesTheJobWhereThePodHasIt() {
        assertThat(get(target("{pods: {}, jobLabel: app}", POD), "job")).isEqualTo("web");
        assertThat(get(target("{pods: {}, jobLabel: other}", POD), "job")).isEqualTo("shop/it");
    }

    @Test
    void podsThatEndedAndInitContainersAreLeftOut() {
        assertThat(target("{pods: {}}", with(POD, META + "phase", "Succeeded"))).isNull();
        assertThat(target("{pods: {}}", with(POD, META + "phase", "Failed"))).isNull();
        assertThat(target("{pods: {}}", with(POD, META + "phase", "Pending"))).isNotNull();
        assertThat(target("{pods: {}}", with(POD, META + "container_init", "true")))
                .isNull();
    }

    @Test
    void portIsChosenByNameOrNumber() {
        assertThat(target("{pods: {}, endpoints: [{port: metrics}]}", POD)).isNotNull();
        assertThat(target("{pods: {}, endpoints: [{port: metric}]}", POD)).isNull();
        assertThat(get(target("{pods: {}, endpoints: [{port: 8080}]}", POD), "endpoint"))
                .isEqualTo("8080");
        assertThat(target("{pods: {}, endpoints: [{port: 808}]}", POD)).isNull();
        assertThat(target("{pods: {}}", with(POD, META + "container_port_protocol", "UDP")))
                .isNull();
    }

    @Test
    void selectorsMeanWhatTheyMeanInKubernetes() {
        assertThat(select("{matchLabels: {app: we}}")).isFalse();
        assertThat(select("{matchLabels: {app: 'w.b'}}")).isFalse();
        assertThat(select("{matchExpressions: [{key: app, operator: In, values: [api, web]}]}"))
                .isTrue();
        assertThat(select("{matchExpressions: [{key: app, operator: In, values: [api, we]}]}"))
                .isFalse();
        assertThat(select("{matchExpressions: [{key: app, operator: NotIn, values: [api]}]}"))
                .isTrue();
        assertThat(select("{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}"))
                .isFalse();
        assertThat(select("{matchExpressions: [{key: none, operator: NotIn, values: ['']}]}"))
                .isTrue();
        assertThat(select("{matchExpressions: [{key: app, operator: Exists}]}")).isTrue();
        assertThat(select("{matchExpressions: [{key: none, operator: Exists}]}"))
                .isFalse();
        assertThat(select("{matchExpressions: [{key: app, operator: DoesNotExist}]}"))
                .isFalse();
        assertThat(select("{matchExpressions: [{key: none, operator: DoesNotExist}]}"))
                .isTrue();
    }

    private static boolean select(String selector) {
        return target("{pods: {selector: " + selector + "}}", POD) != null;
    }

    @Test
    void annotationsSayWhetherAndWhere() {
        assertThat(target("{annotated: {}}", POD)).isNull();
        Labels asking = with(POD, ANNOTATION + "scrape", "true");
        assertThat(target("{annotated: {}}", asking))
                .isEqualTo(Labels.of(
                        "namespace",
                        "shop",
                        "pod",
                        "web-0",
                        "container",
                        "app",
                        "endpoint",
                        "metrics",
                        "node",
                        "node-1",
                        "job",
                        "shop/it",
                        "__address__",
                        "10.1.2.3:8080"));
        Labels full = with(
                with(with(asking, ANNOTATION + "port", "9464"), ANNOTATION + "path", "/m"),
                ANNOTATION + "scheme",
                "https");
        assertThat(target("{annotated: {}}", full))
                .isEqualTo(Labels.of(
                        "namespace",
                        "shop",
                        "pod",
                        "web-0",
                        "node",
                        "node-1",
                        "job",
                        "shop/it",
                        "__address__",
                        "10.1.2.3:9464",
                        "__metrics_path__",
                        "/m",
                        "__scheme__",
                        "https"));
    }

    @Test
    void annotatedPortWorksWithIpv6() {
        Labels pod = with(
                with(with(POD, META + "ip", "fd00::7"), ANNOTATION + "scrape", "true"), ANNOTATION + "port", "9464");
        assertThat(get(target("{annotated: {}}", pod), "__address__")).isEqualTo("[fd00::7]:9464");
    }

    @Test
    void relabellingMayChangeThePortButNotTheHost() {
        String toPort = "{pods: {}, relabel: [{sourceLabels: [__address__], regex: '(.+):\\d+', targetLabel:"
                + " __address__, replacement: '$1:9999'}]}";
        assertThat(get(target(toPort, POD), "__address__")).isEqualTo("10.1.2.3:9999");
        Labels ipv6 = with(with(POD, META + "ip", "fd00::7"), "__address__", "[fd00::7]:8080");
        assertThat(get(target(toPort, ipv6), "__address__")).isEqualTo("[fd00::7]:9999");
        assertThat(target("{pods: {}, relabel: [{targetLabel: __address__, replacement: '169.254.169.254:80'}]}", POD))
                .isNull();
        assertThat(target("{pods: {}, relabel: [{targetLabel: __address__, replacement: '10.1.2.3:8080@evil'}]}", POD))
                .isNull();
    }

    @Test
    void labelsOfPodsCannotStealANamespaceOrAnAddress() {
        Labels hostile = with(
                with(
                        with(with(POD, META + "label_namespace", "bank"), META + "label___address__", "evil:80"),
                        META + "label___meta_kubernetes_namespace",
                        "bank"),
                META + "label___meta_kubernetes_pod_ip",
                "evil");
        String map = "relabel: [{action: labelmap, regex: '__meta_kubernetes_pod_label_(.+)'}]";
        assertThat(target("{pods: {}, " + map + "}", hostile)).isNull();
        assertThat(target("{pods: {namespaces: {any: true}}, " + map + "}", hostile))
                .isNull();
        Labels onlyNamespace =
                with(with(POD, META + "label_namespace", "bank"), META + "label___meta_kubernetes_namespace", "bank");
        assertThat(get(target("{pods: {}, " + map + "}", onlyNamespace), "namespace"))
                .isEqualTo("shop");
        assertThat(get(target("{pods: {namespaces: {any: true}}, " + map + "}", onlyNamespace), "namespace"))
                .isEqualTo("shop");
    }

    @Test
    void samplesOfOneNamespaceKeepIt() {
        ScrapeConfig config = config(
                "{pods: {}, endpoints: [{honorLabels: true, metricRelabel: [{action: labelmap, regex: 'x_(.*)'}]}]}");
        Labels sample = Labels.of("__name__", "up", "namespace", "bank", "x_namespace", "bank");
        assertThat(get(Relabeler.relabel(sample, config.metricRelabelConfigs()), "namespace"))
                .isEqualTo("shop");
    }

    @Test
    void nothingIsAddedForSamplesWhereNothingCanGoWrong() {
        assertThat(config("{pods: {}}").metricRelabelConfigs()).isEmpty();
        assertThat(config("{pods: {namespaces: {any: true}}}").metricRelabelConfigs())
                .isEmpty();
    }

    private static @Nullable Labels target(String spec, Labels discovered) {
        Labels target = Relabeler.relabel(discovered, config(spec).relabelConfigs());
        if (target == null) {
            return null;
        }
        LabelsBuilder shown = Labels.builder();
        for (int i = 0; i < target.size(); i++) {
            boolean hidden =
                    target.name(i).startsWith("__meta_") || target.name(i).startsWith("__narthex/");
            if (!hidden) {
                shown.set(target.name(i), target.value(i));
            }
        }
        return shown.build();
    }

    private static String get(@Nullable Labels labels, String name) {
        return labels == null ? "(dropped)" : labels.getOrEmpty(name);
    }

    private static ScrapeConfig config(String spec) {
        CompileResult result = Compilation.compile(Compilation.VOLUME + """
                ---
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: ScrapeTarget
                metadata: {name: it, namespace: shop}
                spec: %s
                """.replace("%s", spec));
        return Compilation.assemble(result.sections())
                .prometheus()
                .scrapeConfigs()
                .getFirst();
    }

    private static Labels with(Labels labels, String name, String value) {
        return labels.toBuilder().set(name, value).build();
    }
}
