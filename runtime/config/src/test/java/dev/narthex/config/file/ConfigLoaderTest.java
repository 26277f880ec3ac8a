// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.narthex.config.AlertingRuleConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.ScrapeProtocol;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StorageConfig;
import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    private final ConfigLoader loader = new ConfigLoader(name -> name.equals("REGION") ? "eu" : "");

    @Test
    void emptyFileHasTheDefaults() throws ConfigException {
        assertThat(loader.prometheus("", "p.yml")).isEqualTo(PrometheusConfig.EMPTY);
    }

    @Test
    void jobInheritsTheGlobalIntervalAndASuitableTimeout() throws ConfigException {
        PrometheusConfig config = loader.prometheus("""
                global: {scrape_interval: 5s, evaluation_interval: 15s, external_labels: {region: "${REGION}", d: $$x}}
                scrape_configs:
                - job_name: shop
                  static_configs: [{targets: ["a:1", "b:2"], labels: {team: web}}]
                - {job_name: slow, scrape_interval: 2m, params: {module: [x, y]}, honor_labels: true, body_size_limit: 2MB}
                """, "p.yml");
        assertThat(config.global().externalLabels()).isEqualTo(Labels.of("region", "eu", "d", "$x"));
        ScrapeConfig shop = config.scrapeConfigs().getFirst();
        assertThat(shop.scrapeInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(shop.scrapeTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(((StaticDiscoveryConfig) shop.discoveries().getFirst())
                        .groups()
                        .getFirst()
                        .targets())
                .containsExactly("a:1", "b:2");
        ScrapeConfig slow = config.scrapeConfigs().getLast();
        assertThat(slow.params()).containsEntry("module", List.of("x", "y"));
        assertThat(slow.honorLabels()).isTrue();
        assertThat(slow.bodySizeLimitBytes()).isEqualTo(2 << 20);
    }

    @Test
    void protobufComesFirstWhereThatIsAskedForAndNoProtocolIsNamed() throws ConfigException {
        ConfigLoader protobufFirst = new ConfigLoader(name -> "", true);
        String jobs = """
                scrape_configs:
                - {job_name: a}
                - {job_name: b, scrape_protocols: [PrometheusText0.0.4]}
                """;
        PrometheusConfig config = protobufFirst.prometheus(jobs, "p.yml");
        assertThat(config.global().scrapeProtocols()).isEqualTo(ScrapeProtocol.DEFAULT_WITH_NATIVE_HISTOGRAMS);
        assertThat(config.scrapeConfigs().getFirst().scrapeProtocols())
                .isEqualTo(ScrapeProtocol.DEFAULT_WITH_NATIVE_HISTOGRAMS);
        assertThat(config.scrapeConfigs().getLast().scrapeProtocols())
                .containsExactly(ScrapeProtocol.PROMETHEUS_TEXT_0_0_4);
        config = protobufFirst.prometheus("global: {scrape_protocols: [PrometheusText0.0.4]}\n" + jobs, "p.yml");
        assertThat(config.scrapeConfigs().getFirst().scrapeProtocols())
                .containsExactly(ScrapeProtocol.PROMETHEUS_TEXT_0_0_4);
        assertThat(loader.prometheus(jobs, "p.yml").global().scrapeProtocols()).isEmpty();
    }

    @Test
    void reportsEveryProblemWithItsPlace() {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> loader.prometheus("""
                        global:
                          scrape_intervall: 5s
                        scrape_configs:
                        - job_name: a
                          sample_limit: many
                          relabel_configs:
                          - regex: "(["
                        - job_name: a
                          ec2_sd_configs: []
                        """, "p.yml"));
        assertThat(refused.problems())
                .extracting(ConfigProblem::path, ConfigProblem::line)
                .containsExactly(
                        tuple("global.scrape_intervall", 2),
                        tuple("scrape_configs[0].sample_limit", 5),
                        tuple("scrape_configs[0].relabel_configs[0].regex", 7),
                        tuple("scrape_configs[0].relabel_configs[0].target_label", 7),
                        tuple("scrape_configs[1].job_name", 8),
                        tuple("scrape_configs[1].ec2_sd_configs", 9));
        assertThat(refused)
                .hasMessageContaining(
                        "p.yml:2:3: global.scrape_intervall: unknown field; did you mean scrape_interval?")
                .hasMessageContaining("ec2_sd_configs: is not supported by this version of Narthex");
    }

    @Test
    void takesTheWindowForSamplesOutOfOrder() throws ConfigException {
        StorageConfig storage = loader.prometheus("storage: {tsdb: {out_of_order_time_window: 30m}}", "p.yml")
                .storage();
        assertThat(storage)
                .isEqualTo(new StorageConfig(new StorageConfig.Tsdb(Duration.ofMinutes(30), null, "", null), null));
    }

    @Test
    void takesTheThresholdOfStaleSeries() throws ConfigException {
        assertThat(threshold("{stale_series_compaction_threshold: 0.5}")).isEqualTo(0.5);
        assertThat(threshold("{stale_series_compaction_threshold: 0}")).isZero();
        assertThat(threshold("{out_of_order_time_window: 30m}")).isNull();
    }

    private @Nullable Double threshold(String tsdb) throws ConfigException {
        StorageConfig.Tsdb section = loader.prometheus("storage: {tsdb: " + tsdb + "}", "p.yml")
                .storage()
                .tsdb();
        return section == null ? null : section.staleSeriesCompactionThreshold();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            scrape_configs: [{job_name: a, scrape_interval: 5s, scrape_timeout: 6s}] | is longer than the scrape interval
            scrape_configs: [{scheme: http}]                                        | scrape_configs[0].job_name: is missing
            scrape_configs: {a: b}                                                  | found a mapping; a list is expected
            scrape_configs: [{job_name: a, static_configs: [{targets: ['http://x/']}]}] | without scheme and path
            scrape_configs: [{job_name: a, honor_labels: maybe}]                    | true or false is expected
            scrape_configs: [{job_name: a, sample_limit: -1}]                       | a whole number, 0 or more
            scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: node}]}]  | not supported by this version
            scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pot}]}]   | one of node, pod, service
            storage: {exemplars: {max_exemplars: 7}}                                | storage.exemplars: is not supported
            storage: {tsdb: {stale_series_compaction_threshold: much}}              | stale_series_compaction_threshold:
            storage: {tsdb: {out_of_order_time_window: soon}}                       | a duration such as 30s
            remote_write: [{url: 'http://x'}]                                       | not supported by this version
            global: {scrape_interval: soon}                                         | a duration such as 30s
            'a: [b'                                                                 | not valid YAML
            'global: {}\\nglobal: {}'                                               | key global occurs twice
            """)
    void refusesWithAMessageThatHelps(String yaml, String message) {
        assertThatThrownBy(() -> loader.prometheus(yaml.replace("\\n", "\n"), "p.yml"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void readsRuleGroups() throws ConfigException {
        List<RuleGroupConfig> groups = loader.rules("""
                groups:
                - name: g
                  interval: 30s
                  rules:
                  - {record: "job:up:sum", expr: sum by (job) (up)}
                  - alert: Down
                    expr: up == 0
                    for: 5m
                    labels: {severity: page}
                    annotations: {summary: "{{ $labels.instance }} is down"}
                """, "r.yml");
        RuleGroupConfig group = groups.getFirst();
        assertThat(group.file()).isEqualTo("r.yml");
        assertThat(group.interval()).isEqualTo(Duration.ofSeconds(30));
        AlertingRuleConfig down = (AlertingRuleConfig) group.rules().getLast();
        assertThat(down.forDuration()).isEqualTo(Duration.ofMinutes(5));
        assertThat(down.annotations()).containsEntry("summary", "{{ $labels.instance }} is down");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            groups: [{name: g, rules: [{expr: up}]}]                        | a rule has either record or alert
            groups: [{name: g, rules: [{record: a, alert: b, expr: up}]}]   | stands beside record
            groups: [{name: g, rules: [{record: a}]}]                       | expr: is missing
            groups: [{name: g, rules: [{record: a, expr: up, for: 5m}]}]    | has no meaning for a recording rule
            groups: [{name: g}, {name: g}]                                  | group names must be unique
            groups: [{rules: []}]                                           | name: is missing
            """)
    void refusesBadRules(String yaml, String message) {
        assertThatThrownBy(() -> loader.rules(yaml, "r.yml"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                                        | route: is missing
            {route: {receiver: a}}                                                    | is not among the receivers
            {route: {receiver: a, matchers: [x=y]}, receivers: [{name: a}]}           | the root route takes every alert
            {route: {receiver: a, group_interval: 0s}, receivers: [{name: a}]}        | cannot be zero
            {route: {receiver: a, group_by: ['...', b]}, receivers: [{name: a}]}      | beside other labels
            {route: {receiver: a}, receivers: [{name: a}, {name: a}]}                 | receiver names must be unique
            {route: {receiver: a}, receivers: [{name: a, slack_configs: []}]}         | not supported by this version
            {route: {receiver: a}, receivers: [{name: a, webhook_configs: [{url: x}]}]} | is not a URL
            {route: {receiver: a, routes: [{matchers: ['x=']}]}, receivers: [{name: a}]} | column 3
            """)
    void refusesBadRouting(String yaml, String message) {
        assertThatThrownBy(() -> loader.alertmanager(yaml, "am.yml"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
