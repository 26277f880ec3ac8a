// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.crds.storagevolume.StorageVolume;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who belongs to a StorageVolume and what it may do. */
class ConsentsTest {
    private static final Map<String, Map<String, String>> NAMESPACES =
            Map.of("shop", Map.of("team", "shop", "env", "prod"), "cart", Map.of("team", "cart"));

    record Case(String select, boolean selected) {}

    static List<Case> selections() {
        return List.of(
                new Case("{}", true),
                new Case("{scrapeTargets: {}}", true),
                new Case("{scrapeTargets: {namespaces: {any: true}}}", true),
                new Case("{scrapeTargets: {namespaces: {names: [shop]}}}", true),
                new Case("{scrapeTargets: {namespaces: {names: [cart]}}}", false),
                new Case("{scrapeTargets: {namespaces: {matchLabels: {team: shop, env: prod}}}}", true),
                new Case("{scrapeTargets: {namespaces: {matchLabels: {team: shop, env: test}}}}", false),
                new Case("{scrapeTargets: {namespaces: {names: [cart], matchLabels: {team: shop}}}}", true),
                new Case("{scrapeTargets: {matchLabels: {app: web}}}", true),
                new Case("{scrapeTargets: {matchLabels: {app: api}}}", false),
                new Case("{scrapeTargets: {namespaces: {names: [cart]}, matchLabels: {app: web}}}", false));
    }

    @ParameterizedTest
    @MethodSource("selections")
    void selects(Case selection) {
        ObjectMeta resource = new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName("web")
                .withLabels(Map.of("app", "web"))
                .build();
        assertThat(consents(selection.select()).selectsScrapeTarget(resource)).isEqualTo(selection.selected());
        assertThat(consents(selection.select().replace("scrapeTargets", "alertRules"))
                        .selectsAlertRule(resource))
                .isEqualTo(selection.selected());
        assertThat(consents(selection.select().replace("scrapeTargets", "receivers"))
                        .selectsReceiver(resource))
                .isEqualTo(selection.selected());
    }

    @Test
    void nobodyMayAnythingWhereNothingIsSaid() {
        Consents consents = consents("{}");
        assertThat(consents.externalTargets("shop")).isFalse();
        assertThat(consents.clusterScopeTargets("shop")).isFalse();
        assertThat(consents.clusterScopeRules("shop")).isFalse();
        assertThat(consents.clusterScopeReceivers("shop")).isFalse();
    }

    @Test
    void theNamespaceOfTheVolumeMayEverything() {
        Consents consents = consents("{}");
        assertThat(consents.externalTargets("monitoring")).isTrue();
        assertThat(consents.clusterScopeTargets("monitoring")).isTrue();
        assertThat(consents.clusterScopeRules("monitoring")).isTrue();
        assertThat(consents.clusterScopeReceivers("monitoring")).isTrue();
    }

    @Test
    void eachConsentIsItsOwn() {
        Consents consents = consents("{scrapeTargets: {externalFrom: {names: [shop]}}, receivers: {clusterScopeFrom:"
                + " {matchLabels: {team: cart}}}, alertRules: {clusterScopeFrom: {any: true}}}");
        assertThat(consents.externalTargets("shop")).isTrue();
        assertThat(consents.externalTargets("cart")).isFalse();
        assertThat(consents.clusterScopeTargets("shop")).isFalse();
        assertThat(consents.clusterScopeReceivers("shop")).isFalse();
        assertThat(consents.clusterScopeReceivers("cart")).isTrue();
        assertThat(consents.clusterScopeRules("unknown")).isTrue();
    }

    private static Consents consents(String select) {
        StorageVolume volume = Compilation.READER
                .read(new TreeMap<>(
                        Map.of("a", Compilation.VOLUME.replace("size: 1Gi", "size: 1Gi, select: " + select))))
                .storageVolumes()
                .getFirst();
        return new Consents(volume, NAMESPACES);
    }
}
