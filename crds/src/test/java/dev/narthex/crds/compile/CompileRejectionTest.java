// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every refusal says where and why, word for word. */
class CompileRejectionTest {
    private static final String NEEDS = "; that needs the consent of the StorageVolume in spec.select.";

    record Case(String name, String kind, String spec, RejectionReason reason, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> scrapeTargets() {
        return List.of(
                target(
                        "no source",
                        "{}",
                        RejectionReason.INVALID_SPEC,
                        "spec: exactly one source, found none; set one of pods, annotated, static"),
                target(
                        "two sources",
                        "{pods: {}, annotated: {}}",
                        RejectionReason.INVALID_SPEC,
                        "spec: exactly one source, found pods, annotated; set one of pods, annotated, static"),
                target(
                        "addresses without consent",
                        "{static: {addresses: ['a:1']}}",
                        RejectionReason.CONSENT_MISSING,
                        "spec.static: names addresses, which may lie outside the cluster" + NEEDS
                                + "scrapeTargets.externalFrom"),
                target(
                        "label of another namespace",
                        "{pods: {}, labels: {namespace: cart}}",
                        RejectionReason.CONSENT_MISSING,
                        "spec.labels.namespace: sets the namespace of series, found \"cart\"" + NEEDS
                                + "scrapeTargets.clusterScopeFrom"),
                target(
                        "pod label as namespace",
                        "{pods: {}, podLabels: [namespace]}",
                        RejectionReason.CONSENT_MISSING,
                        "spec.podLabels[0]: sets the namespace of series" + NEEDS + "scrapeTargets.clusterScopeFrom"),
                target(
                        "pod label that is no label name",
                        "{pods: {}, podLabels: ['0day']}",
                        RejectionReason.INVALID_SPEC,
                        "spec.podLabels[0]: does not make a label name, found \"0day\"; a label of a pod that starts"
                                + " with a letter"),
                target(
                        "reserved label",
                        "{pods: {}, labels: {__x: y}}",
                        RejectionReason.INVALID_SPEC,
                        "spec.labels: not the name of a label that can be set, found \"__x\"; letters, digits and"
                                + " underscores, not a digit first and not two underscores"),
                target(
                        "namespace by relabelling",
                        "{pods: {}, relabel: [{targetLabel: namespace, replacement: cart}]}",
                        RejectionReason.CONSENT_MISSING,
                        "spec.relabel[0].targetLabel: sets the namespace of series" + NEEDS
                                + "scrapeTargets.clusterScopeFrom"),
                target(
                        "label name of a value",
                        "{pods: {}, relabel: [{sourceLabels: [a], targetLabel: $1}]}",
                        RejectionReason.CONSENT_MISSING,
                        "spec.relabel[0].targetLabel: takes the name of a label from a value, found \"$1\"" + NEEDS
                                + "scrapeTargets.clusterScopeFrom and scrapeTargets.externalFrom"),
                target(
                        "namespace by relabelling of samples",
                        "{pods: {}, endpoints: [{metricRelabel: [{action: labelmap, regex: a,"
                                + " replacement: namespace}]}]}",
                        RejectionReason.CONSENT_MISSING,
                        "spec.endpoints[0].metricRelabel[0].replacement: sets the namespace of series" + NEEDS
                                + "scrapeTargets.clusterScopeFrom"),
                target(
                        "open label names of many namespaces",
                        "{pods: {namespaces: {any: true}}, endpoints: [{metricRelabel: [{action: labelmap,"
                                + " regex: 'x_(.*)'}]}]}",
                        RejectionReason.CONSENT_MISSING,
                        "spec.endpoints[0].metricRelabel[0]: labelmap may change the namespace label of series, and"
                                + " targets are of many namespaces" + NEEDS + "scrapeTargets.clusterScopeFrom"),
                target(
                        "honoured labels of many namespaces",
                        "{pods: {namespaces: {any: true}}, endpoints: [{honorLabels: true}]}",
                        RejectionReason.CONSENT_MISSING,
                        "spec.endpoints[0].honorLabels: lets targets of many namespaces set the namespace label of"
                                + " series" + NEEDS + "scrapeTargets.clusterScopeFrom"),
                target(
                        "regular expression",
                        "{pods: {}, relabel: [{sourceLabels: [a], regex: 'a(', targetLabel: b}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.relabel[0].regex: not a regular expression, found \"a(\": error parsing regexp: missing"
                                + " closing ); the syntax is that of RE2"),
                target(
                        "no target label",
                        "{pods: {}, relabel: [{sourceLabels: [a]}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.relabel[0].targetLabel: is missing; replace needs the label to set"),
                target(
                        "no modulus",
                        "{pods: {}, relabel: [{action: hashmod, sourceLabels: [a], targetLabel: b}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.relabel[0].modulus: is missing; hashmod needs a number of 1 or more"),
                target(
                        "field without meaning",
                        "{pods: {}, relabel: [{action: labeldrop, regex: a, targetLabel: b}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.relabel[0].targetLabel: has no meaning for labeldrop; remove it"),
                target(
                        "keep without labels",
                        "{pods: {}, relabel: [{action: keep, regex: a}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.relabel[0].sourceLabels: is missing; keep needs the labels to look at"),
                target(
                        "interval of nothing",
                        "{pods: {}, endpoints: [{interval: '0'}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.endpoints[0].interval: must be more than zero, found \"0\"; write it like 30s"),
                target(
                        "timeout beyond the interval",
                        "{pods: {}, endpoints: [{interval: 5s, timeout: 6s}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.endpoints[0].timeout: must not be longer than the interval of 5.0 s, found \"6s\";"
                                + " lower it"),
                target(
                        "port of annotated pods",
                        "{annotated: {}, endpoints: [{port: 80}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.endpoints[0].port: goes with the source pods only; annotations of pods and static"
                                + " addresses have their own"),
                target(
                        "no bytes",
                        "{pods: {}, limits: {bodySize: 0}}",
                        RejectionReason.INVALID_SPEC,
                        "spec.limits.bodySize: must be more than zero, found \"0\"; write it like 32Mi"));
    }

    static List<Case> others() {
        return List.of(
                rule(
                        "expression",
                        "{rules: [{record: a, expr: up}, {alert: b, expr: BAD}]}",
                        RejectionReason.INVALID_EXPRESSION,
                        "spec.rules[1].expr: 1:1: unexpected BAD"),
                rule(
                        "template",
                        "{rules: [{alert: b, expr: up, annotations: {summary: BAD}}]}",
                        RejectionReason.INVALID_EXPRESSION,
                        "spec.rules[0].annotations.summary: 1:1: unexpected BAD"),
                rule(
                        "alert and record",
                        "{rules: [{alert: b, record: b, expr: up}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.rules[0]: a rule has either alert or record; set one of them"),
                rule(
                        "record with for",
                        "{rules: [{record: b, expr: up, for: 1m}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.rules[0]: for, keepFiringFor and annotations go with alert only; remove them"),
                rule(
                        "another namespace",
                        "{rules: [{alert: b, expr: up, labels: {namespace: cart}}]}",
                        RejectionReason.CONSENT_MISSING,
                        "spec.rules[0].labels.namespace: speaks for another namespace, found \"cart\"" + NEEDS
                                + "alertRules.clusterScopeFrom"),
                rule(
                        "another namespace for all",
                        "{labels: {namespace: cart}, rules: [{alert: b, expr: up}]}",
                        RejectionReason.CONSENT_MISSING,
                        "spec.labels.namespace: speaks for another namespace, found \"cart\"" + NEEDS
                                + "alertRules.clusterScopeFrom"),
                receiver(
                        "cluster scope",
                        "{scope: Cluster, webhook: [{url: 'http://a/'}]}",
                        RejectionReason.CONSENT_MISSING,
                        "spec.scope: Cluster scope sees the alerts of all" + NEEDS + "receivers.clusterScopeFrom"),
                receiver(
                        "matcher",
                        "{matchers: ['severity'], webhook: [{url: 'http://a/'}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.matchers[0]: bad matcher `severity`, column 9: found the end; =, !=, =~ or !~ is"
                                + " expected"),
                receiver(
                        "nothing to deliver with",
                        "{}",
                        RejectionReason.INVALID_SPEC,
                        "spec: has no integration; set webhook"),
                receiver(
                        "two addresses",
                        "{webhook: [{url: 'http://a/', urlSecret: {name: a, key: b}}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.webhook[0]: set either url or urlSecret"),
                receiver(
                        "no such Secret",
                        "{webhook: [{urlSecret: {name: a, key: b}}]}",
                        RejectionReason.INVALID_SECRET,
                        "spec.webhook[0].urlSecret: there is no Secret shop/a; make it"),
                receiver(
                        "no such key",
                        "{webhook: [{urlSecret: {name: known, key: b}}]}",
                        RejectionReason.INVALID_SECRET,
                        "spec.webhook[0].urlSecret: the Secret shop/known has no value for key \"b\"; add it"),
                receiver(
                        "Secret with nonsense, which is not shown",
                        "{webhook: [{urlSecret: {name: known, key: nonsense}}]}",
                        RejectionReason.INVALID_SECRET,
                        "spec.webhook[0].urlSecret: the value in the Secret is not a URL of a web server;"
                                + " http://host/path or https://host/path"),
                receiver(
                        "Secret of another namespace",
                        "{webhook: [{urlSecret: {name: foreign, key: url}}]}",
                        RejectionReason.INVALID_SECRET,
                        "spec.webhook[0].urlSecret: there is no Secret shop/foreign; make it"),
                receiver(
                        "all labels and one",
                        "{groupBy: ['...', a], webhook: [{url: 'http://a/'}]}",
                        RejectionReason.INVALID_SPEC,
                        "spec.groupBy: ... stands for every label; remove the others"));
    }

    private static Case target(String name, String spec, RejectionReason reason, String message) {
        return new Case(name, "ScrapeTarget", spec, reason, message);
    }

    private static Case rule(String name, String spec, RejectionReason reason, String message) {
        return new Case(name, "AlertRule", spec, reason, message);
    }

    private static Case receiver(String name, String spec, RejectionReason reason, String message) {
        return new Case(name, "Receiver", spec, reason, message);
    }

    @ParameterizedTest
    @MethodSource({"scrapeTargets", "others"})
    void refuses(Case rejected) {
        CompileResult result = Compilation.compile(
                Compilation.VOLUME + """
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: known, namespace: shop}
                stringData: {nonsense: 'very secret'}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: foreign, namespace: cart}
                stringData: {url: 'http://a/'}
                ---
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: KIND
                metadata: {name: it, namespace: shop}
                spec: SPEC
                """.replace("KIND", rejected.kind()).replace("SPEC", rejected.spec()));
        assertThat(result.sections()).hasSize(1);
        Verdict verdict = result.verdicts().values().stream()
                .filter(Verdict.Rejected.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Rejected.class, rejection -> {
            assertThat(rejection.message()).isEqualTo(rejected.message());
            assertThat(rejection.reason()).isEqualTo(rejected.reason());
            assertThat(rejection.formerRuns()).isFalse();
        });
    }
}
