// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.RouteConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.WebConfig;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.config.yaml.Problems;
import dev.narthex.config.yaml.YamlNode;
import dev.narthex.config.yaml.YamlParser;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads configuration texts into records. All problems of a text are reported at once, each with its place; unknown
 * fields are refused, and fields that Prometheus has and Narthex has not are refused by name. Makes no network call.
 */
public final class ConfigLoader {
    /** How problems begin that a value has whatever stands beside it. */
    private static final List<String> BY_THEMSELVES = List.of("found ", "unknown field", "is not a URL");

    private final UnaryOperator<String> environment;
    private final boolean protobufFirst;

    /**
     * Makes a loader.
     *
     * @param environment gives the value of an environment variable, empty where there is none: external labels may
     *     refer to them
     */
    public ConfigLoader(UnaryOperator<String> environment) {
        this(environment, false);
    }

    /**
     * Makes a loader.
     *
     * @param protobufFirst whether targets are asked for protobuf first where a configuration names no protocols, as
     *     Prometheus does where start timestamps are wanted
     */
    public ConfigLoader(UnaryOperator<String> environment, boolean protobufFirst) {
        this.environment = environment;
        this.protobufFirst = protobufFirst;
    }

    /**
     * Reads a prometheus.yml for a server to run: what this build cannot do is refused.
     *
     * @param file the name of the file in errors
     */
    public PrometheusConfig prometheus(String yaml, String file) throws ConfigException {
        return checkPrometheus(yaml, file, null).supported();
    }

    /**
     * Reads a prometheus.yml as Prometheus does: what this build cannot do is noted.
     *
     * @param file the name of the file in errors
     * @param folder what paths in the file are relative to; null to leave them as they are
     * @throws ConfigException when Prometheus would refuse the file
     */
    public Checked<PrometheusConfig> checkPrometheus(String yaml, String file, @Nullable Path folder)
            throws ConfigException {
        ReaderContext context = new ReaderContext(environment, folder, protobufFirst);
        return check(yaml, file, PrometheusConfig.EMPTY, new PrometheusReader(context)::read);
    }

    /**
     * Reads a file that a prometheus.yml names under {@code scrape_config_files}.
     *
     * @param folder what paths in the file are relative to
     * @param global of the prometheus.yml
     */
    public Checked<List<ScrapeConfig>> checkScrapeConfigs(
            String yaml, String file, @Nullable Path folder, GlobalConfig global) throws ConfigException {
        ReaderContext context = new ReaderContext(environment, folder, protobufFirst);
        return check(yaml, file, List.of(), root -> {
            List<ScrapeConfig> configs = PrometheusReader.scrapeConfigs(root, context, global);
            root.finish();
            return configs;
        });
    }

    /**
     * Reads a rule file.
     *
     * @param file the name of the file, in errors and in the groups
     */
    public List<RuleGroupConfig> rules(String yaml, String file) throws ConfigException {
        return rules(yaml, file, false);
    }

    /**
     * The same.
     *
     * @param ignoreUnknownFields whether fields that are not known are passed over
     */
    public List<RuleGroupConfig> rules(String yaml, String file, boolean ignoreUnknownFields) throws ConfigException {
        return check(
                        YamlParser.parseRules(yaml, file, ignoreUnknownFields ? RuleFileReader.KNOWN : null),
                        file,
                        List.<RuleGroupConfig>of(),
                        root -> new RuleFileReader(file).read(root))
                .supported();
    }

    /**
     * Reads an alertmanager.yml.
     *
     * @param file the name of the file in errors
     */
    public AlertmanagerConfig alertmanager(String yaml, String file) throws ConfigException {
        Problems problems = new Problems(file);
        Optional<YamlNode> root = YamlParser.parse(yaml, file);
        if (root.isEmpty()) {
            problems.add(0, 0, "route", "is missing; a configuration needs a route with a receiver");
            problems.throwIfAny();
        }
        return read(yaml, file, AlertmanagerConfig.EMPTY, AlertmanagerReader::read);
    }

    /**
     * Reads a file of {@code --web.config.file}. Whether the files that it names are there is not looked at.
     *
     * @param file the name of the file in errors
     * @param folder what paths in the file are relative to; null to leave them as they are
     */
    public WebConfig web(String yaml, String file, @Nullable Path folder) throws ConfigException {
        ReaderContext context = new ReaderContext(environment, folder, protobufFirst);
        return read(yaml, file, WebConfig.DEFAULT, new WebConfigReader(context)::read);
    }

    /**
     * Reads a file with the options of {@code http_config} and nothing else.
     *
     * @param file the name of the file in errors
     * @param folder what paths in the file are relative to; null to leave them as they are
     */
    public HttpClientConfig httpClient(String yaml, String file, @Nullable Path folder) throws ConfigException {
        ReaderContext context = new ReaderContext(environment, folder, protobufFirst);
        return read(yaml, file, HttpClientConfig.DEFAULT, root -> {
            HttpClientConfig config = new HttpClientReader(context).read(root);
            root.finish();
            return config;
        });
    }

    /** Reads what one resource adds to an alertmanager.yml, as {@link ConfigWriter#routing} writes it. */
    public RoutingFragment routing(String yaml, String source) throws ConfigException {
        RoutingFragment empty = new RoutingFragment(0, RouteConfig.root(""), List.of());
        return read(yaml, source, empty, AlertmanagerReader::readRouting);
    }

    /** A refusal of a whole document, for a caller to throw. */
    public ConfigException refuse(String source, String message) {
        return new ConfigException(List.of(new ConfigProblem(source, "", 0, 0, message)));
    }

    private static <T> T read(String yaml, String file, T empty, Function<MappingReader, T> reader)
            throws ConfigException {
        return check(yaml, file, empty, reader).supported();
    }

    private static <T> Checked<T> check(String yaml, String file, T empty, Function<MappingReader, T> reader)
            throws ConfigException {
        return check(YamlParser.parse(yaml, file), file, empty, reader);
    }

    private static <T> Checked<T> check(
            Optional<YamlNode> root, String file, T empty, Function<MappingReader, T> reader) throws ConfigException {
        if (root.isEmpty()) {
            return new Checked<>(empty, List.of());
        }
        Problems problems = new Problems(file);
        T value = reader.apply(MappingReader.of(root.get(), "", problems));
        checkShadowed(root.get(), file, reader, problems);
        problems.throwAllIfAny();
        return new Checked<>(value, problems.unsupported());
    }

    /** What is merged has to be good by itself where something else goes before it. */
    private static void checkShadowed(
            YamlNode root, String file, Function<MappingReader, ?> reader, Problems problems) {
        List<YamlNode> shadowed = root.shadowedValues();
        if (shadowed.isEmpty()) {
            return;
        }
        Problems all = new Problems(file);
        Object _ = reader.apply(MappingReader.of(root.withShadowed(), "", all));
        for (ConfigProblem problem : all.problems()) {
            boolean ofItself = BY_THEMSELVES.stream().anyMatch(problem.message()::startsWith);
            if (ofItself && shadowed.stream().anyMatch(value -> value.holds(problem.line(), problem.column()))) {
                problems.add(problem.line(), problem.column(), problem.path(), problem.message());
            }
        }
    }
}
