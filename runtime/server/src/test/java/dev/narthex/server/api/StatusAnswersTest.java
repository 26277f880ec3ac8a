// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import static dev.narthex.server.api.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.section.ConfigurationAssembler;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceNames;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.model.Labels;
import dev.narthex.scrape.DroppedTargetView;
import dev.narthex.scrape.TargetHealth;
import dev.narthex.server.configuration.ConfigurationControl;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.Request;
import dev.narthex.testkit.time.ManualClock;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusAnswersTest {
    private final RulesApi rules = new RulesApi(() -> List.of(Samples.group()), () -> List.of());
    private final TargetsApi targets = new TargetsApi(
            () -> List.of("b", "scrapeTarget/shop/web/0"),
            () -> List.of(Samples.target("a:1", TargetHealth.UP, "")),
            () -> List.of(
                    new DroppedTargetView("b", Labels.of("__address__", "c:1"), ""),
                    new DroppedTargetView("b", Labels.of("__address__", "d:1"), "not valid")),
            () -> Map.of("b", 2, "scrapeTarget/shop/web/0", 0));

    private String rules(String query) throws Exception {
        return Answers.text(rules.rules(Request.get("/api/v1/rules", query)));
    }

    private String targets(String query) throws Exception {
        return Answers.text(targets.targets(Request.get("/api/v1/targets", query)));
    }

    @Test
    void showsRulesInPrometheusForm() throws Exception {
        assertThat(rules(""))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"groups\":[{\"name\":\"shop/web\","
                        + "\"file\":\"alertRule/shop/web\",\"rules\":[{\"state\":\"firing\",\"name\":\"Down\","
                        + "\"query\":\"up \\u003c 1\",\"duration\":90,\"keepFiringFor\":0,"
                        + "\"labels\":{\"severity\":\"page\"},\"annotations\":{\"summary\":\"It is <down>\"},"
                        + "\"alerts\":[{\"labels\":{\"alertname\":\"Down\",\"pod\":\"<a>\"},"
                        + "\"annotations\":{\"summary\":\"It is <down>\"},\"state\":\"firing\","
                        + "\"activeAt\":\"2026-01-01T10:00:00.12Z\",\"value\":\"5e-01\"}],\"health\":\"ok\","
                        + "\"evaluationTime\":0.000412,\"lastEvaluation\":\"2026-01-01T10:00:00.12Z\","
                        + "\"type\":\"alerting\"},{\"name\":\"job:up:sum\",\"query\":\"sum by (job) (up)\","
                        + "\"labels\":{},\"health\":\"err\",\"lastError\":\"no way\",\"evaluationTime\":0,"
                        + "\"lastEvaluation\":\"0001-01-01T00:00:00Z\",\"type\":\"recording\"}],"
                        + "\"interval\":15,\"limit\":0,\"evaluationTime\":0.001,"
                        + "\"lastEvaluation\":\"2026-01-01T10:00:00.12Z\"}]}}");
    }

    @Test
    void filtersRules() throws Exception {
        assertThat(rules("type=alert")).contains("\"Down\"").doesNotContain("job:up:sum");
        assertThat(rules("type=record")).contains("job:up:sum").doesNotContain("alerting");
        assertThat(rules("rule_name[]=Down&exclude_alerts=true"))
                .contains("\"Down\"")
                .doesNotContain("activeAt");
        assertThat(rules("match[]={severity=\"page\"}")).contains("\"Down\"").doesNotContain("job:up:sum");
        assertThat(rules("rule_group[]=other")).endsWith("\"groups\":[]}}");
        assertThat(rules("file[]=alertRule/shop/web&group_limit=1"))
                .contains("\"Down\"")
                .doesNotContain("groupNextToken");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type=x | invalid parameter \"type\": not supported value \"x\"",
                "exclude_alerts=x | invalid parameter \"exclude_alerts\": error converting exclude_alerts: strconv.ParseBool: parsing \"x\": invalid syntax",
                "group_limit=0 | invalid parameter \"group_limit\": group_limit needs to be greater than 0",
                "group_limit=x | invalid parameter \"group_limit\": group_limit needs to be a valid number: strconv.ParseInt: parsing \"x\": invalid syntax",
                "group_next_token=x | invalid parameter \"group_next_token\": group_limit needs to be present in order to paginate over the groups",
                "group_limit=1&group_next_token=x | invalid parameter \"group_next_token\": invalid group_next_token 'x'. were rule groups changed?",
                "match[]={ | 1:2: parse error: unexpected end of input inside braces",
            })
    void refusesRuleFiltersInPrometheusWords(String query, String message) {
        assertThat(catchThrowableOfType(ApiException.class, () -> rules(query)).text())
                .isEqualTo(message);
    }

    @Test
    void showsTargetsInPrometheusForm() throws Exception {
        assertThat(targets(""))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"activeTargets\":[{\"discoveredLabels\":"
                        + "{\"__address__\":\"a:1\"},\"labels\":{\"instance\":\"a:1\",\"job\":\"shop/web\"},"
                        + "\"scrapePool\":\"scrapeTarget/shop/web/0\","
                        + "\"scrapeUrl\":\"http://a:1/metrics?token=hidden\","
                        + "\"globalUrl\":\"http://a:1/metrics?token=hidden\",\"lastError\":\"\","
                        + "\"lastScrape\":\"2026-01-01T10:00:00.12Z\",\"lastScrapeDuration\":0.001717649,"
                        + "\"health\":\"up\",\"scrapeInterval\":\"30s\",\"scrapeTimeout\":\"10s\"}],"
                        + "\"droppedTargets\":[{\"discoveredLabels\":{\"__address__\":\"c:1\"},"
                        + "\"scrapePool\":\"b\"}],\"droppedTargetCounts\":{\"b\":2,"
                        + "\"scrapeTarget/shop/web/0\":0}}}");
        assertThat(targets("state=active"))
                .contains("a:1")
                .doesNotContain("c:1")
                .contains("Counts\":null");
        assertThat(targets("state=dropped")).contains("c:1").doesNotContain("a:1");
        assertThat(targets("scrapePool=b")).contains("c:1").doesNotContain("a:1");
        assertThat(targets("state=nonsense"))
                .contains("{\"activeTargets\":[],\"droppedTargets\":[],\"droppedTargetCounts\":null}");
    }

    private static ResourceSection section(String kind, String name, long generation, String yaml) {
        return new ResourceSection(new ResourceId(kind, "shop", name), generation, yaml);
    }

    private static JsonObject resource(JsonObject report, int index) {
        return report.getJsonArray("resources").getJsonObject(index);
    }

    @Test
    void reportsOnEachResource() throws Exception {
        ResourceId target = new ResourceId(ResourceId.SCRAPE_TARGET, "shop", "web");
        ResourceId rule = new ResourceId(ResourceId.ALERT_RULE, "shop", "web");
        ResourceId receiver = new ResourceId(ResourceId.RECEIVER, "shop", "page");
        ConfigurationControl control = new ConfigurationControl(
                new ManualClock(), new ConfigurationAssembler(new ConfigLoader(_ -> "")), _ -> List.of(), List.of());
        control.apply(
                List.of(
                        section(target.kind(), "web", 2, "scrape_configs: []\n"),
                        section(rule.kind(), "web", 1, "groups: []\n"),
                        section(ResourceId.STORAGE_VOLUME, "main", 3, "global: {}\n"),
                        section(
                                receiver.kind(),
                                "page",
                                4,
                                "order: 0\nroute: {receiver: " + ResourceNames.receiver(receiver)
                                        + "}\nreceivers: [{name: " + ResourceNames.receiver(receiver) + "}]\n")),
                new TreeMap<>(Map.of(new ResourceId(ResourceId.ALERT_RULE, "shop", "bad"), "spec.rules: is empty")));
        Instant before = NOW.minus(Duration.ofMinutes(1));
        ResourcesApi api = new ResourcesApi(
                control::loaded,
                () -> Optional.of(new ResourceId(ResourceId.STORAGE_VOLUME, "shop", "main")),
                () -> new StorageReport(8120, 271.5, 7_340_032, OptionalLong.of(1_767_261_600_000L)),
                () -> List.of(
                        Samples.target("a:1", TargetHealth.UP, ""),
                        Samples.target("b:1", TargetHealth.DOWN, "connection refused"),
                        Samples.target("c:1", TargetHealth.UNKNOWN, ""),
                        Samples.target("d:1", TargetHealth.DOWN, "timeout", before)),
                () -> List.of(Samples.group()),
                () -> List.of(Samples.integration(before, NOW)));

        JsonObject report = new JsonObject(Answers.text(api.resources(Request.get("/", "")))).getJsonObject("data");

        assertThat(report.getJsonObject("storageVolume").encode())
                .isEqualTo("{\"namespace\":\"shop\",\"name\":\"main\",\"generation\":3}");
        assertThat(report.getJsonObject("configuration").getString("hash")).hasSize(64);
        assertThat(report.getJsonObject("storage").encode())
                .isEqualTo("{\"series\":8120,\"samplesPerSecond\":271.5,\"bytesUsed\":7340032,"
                        + "\"oldestSampleMs\":1767261600000}");
        assertThat(resource(report, 0).encode())
                .isEqualTo("{\"kind\":\"AlertRule\",\"namespace\":\"shop\",\"name\":\"bad\",\"generation\":0,"
                        + "\"health\":\"rejected\",\"message\":\"spec.rules: is empty\"}");
        assertThat(resource(report, 1).getJsonObject("alertRule").encode())
                .isEqualTo("{\"firing\":1,\"pending\":0,\"errors\":1,\"rules\":[{\"name\":\"Down\","
                        + "\"type\":\"alerting\",\"health\":\"ok\",\"state\":\"firing\",\"activeAlerts\":1,"
                        + "\"lastEvaluation\":\"2026-01-01T10:00:00.12Z\",\"durationSeconds\":4.12E-4,"
                        + "\"lastError\":\"\"},{\"name\":\"job:up:sum\",\"type\":\"recording\",\"health\":\"err\","
                        + "\"state\":\"\",\"activeAlerts\":0,\"durationSeconds\":0,\"lastError\":\"no way\"}]}");
        assertThat(resource(report, 2).getJsonObject("receiver").encode())
                .isEqualTo("{\"integrations\":[{\"type\":\"webhook\",\"sent\":12,\"failed\":1,\"lastError\":\"\","
                        + "\"lastSuccess\":\"2026-01-01T10:00:00.12Z\"}]}");
        assertThat(resource(report, 3).encode())
                .contains("\"generation\":2,\"health\":\"ok\",\"message\":\"\"")
                .contains("{\"discovered\":4,\"up\":1,\"down\":2,\"samples\":300,"
                        + "\"lastError\":\"connection refused\",\"worst\":[{\"url\":\"http://d:1/metrics\",\"error\":\"timeout\"},"
                        + "{\"url\":\"http://b:1/metrics\","
                        + "\"error\":\"connection refused\"}]}");
        assertThat(resource(report, 4).getString("kind")).isEqualTo("StorageVolume");
    }

    @Test
    void reportsAnErrorThatStands() throws Exception {
        ConfigurationControl control = new ConfigurationControl(
                new ManualClock(), new ConfigurationAssembler(new ConfigLoader(_ -> "")), _ -> List.of(), List.of());
        ResourcesApi api = new ResourcesApi(
                control::loaded,
                Optional::empty,
                () -> new StorageReport(0, 0, 0, OptionalLong.empty()),
                List::of,
                List::of,
                List::of);
        control.failed("a bucket is no gzip");

        assertThat(Answers.text(api.resources(Request.get("/", ""))))
                .isEqualTo("{\"status\":\"success\",\"data\":{\"configuration\":{\"hash\":\"\","
                        + "\"error\":\"a bucket is no gzip\"},\"storage\":{\"series\":0,\"samplesPerSecond\":0,"
                        + "\"bytesUsed\":0},\"resources\":[]}}");
    }
}
