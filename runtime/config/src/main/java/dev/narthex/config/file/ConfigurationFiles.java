// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.Configuration;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.RuleGroupConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Loads a whole configuration from a folder: prometheus.yml, the rule files it names, and an alertmanager.yml. */
public final class ConfigurationFiles {
    private final ConfigLoader loader;

    public ConfigurationFiles(ConfigLoader loader) {
        this.loader = loader;
    }

    /**
     * The files that a prometheus.yml names, whether what they say is good or not, sorted by pattern. Its own contents are
     * read, but nothing of theirs.
     *
     * @throws ConfigException when it is not a good one, or a folder cannot be listed
     */
    public List<Path> named(Path prometheusFile) throws ConfigException {
        PrometheusConfig main = new PrometheusFiles(loader).readAlone(prometheusFile);
        List<Path> files = new ArrayList<>();
        for (String pattern : main.ruleFiles()) {
            files.addAll(PrometheusFiles.matching(prometheusFile, "rule_files", pattern));
        }
        for (String pattern : main.scrapeConfigFiles()) {
            files.addAll(PrometheusFiles.matching(prometheusFile, "scrape_config_files", pattern));
        }
        return files;
    }

    /** Each file once, however many patterns it matches. */
    private static Set<Path> ruleFiles(Path prometheusFile, PrometheusConfig prometheus) throws ConfigException {
        Set<Path> files = new LinkedHashSet<>();
        for (String pattern : prometheus.ruleFiles()) {
            files.addAll(PrometheusFiles.matching(prometheusFile, "rule_files", pattern));
        }
        return files;
    }

    /**
     * Reads all files. Rule files are looked up relative to the folder of the prometheus.yml; a pattern that matches
     * nothing is no error, as in Prometheus.
     *
     * @param alertmanagerFile empty for a server that routes no alerts
     * @throws ConfigException with the problems of every file
     */
    public Configuration load(Path prometheusFile, Optional<Path> alertmanagerFile) throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        PrometheusConfig prometheus = PrometheusConfig.EMPTY;
        List<RuleGroupConfig> groups = new ArrayList<>();
        AlertmanagerConfig alertmanager = AlertmanagerConfig.EMPTY;
        try {
            prometheus = new PrometheusFiles(loader).read(prometheusFile).supported();
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        }
        for (Path ruleFile : ruleFiles(prometheusFile, prometheus)) {
            try {
                groups.addAll(loader.rules(PrometheusFiles.text(ruleFile), ruleFile.toString()));
            } catch (ConfigException e) {
                problems.addAll(e.problems());
            }
        }
        if (alertmanagerFile.isPresent()) {
            Path file = alertmanagerFile.get();
            try {
                alertmanager = loader.alertmanager(PrometheusFiles.text(file), file.toString());
            } catch (ConfigException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Configuration(prometheus, groups, alertmanager);
    }
}
