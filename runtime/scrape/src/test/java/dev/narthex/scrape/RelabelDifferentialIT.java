// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.config.ConfigException;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.scrape.TargetResolver.Resolution;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random rules of all relabelling actions on random labels: the same targets with the same labels, and the same dropped, as
 * in a real Prometheus. One configuration has a job for each list of rules; {@code -Drelabel.jobs=} says how many.
 */
class RelabelDifferentialIT {
    private static final int JOBS = Integer.getInteger("relabel.jobs", 400);
    private static final int TARGETS = 6;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final List<String> NAMES = List.of("a", "b", "c", "d_1", "é.ü", "__tmp", "__meta_x", "job");
    private static final List<String> SOURCES =
            List.of("a", "b", "c", "d_1", "é.ü", "__tmp", "__meta_x", "__address__", "job", "missing");
    private static final List<String> VALUES = List.of(
            "",
            "x",
            "X",
            "xY-1",
            "a1b22",
            "foo;bar",
            "Straße",
            "ΑΣ Σ",
            "İı ǆ ŉ",
            "10.0.0.1:80",
            "line\nbreak",
            "$1",
            "日本語",
            "\uD83D\uDE00",
            "true",
            "a.b.c",
            "  ");
    private static final List<String> REGEXES = List.of(
            "(.*)",
            ".+",
            "",
            "x",
            "(?i)X.*",
            "(.)(.*)",
            "([a-z]+)(\\d*).*",
            "(?P<first>.)(?P<rest>.*)",
            "a|b|x",
            "[^0-9]+",
            ".*\\d.*",
            "^x$",
            "(x)?(y)?.*",
            "\\w+",
            "(.*)[.:](.*)",
            "é.*",
            "(?s).*",
            ".",
            "((a)|(b))1.*",
            "\\p{Lu}.*",
            "(__meta_|__)?(.+)");
    private static final List<String> REPLACEMENTS = List.of(
            "$1",
            "$2",
            "${1}y",
            "$1y",
            "${first}-$rest",
            "$$1",
            "${1",
            "$",
            "",
            "fix",
            "$0",
            "$3$2$1",
            "${2}:${1}",
            "ß$1",
            "$first",
            "$1 $1",
            "${}",
            "$-",
            "$10");
    private static final List<String> TARGET_LABELS =
            List.of("a", "b", "c", "e", "__tmp", "t_$1", "${1}", "job", "instance", "$2_x", "é.ü");

    @TempDir
    private Path directory;

    private static <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String quoted(String text) {
        return new ObjectMapper().valueToTree(text).toString();
    }

    private static String rule(Random random) {
        List<String> sources = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            sources.add(quoted(one(random, SOURCES)));
        }
        String source = "source_labels: [" + String.join(", ", sources) + "]";
        String separator =
                random.nextInt(3) > 0 ? "" : ", separator: " + quoted(one(random, List.of("", ":", "::", "é")));
        String regex = random.nextInt(4) == 0 ? "" : ", regex: " + quoted(one(random, REGEXES));
        String plainLabel = ", target_label: " + one(random, List.of("a", "b", "c", "e", "__tmp"));
        String body = switch (random.nextInt(11)) {
            case 0 -> source + separator + regex + ", action: keep";
            case 1 -> source + separator + regex + ", action: drop";
            case 2 -> source + plainLabel + ", action: keepequal";
            case 3 -> source + plainLabel + ", action: dropequal";
            case 4 -> source + separator + plainLabel + ", action: lowercase";
            case 5 -> source + separator + plainLabel + ", action: uppercase";
            case 6 ->
                source + separator + plainLabel + ", modulus: "
                        + one(
                                random,
                                List.of(
                                        "1",
                                        "2",
                                        "7",
                                        "1000",
                                        "4294967296",
                                        "9223372036854775808",
                                        "18446744073709551615"))
                        + ", action: hashmod";
            // Of labels that get the same name one stays, in Prometheus by chance: here each gets a name of its own.
            case 7 ->
                "regex: " + quoted(one(random, REGEXES)) + ", replacement: "
                        + quoted(one(random, List.of("m_$0", "${0}_x"))) + ", action: labelmap";
            case 8 -> "regex: " + quoted(one(random, REGEXES)) + ", action: labeldrop";
            // A target without an address is no target: some names always stay.
            case 9 -> "regex: " + quoted("__.*|job|" + one(random, REGEXES)) + ", action: labelkeep";
            default ->
                source + separator + regex + ", target_label: " + quoted(one(random, TARGET_LABELS)) + ", replacement: "
                        + quoted(one(random, REPLACEMENTS)) + ", action: replace";
        };
        return "{" + body + "}";
    }

    /** Labels that all targets have since 3.15: the Prometheus of packages is given them. */
    private static final List<String> SINCE_3_15 = Stream.of(
                    "__scrape_native_histograms__",
                    "__always_scrape_classic_histograms__",
                    "__convert_classic_histograms_to_nhcb__")
            .map(name -> quoted(name) + ": \"false\"")
            .toList();

    private static String job(Random random, int number) {
        StringBuilder yaml = new StringBuilder("- job_name: j").append(number).append("\n  static_configs:\n");
        for (int i = 0; i < TARGETS; i++) {
            yaml.append("  - targets: ['h").append(number).append('.').append(i).append(":80']\n    labels: {");
            List<String> labels = new ArrayList<>(SINCE_3_15);
            for (String name : NAMES) {
                if (random.nextInt(3) > 0) {
                    labels.add(quoted(name) + ": " + quoted(one(random, VALUES)));
                }
            }
            yaml.append(String.join(", ", labels)).append("}\n");
        }
        yaml.append("  relabel_configs:\n");
        for (int rules = 1 + random.nextInt(4); rules > 0; rules--) {
            yaml.append("  - ").append(rule(random)).append('\n');
        }
        return yaml.toString();
    }

    /** The jobs that we take; what we refuse and Prometheus takes would show in the comparison of files. */
    private static List<String> jobs(Random random) {
        List<String> jobs = new ArrayList<>();
        while (jobs.size() < JOBS) {
            String job = job(random, jobs.size());
            try {
                config("scrape_configs:\n" + job);
                jobs.add(job);
            } catch (ConfigException _) {
                // For example a target label that lowercase does not take.
            }
        }
        return jobs;
    }

    private static List<ScrapeConfig> config(String yaml) throws ConfigException {
        return new ConfigLoader(_ -> "").prometheus(yaml, "prometheus.yml").scrapeConfigs();
    }

    /** What became of the targets of a job: the labels of those that stay, and those that were dropped, each sorted. */
    private record Result(List<String> active, List<String> dropped) {
        Result() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        Result sorted() {
            return new Result(
                    active.stream().sorted().distinct().toList(),
                    dropped.stream().sorted().toList());
        }
    }

    /** The run of every day repeats one sequence; -Dtest.seed takes others. */
    private static Random random() {
        return System.getProperty(Seed.PROPERTY) == null
                ? new Random(1)
                : Seed.of(RelabelDifferentialIT.class).random();
    }

    @Test
    void keepsDropsAndLabelsTargetsAsPrometheusDoes() throws Exception {
        Random random = random();
        List<String> jobs = jobs(random);
        String yaml = "global: {scrape_interval: 1h, scrape_timeout: 1h}\nscrape_configs:\n" + String.join("", jobs);
        Map<String, Result> expected;
        try (PeerProcess prometheus = PeerProcess.prometheus(yaml, directory, "--log.level=error")) {
            expected = theirs(prometheus, jobs.size());
        }
        List<String> differences = new ArrayList<>();
        List<ScrapeConfig> configs = config(yaml);
        for (int i = 0; i < configs.size(); i++) {
            Result actual = ours(configs.get(i));
            Result real = expected.getOrDefault(configs.get(i).jobName(), new Result());
            if (!actual.equals(real.sorted())) {
                differences.add(jobs.get(i) + "    Prometheus: " + real.sorted() + "\n    Narthex:    " + actual);
            }
        }
        assertThat(differences).as("lists of rules with another result").isEmpty();
        assertThat(expected.values().stream()
                        .mapToInt(result -> result.active.size())
                        .sum())
                .isGreaterThan(JOBS * TARGETS / 8);
        assertThat(expected.values().stream()
                        .mapToInt(result -> result.dropped.size())
                        .sum())
                .isGreaterThan(JOBS * TARGETS / 8);
    }

    private static Result ours(ScrapeConfig config) {
        TargetResolver resolver = new TargetResolver(config);
        Result result = new Result();
        StaticDiscoveryConfig targets =
                (StaticDiscoveryConfig) config.discoveries().getFirst();
        for (StaticTargets some : targets.groups()) {
            for (String address : some.targets()) {
                TargetGroup group = new TargetGroup("0", some.labels(), List.of(Labels.of("__address__", address)));
                switch (resolver.resolve(group, group.targets().getFirst())) {
                    case Resolution.Kept(Target target) ->
                        result.active.add(target.labels().toString());
                    case Resolution.Dropped(Labels discovered) ->
                        result.dropped.add(discovered.getOrEmpty("__address__"));
                    case Resolution.Invalid(Labels _, String _) -> {
                        // Prometheus shows such a target nowhere.
                    }
                }
            }
        }
        return result.sorted();
    }

    private static Map<String, Result> theirs(PeerProcess prometheus, int jobs) throws IOException {
        ObjectMapper json = new ObjectMapper();
        // Each job's targets arrive together, and all jobs' in the first update.
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(() -> {
            JsonNode counts = json.readTree(
                            prometheus.get("/api/v1/targets?state=dropped").body())
                    .at("/data/droppedTargetCounts");
            int dropped = 0;
            for (JsonNode count : counts) {
                dropped += count.asInt();
            }
            return counts.size() == jobs && dropped > 0;
        });
        JsonNode data = json.readTree(prometheus.get("/api/v1/targets").body()).path("data");
        Map<String, Result> results = new TreeMap<>();
        for (JsonNode target : data.path("activeTargets")) {
            results.computeIfAbsent(target.path("scrapePool").asText(), _ -> new Result())
                    .active
                    .add(labels(target.path("labels")).toString());
        }
        for (JsonNode target : data.path("droppedTargets")) {
            results.computeIfAbsent(target.path("scrapePool").asText(), _ -> new Result())
                    .dropped
                    .add(target.at("/discoveredLabels/__address__").asText());
        }
        return results;
    }

    private static Labels labels(JsonNode node) {
        LabelsBuilder labels = Labels.builder();
        node.properties()
                .forEach(label -> labels.set(label.getKey(), label.getValue().asText()));
        return labels.build();
    }
}
