// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.AlertmanagerTargetsConfig;
import dev.narthex.config.AuthorizationConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.FileDiscoveryConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.config.TlsConfig;
import dev.narthex.config.file.PrometheusFiles;
import dev.narthex.config.yaml.YamlNode;
import dev.narthex.config.yaml.YamlPlace;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.discovery.TargetGroupReader;
import dev.narthex.model.Labels;
import dev.narthex.model.QuotedString;
import dev.narthex.scrape.DiscoveredTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code check config} sees behind the text of a good configuration, as promtool does: what relabelling makes of the
 * targets that stand in it, and, unless syntax alone is asked for, the files of credentials, certificates and targets
 * that it names.
 */
final class ReferencesCheck {
    private static final String ADDRESS = "__address__";

    private final boolean syntaxOnly;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    ReferencesCheck(boolean syntaxOnly) {
        this.syntaxOnly = syntaxOnly;
    }

    /** What is no fault, in the words of promtool, a line each; what comes behind a fault is not among it. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * Looks at everything.
     *
     * @throws ConfigException with all that is wrong
     */
    void check(Path file, PrometheusConfig config) throws ConfigException {
        jobs(file, config.scrapeConfigs().iterator());
        if (!syntaxOnly) {
            Iterator<ScrapeConfig> included = config.includedScrapeConfigs().iterator();
            for (String pattern : config.scrapeConfigFiles()) {
                for (Path path : PrometheusFiles.matching(file, "scrape_config_files", pattern)) {
                    jobs(path, included);
                }
            }
            YamlPlace alertmanagers = root(file).of("alerting").of("alertmanagers");
            int index = 0;
            for (AlertmanagerTargetsConfig targets : config.alerting().alertmanagers()) {
                files(targets.discoveries(), null, alertmanagers.at(index));
                index++;
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private static YamlPlace root(Path file) throws ConfigException {
        return YamlPlace.root(PrometheusFiles.text(file), file.toString());
    }

    /** The jobs that one file has, each with its place in it. */
    private void jobs(Path file, Iterator<ScrapeConfig> jobs) throws ConfigException {
        YamlPlace list = root(file).of("scrape_configs");
        int count = list.node() instanceof YamlNode.Sequence sequence
                ? sequence.items().size()
                : 0;
        for (int i = 0; i < count && jobs.hasNext(); i++) {
            job(jobs.next(), list.at(i));
        }
    }

    private void job(ScrapeConfig job, YamlPlace place) {
        if (!syntaxOnly) {
            credentials(job.httpClient(), place);
            certificates(job.httpClient().effectiveTls(), place.of("tls_config"));
            int index = 0;
            for (DiscoveryConfig discovery : job.discoveries()) {
                if (discovery instanceof KubernetesDiscoveryConfig kubernetes) {
                    YamlPlace client =
                            place.of("kubernetes_sd_configs").at(index).of("tls_config");
                    certificates(kubernetes.httpClient().effectiveTls(), client);
                    index++;
                }
            }
            files(job.discoveries(), job, place);
        }
        for (DiscoveryConfig discovery : job.discoveries()) {
            if (discovery instanceof StaticDiscoveryConfig written) {
                written(written, job, place);
            }
        }
    }

    private void credentials(HttpClientConfig client, YamlPlace place) {
        AuthorizationConfig authorization = client.authorization();
        if (authorization != null) {
            YamlPlace written = place.of("authorization");
            exists(
                    authorization.credentialsFile(),
                    written.isThere() ? written.of("credentials_file") : place.of("bearer_token_file"));
        }
    }

    private void certificates(TlsConfig tls, YamlPlace place) {
        exists(tls.certFile(), place.of("cert_file"));
        exists(tls.keyFile(), place.of("key_file"));
    }

    private void exists(String file, YamlPlace place) {
        if (!file.isEmpty() && !Files.exists(Path.of(file))) {
            problems.add(place.problem("found " + QuotedString.of(file) + "; there is no such file; correct the path"));
        }
    }

    /** Files of targets: their form, and for a job what becomes of them. */
    private void files(List<DiscoveryConfig> discoveries, @Nullable ScrapeConfig job, YamlPlace place) {
        int index = 0;
        for (DiscoveryConfig discovery : discoveries) {
            if (!(discovery instanceof FileDiscoveryConfig files)) {
                continue;
            }
            YamlPlace patterns = place.of("file_sd_configs").at(index).of("files");
            for (int i = 0; i < files.files().size(); i++) {
                files(files.files().get(i), job, patterns.at(i));
            }
            index++;
        }
    }

    private void files(String pattern, @Nullable ScrapeConfig job, YamlPlace place) {
        try {
            List<Path> found = PrometheusFiles.matching(Path.of(place.file()), place.path(), pattern);
            if (found.isEmpty() && problems.isEmpty()) {
                warnings.add("WARNING: file " + QuotedString.of(pattern) + " for file_sd in "
                        + (job == null ? "alertmanager config" : "scrape job " + QuotedString.of(job.jobName()))
                        + " does not exist");
            }
            for (Path path : found) {
                for (TargetGroupReader.Group group : TargetGroupReader.readFile(path)) {
                    if (job != null) {
                        targets(new TargetGroup("", group.labels(), group.targets()), job, place, "in " + path + ": ");
                    }
                }
            }
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        } catch (IOException e) {
            problems.add(
                    place.problem("found " + QuotedString.of(pattern) + ", which cannot be read: " + e.getMessage()));
        }
    }

    private void written(StaticDiscoveryConfig discovery, ScrapeConfig job, YamlPlace place) {
        for (int i = 0; i < discovery.groups().size(); i++) {
            StaticTargets group = discovery.groups().get(i);
            YamlPlace targets = place.of("static_configs").at(i).of("targets");
            for (int j = 0; j < group.targets().size(); j++) {
                Labels target = Labels.of(ADDRESS, group.targets().get(j));
                targets(new TargetGroup("", group.labels(), List.of(target)), job, targets.at(j), "");
            }
        }
    }

    private void targets(TargetGroup group, ScrapeConfig job, YamlPlace place, String where) {
        for (DiscoveredTarget target : DiscoveredTarget.of(job, List.of(group))) {
            if (!target.error().isEmpty()) {
                String address = target.discoveredLabels().getOrEmpty(ADDRESS);
                problems.add(place.problem(where + "found " + QuotedString.of(address)
                        + ", which is no target behind its labels and relabelling: " + target.error()
                        + "; correct its labels or the relabelling"));
            }
        }
    }
}
