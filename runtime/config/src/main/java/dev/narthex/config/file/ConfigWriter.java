// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.ReceiverConfig;
import dev.narthex.config.RouteConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes records as the files that Prometheus and Alertmanager read, the same bytes for equal records. Reading what was
 * written gives equal records again, unless secrets were hidden.
 */
public final class ConfigWriter {
    private final TreeForm form;
    private final PrometheusTree prometheus;
    private final ServerTree server;
    private final ScrapeConfigTree scrapeConfigs;
    private final RuleTree rules = new RuleTree();
    private final AlertmanagerTree alertmanager;

    private ConfigWriter(TreeForm form) {
        this.form = form;
        prometheus = new PrometheusTree(form);
        server = new ServerTree(form);
        scrapeConfigs = new ScrapeConfigTree(form);
        alertmanager = new AlertmanagerTree(form.showSecrets());
    }

    /** Writes secrets as they are: for files that a server reads. */
    public static ConfigWriter withSecrets() {
        return new ConfigWriter(new TreeForm(false, true));
    }

    /** Writes {@code <secret>} for secrets: for people. */
    public static ConfigWriter hidingSecrets() {
        return new ConfigWriter(new TreeForm(false, false));
    }

    /** Writes what holds, defaults included, secrets hidden, as Prometheus reports it: for people and for the API. */
    public static ConfigWriter effective() {
        return new ConfigWriter(new TreeForm(true, false));
    }

    /** A whole prometheus.yml. */
    public String prometheus(PrometheusConfig config) {
        return YamlWriter.write(root(config));
    }

    /** A whole prometheus.yml as a tree. */
    Map<String, Object> root(PrometheusConfig config) {
        Fields root = form.fields()
                .put("global", prometheus.global(config.global()))
                .given("runtime", server.runtime(config.runtime()))
                .given("alerting", server.alerting(config.alerting()))
                .given("rule_files", config.ruleFiles())
                .given("scrape_config_files", config.scrapeConfigFiles())
                .given("scrape_configs", scrapeConfigs.list(config.scrapeConfigs()))
                .given("storage", server.storage(config.storage()));
        if (form.effective()) {
            root.put("otlp", ServerTree.DEFAULT_OTLP);
        }
        return root.all(config.passive()).tree();
    }

    /** A prometheus.yml with a {@code global} section alone. */
    public String global(GlobalConfig config) {
        return YamlWriter.write(Map.of("global", prometheus.global(config)));
    }

    /** A prometheus.yml with {@code scrape_configs} alone. */
    public String scrapeConfigs(List<ScrapeConfig> configs) {
        return YamlWriter.write(Map.of("scrape_configs", scrapeConfigs.list(configs)));
    }

    /** One entry of {@code scrape_configs}, by itself. */
    public String scrapeConfig(ScrapeConfig config) {
        return YamlWriter.write(scrapeConfigs.tree(config));
    }

    /** A rule file. */
    public String rules(List<RuleGroupConfig> groups) {
        return YamlWriter.write(Map.of("groups", rules.groups(groups)));
    }

    /** A whole alertmanager.yml. */
    public String alertmanager(AlertmanagerConfig config) {
        return YamlWriter.write(alertmanager.tree(config));
    }

    /**
     * What one resource adds to an alertmanager.yml: a child of the root route and the receivers it names.
     *
     * @param order where the route stands among the children of the root, lower first
     */
    public String routing(int order, RouteConfig route, List<ReceiverConfig> receivers) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put(RoutingFragment.ORDER_FIELD, order);
        root.put("route", alertmanager.route(route));
        root.put("receivers", alertmanager.receivers(receivers));
        return YamlWriter.write(root);
    }
}
