// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.AlertingConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.RuleConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.file.Checked;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.file.PrometheusFiles;
import dev.narthex.config.yaml.YamlBytes;
import dev.narthex.config.yaml.YamlPlace;
import dev.narthex.model.Labels;
import dev.narthex.model.PromDuration;
import dev.narthex.model.QuotedString;
import dev.narthex.rules.QueryFunction;
import dev.narthex.rules.RuleManager;
import dev.narthex.rules.RuleProblem;
import dev.narthex.server.command.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code narthex check}: says whether files are good, in the form and with the exit codes of promtool. What is good and
 * beyond this build is said apart.
 */
final class CheckCommand {
    private static final int FAILED = 1;
    private static final int LINT_FAILED = 3;

    private final Console console;
    private final QueryFunction queries = new ExpressionSyntax();
    private final ConfigLoader loader = new ConfigLoader(Server::environment);

    CheckCommand(Console console) {
        this.console = console;
    }

    /** Checks, and gives the exit code: 0, 1 where a file is bad, 3 where a rule is there twice and that is fatal. */
    int run(Command.Check check) {
        for (String lint : check.unknownLints()) {
            console.print("WARNING: unknown lint option: " + QuotedString.of(lint) + "\n");
        }
        return switch (check.kind()) {
            case CONFIG -> configs(check);
            case RULES -> rules(check);
        };
    }

    private int configs(Command.Check check) {
        int exitCode = 0;
        for (String name : check.files()) {
            Path file = Path.of(name);
            console.print("Checking " + name + "\n");
            List<Path> ruleFiles = new ArrayList<>();
            try {
                PrometheusFiles files = new PrometheusFiles(loader);
                Checked<PrometheusConfig> read = check.syntaxOnly() ? files.checkAlone(file) : files.read(file);
                ruleFiles = check.syntaxOnly() ? List.of() : ruleFiles(file, read.value());
                if (check.agent()) {
                    demandAgent(file, read.value());
                }
                references(file, read.value(), check.syntaxOnly());
                if (!ruleFiles.isEmpty()) {
                    console.print("  SUCCESS: " + ruleFiles.size() + " rule files found\n");
                }
                console.print(" SUCCESS: " + name + " is valid prometheus config file syntax\n");
                for (ConfigProblem unsupported : read.unsupported()) {
                    console.printError("  NOT SUPPORTED: " + unsupported + "\n");
                }
                exitCode = worse(exitCode, lintIntervals(read.value(), check));
            } catch (ConfigException e) {
                fail(e);
                ruleFiles = List.of();
                exitCode = FAILED;
            }
            console.print("\n");
            for (Path ruleFile : ruleFiles) {
                exitCode = worse(exitCode, checkRules(ruleFile, ruleFile.toString(), check));
            }
        }
        return exitCode;
    }

    private void references(Path file, PrometheusConfig config, boolean syntaxOnly) throws ConfigException {
        ReferencesCheck references = new ReferencesCheck(syntaxOnly);
        try {
            references.check(file, config);
        } finally {
            references.warnings().forEach(warning -> console.print("  " + warning + "\n"));
        }
    }

    /** Refuses the sections that a Prometheus in agent mode does not take. */
    private static void demandAgent(Path file, PrometheusConfig config) throws ConfigException {
        Map<String, Boolean> sections = new LinkedHashMap<>();
        sections.put("alerting", !config.alerting().equals(AlertingConfig.NONE));
        sections.put("rule_files", !config.ruleFiles().isEmpty());
        sections.put("remote_read", config.passive().get("remote_read") instanceof List<?> list && !list.isEmpty());
        List<ConfigProblem> problems = sections.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(section -> new ConfigProblem(
                        file.toString(), section.getKey(), 0, 0, "is not allowed in agent mode; remove it"))
                .toList();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /** Reports the first job whose samples are stale before the next scrape. */
    private int lintIntervals(PrometheusConfig config, Command.Check check) {
        Duration longest = check.longestInterval();
        if (longest == null || check.syntaxOnly()) {
            return 0;
        }
        for (ScrapeConfig job : config.allScrapeConfigs()) {
            if (job.scrapeInterval().compareTo(longest) >= 0) {
                console.printError(
                        "  FAILED: too long scrape interval found, data point will be marked as stale - job: "
                                + job.jobName() + ", interval: "
                                + PromDuration.format(job.scrapeInterval().toMillis()) + "\n");
                return check.lintFatal() ? LINT_FAILED : 0;
            }
        }
        return 0;
    }

    private static List<Path> ruleFiles(Path file, PrometheusConfig config) throws ConfigException {
        List<Path> found = new ArrayList<>();
        List<ConfigProblem> missing = new ArrayList<>();
        for (int i = 0; i < config.ruleFiles().size(); i++) {
            String pattern = config.ruleFiles().get(i);
            List<Path> matching = PrometheusFiles.matching(file, "rule_files", pattern);
            if (matching.isEmpty() && !pattern.contains("*")) {
                missing.add(YamlPlace.problem(
                        PrometheusFiles.text(file),
                        file.toString(),
                        "rule_files[" + i + "]",
                        "\"" + pattern + "\" does not point to an existing file; correct the path"));
            }
            found.addAll(matching);
        }
        if (!missing.isEmpty()) {
            throw new ConfigException(missing);
        }
        return found;
    }

    private int rules(Command.Check check) {
        if (check.files().isEmpty()) {
            try {
                String text = YamlBytes.text(System.in.readAllBytes());
                return checkRules("standard input", text, check);
            } catch (IOException e) {
                console.printError("  FAILED: standard input cannot be read: " + e + "\n");
                return FAILED;
            }
        }
        int exitCode = 0;
        for (String name : check.files()) {
            exitCode = worse(exitCode, checkRules(Path.of(name), name, check));
        }
        return exitCode;
    }

    /** Checks a file of rules; one that cannot be read is said to be none. */
    private int checkRules(Path file, String name, Command.Check check) {
        try {
            return checkRules(name, PrometheusFiles.text(file), check);
        } catch (ConfigException e) {
            console.print("Checking " + name + "\n");
            fail(e);
            return FAILED;
        }
    }

    private int checkRules(String name, String text, Command.Check check) {
        console.print("Checking " + name + "\n");
        List<RuleGroupConfig> groups;
        try {
            groups = loader.rules(text, name, check.ignoreUnknownFields());
            checkGroups(groups, text, name);
        } catch (ConfigException e) {
            fail(e);
            return FAILED;
        }
        if (check.lintDuplicates()) {
            List<String> duplicates = duplicates(groups);
            if (!duplicates.isEmpty()) {
                console.printError("  FAILED:\nlint error " + duplicates.size() + " duplicate rule(s) found.\n"
                        + String.join("", duplicates) + "Might cause inconsistency while recording expressions\n");
                console.print("\n");
                return check.lintFatal() ? LINT_FAILED : 0;
            }
        }
        int rules = groups.stream().mapToInt(group -> group.rules().size()).sum();
        console.print("  SUCCESS: " + rules + " rules found\n\n");
        return 0;
    }

    /** Checks expressions and templates. */
    private void checkGroups(List<RuleGroupConfig> groups, String text, String name) throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        @Nullable YamlPlace root = null;
        for (int i = 0; i < groups.size(); i++) {
            for (RuleProblem problem : RuleManager.check(groups.get(i), queries)) {
                root = root == null ? YamlPlace.root(text, name) : root;
                problems.add(placed(problem, i, root));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private static ConfigProblem placed(RuleProblem problem, int group, YamlPlace root) {
        String rule = "groups[" + group + "].rules[" + problem.rule() + "]";
        String template = "; a template such as {{ $value }} or {{ $labels.job }} is expected";
        return switch (problem.field()) {
            case EXPR -> root.problem(rule + ".expr", problem.message());
            case LABELS -> root.problem(rule + ".labels", problem.message() + template);
            case ANNOTATIONS -> root.problem(rule + ".annotations", problem.message() + template);
        };
    }

    /** Rules that write or alert under the same name and labels, each once, in the words of promtool. */
    private static List<String> duplicates(List<RuleGroupConfig> groups) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (RuleGroupConfig group : groups) {
            for (RuleConfig rule : group.rules()) {
                counts.merge(described(rule.name(), written(group, rule)), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The labels that a rule has, those too that it or its group takes off by an empty text. */
    private static SortedMap<String, String> written(RuleGroupConfig group, RuleConfig rule) {
        SortedMap<String, String> written = new TreeMap<>();
        Labels labels = group.labelsOf(rule);
        for (int i = 0; i < labels.size(); i++) {
            written.put(labels.name(i), labels.value(i));
        }
        rule.removedLabels().forEach(name -> written.put(name, ""));
        return written;
    }

    private static String described(String name, SortedMap<String, String> labels) {
        StringBuilder text = new StringBuilder("Metric: ").append(name).append("\nLabel(s):\n");
        labels.forEach((label, value) ->
                text.append('\t').append(label).append(": ").append(value).append('\n'));
        return text.toString();
    }

    private void fail(ConfigException e) {
        StringBuilder text = new StringBuilder("  FAILED:");
        e.problems()
                .forEach(problem ->
                        text.append(e.problems().size() > 1 ? "\n" : " ").append(problem));
        console.printError(text.append('\n').toString());
    }

    /** A bad file outweighs a duplicate. */
    private static int worse(int left, int right) {
        return left == FAILED || right == FAILED ? FAILED : Math.max(left, right);
    }
}
