// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.section.ResourceId;
import dev.narthex.crds.compile.SecretName;
import dev.narthex.crds.scrapetarget.Endpoint;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestReaderTest {
    private static final ManifestReader READER = ManifestReader.create();

    private static Manifests read(String yaml) {
        return READER.read(new TreeMap<>(Map.of("shop.yaml", yaml)));
    }

    private static String target(String spec) {
        return """
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: ScrapeTarget
                metadata: {name: web}
                spec: %s
                """.replace("%s", spec);
    }

    @Test
    void readsTheFourKindsAndWhatTheyReferTo() {
        Manifests manifests = read("""
                # a comment alone is no document
                ---
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: StorageVolume
                metadata: {name: main, namespace: monitoring, labels: {a: b}}
                spec: {size: 50Gi, retention: {time: 15d}, resources: {requests: {cpu: 100m, memory: 1Gi}}}
                ---
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: ScrapeTarget
                metadata: {name: web}
                spec:
                  pods: {}
                  endpoints: [{port: 8080}, {port: metrics, honorLabels: true}]
                ---
                apiVersion: v1
                kind: List
                items:
                - apiVersion: monitoring.narthex.dev/v1alpha1
                  kind: AlertRule
                  metadata: {name: web}
                  spec: {rules: [{alert: A, expr: up, for: 5m}]}
                ---
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: Receiver
                metadata: {name: page}
                spec: {scope: Cluster, continue: false, webhook: [{urlSecret: {name: hook, key: url}}]}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: hook}
                data: {url: aHR0cDovL2Ev}
                stringData: {other: plain}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, labels: {team: shop}}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: demo}
                """);
        assertThat(manifests.problems()).isEmpty();
        assertThat(manifests.storageVolumes()).singleElement().satisfies(volume -> {
            assertThat(volume.getMetadata().getNamespace()).isEqualTo("monitoring");
            assertThat(volume.getMetadata().getGeneration()).isEqualTo(ManifestReader.GENERATION);
            assertThat(volume.getMetadata().getLabels()).containsEntry("a", "b");
            assertThat(volume.getSpec().getSize()).hasToString("50Gi");
            assertThat(volume.getSpec().getResources()).isNotNull();
        });
        ScrapeTarget target = manifests.scrapeTargets().getFirst();
        assertThat(target.getMetadata().getNamespace()).isEqualTo(ManifestReader.DEFAULT_NAMESPACE);
        List<Endpoint> endpoints = target.getSpec().getEndpoints();
        assertThat(endpoints).isNotNull();
        assertThat(endpoints)
                .extracting(endpoint -> String.valueOf(endpoint.getPort()))
                .hasSize(2);
        assertThat(manifests.alertRules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.getSpec().getRules()).isNotNull());
        assertThat(manifests.receivers())
                .singleElement()
                .satisfies(receiver ->
                        assertThat(receiver.getSpec().getContinueMatching()).isFalse());
        assertThat(manifests.secrets())
                .isEqualTo(Map.of(new SecretName("default", "hook"), Map.of("url", "http://a/", "other", "plain")));
        assertThat(manifests.namespaces()).isEqualTo(Map.of("shop", Map.of("team", "shop")));
        assertThat(manifests.passedOver()).containsExactly("shop.yaml:38: apps/v1 Deployment demo");
    }

    record Case(String yaml, String problem) {
        @Override
        public String toString() {
            return problem;
        }
    }

    static List<Case> problems() {
        return List.of(
                new Case(
                        target("{pods: {}, endpoints: [{intervall: 30s}]}"),
                        "shop.yaml:4:31: document 1: spec.endpoints[0].intervall: unknown field; did you mean"
                                + " interval?"),
                new Case(
                        target("{pods: {}, endpoints: [{interval: 30}]}"),
                        "shop.yaml:4:41: document 1: spec.endpoints[0].interval: must be a text, found an integer"
                                + " \"30\"; put it in quotes"),
                new Case(
                        target("{pods: {}, endpoints: [{interval: 30sec}]}"),
                        "shop.yaml:4:41: document 1: spec.endpoints[0].interval: has the wrong form, found \"30sec\";"
                                + " it must match ^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?"
                                + "([0-9]+ms)?)$"),
                new Case(
                        target("{pods: {}, endpoints: [{port: 70000}]}"),
                        "shop.yaml:4:37: document 1: spec.endpoints[0].port: out of range, found 70000; 1 to 65535"),
                new Case(
                        target("{pods: {}, endpoints: {}}"),
                        "shop.yaml:4:29: document 1: spec.endpoints: must be a list, found a mapping"),
                new Case(
                        target("{pods: {}, endpoints: []}"),
                        "shop.yaml:4:29: document 1: spec.endpoints: has 0 items; at least 1"),
                new Case(
                        target("{pods: {}, endpoints: [{honorLabels: 'true'}]}"),
                        "shop.yaml:4:44: document 1: spec.endpoints[0].honorLabels: must be true or false, found a"
                                + " text \"true\""),
                new Case(
                        target("{pods: {}, limits: {samples: 0}}"),
                        "shop.yaml:4:36: document 1: spec.limits.samples: out of range, found 0; 1 to 2147483647"),
                new Case(
                        target("{pods: {}, limits: {samples: many}}"),
                        "shop.yaml:4:36: document 1: spec.limits.samples: must be an integer, found a text \"many\""),
                new Case(
                        target("{pods: {}, relabel: [{action: keeep}]}"),
                        "shop.yaml:4:37: document 1: spec.relabel[0].action: not accepted, found \"keeep\"; did you"
                                + " mean keep?"),
                new Case(
                        target("{pods: web}"),
                        "shop.yaml:4:14: document 1: spec.pods: must be a mapping, found a scalar"),
                new Case(
                        target("{static: {}}"),
                        "shop.yaml:4:16: document 1: spec.static.addresses: is missing; it is required"),
                new Case(
                        "apiVersion: monitoring.narthex.dev/v1alpha1\nkind: ScrapeTarget\nmetadata: {name: a}\n",
                        "shop.yaml:1:1: document 1: spec: is missing; it is required"),
                new Case(
                        "apiVersion: monitoring.narthex.dev/v1alpha1\nkind: ScrapeTargt\nmetadata: {name: a}\n",
                        "shop.yaml:1:1: document 1: kind: unknown kind, found \"ScrapeTargt\"; did you mean"
                                + " ScrapeTarget?"),
                new Case(
                        "apiVersion: monitoring.narthex.dev/v1\nkind: ScrapeTarget\nmetadata: {name: a}\n",
                        "shop.yaml:1:1: document 1: apiVersion: unknown version, found"
                                + " \"monitoring.narthex.dev/v1\"; monitoring.narthex.dev/v1alpha1"),
                new Case(
                        "apiVersion: monitoring.narthex.dev/v1alpha1\nkind: ScrapeTarget\nspec: {}\n",
                        "shop.yaml:1:1: document 1: metadata.name: is missing; every resource has a name"),
                new Case(
                        target("{pods: {}}") + "specs: {}\n",
                        "shop.yaml:5:1: document 1: specs: unknown field; did you mean spec?"),
                new Case("[]", "shop.yaml:1:1: document 1: not a manifest, found a list"),
                new Case("a: b", "shop.yaml:1:1: document 1: not a manifest; apiVersion and kind are required"),
                new Case(
                        target("{pods: {}}") + "---\n" + target("{pods: {}}"),
                        "shop.yaml:6:1: document 2: metadata.name: ScrapeTarget default/web is there twice; remove one"
                                + " of them"),
                new Case(
                        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {b: '%'}\n",
                        "shop.yaml:4:8: document 1: data.b: not base64; use stringData for plain text"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void saysWhereAndWhat(Case bad) {
        assertThat(read(bad.yaml()).problems())
                .extracting(ManifestProblem::toString)
                .containsExactly(bad.problem());
    }

    @Test
    void badYamlNamesThePlace() {
        assertThat(read("a: [").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).startsWith("shop.yaml:1:4: not valid YAML: "));
    }

    @Test
    void badDocumentLeavesTheOthersAlone() {
        Manifests manifests =
                read(target("{podz: {}}") + "---\n" + target("{pods: {}}").replace("web", "other"));
        assertThat(manifests.scrapeTargets())
                .extracting(target -> target.getMetadata().getName())
                .containsExactly("other");
        assertThat(manifests.unreadable()).containsOnlyKeys(new ResourceId(ResourceId.SCRAPE_TARGET, "default", "web"));
    }
}
