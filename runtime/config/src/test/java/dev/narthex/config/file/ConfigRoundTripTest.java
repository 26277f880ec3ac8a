// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.AlertingRuleConfig;
import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.KubernetesRole;
import dev.narthex.config.KubernetesSelector;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.ReceiverConfig;
import dev.narthex.config.RecordingRuleConfig;
import dev.narthex.config.RelabelAction;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.RelabelPattern;
import dev.narthex.config.RouteConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.config.WebhookConfig;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the writer writes, the loader reads back as equal records. */
class ConfigRoundTripTest {
    private static final String AWKWARD = "a \"b\" \\ 'c'\n\t: # {} [] yes \u00e9 \u2028 $x";

    private final ConfigLoader loader = new ConfigLoader(name -> "?");
    private final ConfigWriter writer = ConfigWriter.withSecrets();

    @Test
    void prometheusFile() throws ConfigException {
        List<RelabelConfig> steps = List.of(
                RelabelConfig.replace(List.of("a", "b"), "x(.*)", "t", "$1" + AWKWARD),
                RelabelConfig.keep(List.of("no"), "yes"),
                new RelabelConfig(List.of("a"), "-", RelabelPattern.of("(.*)"), 7, "m", "$1", RelabelAction.HASH_MOD));
        ScrapeConfig job = new ScrapeConfig(
                "scrapeTarget/shop/web/0",
                Duration.ofSeconds(30),
                Duration.ofMillis(1500),
                "/m",
                "https",
                Map.of("module", List.of("x", "true", "1")),
                true,
                false,
                10,
                4096,
                List.of(
                        new KubernetesDiscoveryConfig(
                                KubernetesRole.POD,
                                false,
                                List.of("shop"),
                                List.of(new KubernetesSelector(KubernetesRole.POD, "app=web", "")),
                                "",
                                ""),
                        new StaticDiscoveryConfig(List.of(
                                new StaticTargets(List.of("a:1"), Labels.of("x", AWKWARD, "n", "1.0", "y", "on"))))),
                steps,
                steps);
        PrometheusConfig config = new PrometheusConfig(
                new GlobalConfig(
                        Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofMinutes(2), Labels.of("r", AWKWARD)),
                List.of(job, ScrapeConfig.of("plain", GlobalConfig.DEFAULT)),
                List.of("rules/*.yml"));
        assertThat(loader.prometheus(writer.prometheus(config), "p.yml")).isEqualTo(config);
    }

    @Test
    void ruleFile() throws ConfigException {
        List<RuleGroupConfig> groups = List.of(new RuleGroupConfig(
                "shop/web",
                "alertRule/shop/web",
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                3,
                Labels.of("team", "shop"),
                List.of(
                        new RecordingRuleConfig("job:up:sum", "sum by (job) (\n  up\n)", Labels.of("a", "1")),
                        new RecordingRuleConfig(
                                "up:bare", "up", Labels.of("a", "1"), new TreeSet<>(Set.of("pod", "instance"))),
                        new AlertingRuleConfig(
                                "Down",
                                "up == 0",
                                Duration.ofMinutes(5),
                                Duration.ofSeconds(1),
                                Labels.of("severity", "{{ $value }}"),
                                Map.of("summary", AWKWARD)))));
        assertThat(loader.rules(writer.rules(groups), "alertRule/shop/web")).isEqualTo(groups);
    }

    @Test
    void alertmanagerFile() throws ConfigException {
        RouteConfig child = new RouteConfig(
                "shop/page",
                List.of(LabelMatcher.equal("severity", AWKWARD), LabelMatcher.of(MatchOp.REGEX, "\u00e9 x", "a|b\\d")),
                List.of(),
                true,
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                true,
                List.of());
        AlertmanagerConfig config = new AlertmanagerConfig(
                Duration.ofMinutes(7),
                RouteConfig.root("shop/page").withRoutes(List.of(child)),
                List.of(new ReceiverConfig(
                        "shop/page",
                        List.of(new WebhookConfig(new Secret("http://x/?t=1"), false, 5, Duration.ofSeconds(3))))));
        assertThat(loader.alertmanager(writer.alertmanager(config), "am.yml")).isEqualTo(config);
        assertThat(ConfigWriter.hidingSecrets().alertmanager(config)).doesNotContain("t=1");
    }
}
