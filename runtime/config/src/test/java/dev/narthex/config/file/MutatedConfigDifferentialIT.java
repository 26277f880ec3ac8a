// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.yaml.YamlParser;
import dev.narthex.config.yaml.YamlTree;
import dev.narthex.config.yaml.YamlWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Good files with one or two things changed at random: we and the real promtool take and refuse the same ones. */
class MutatedConfigDifferentialIT {
    private static final int MUTATIONS = Integer.getInteger("config.mutations", 600);
    private static final int BATCH = 50;
    private static final List<Object> VALUES = List.of(
            "",
            "x",
            "5",
            "5s",
            "-5s",
            "1h30m",
            "0s",
            0L,
            1L,
            -1L,
            2.5,
            true,
            false,
            "true",
            "yes",
            "$1",
            "a b",
            "[",
            "http://x",
            "://x",
            "ftp://x",
            "5MB",
            "SRV",
            "A",
            "pod",
            "replace",
            "drop",
            "TLS12",
            "legacy",
            "utf8");

    private final PrometheusFiles files = new PrometheusFiles(new ConfigLoader(name -> ""));

    @TempDir
    private Path folder;

    @Test
    void decidesAsPromtool() throws Exception {
        NewestPromtool promtool = new NewestPromtool();
        long seed = Long.getLong("test.seed", 20_251_127L);
        Random random = new Random(seed);
        List<Map<String, Object>> good = goodFiles();
        List<String> differences = new ArrayList<>();
        int refused = 0;
        List<Path> batch = new ArrayList<>();
        for (int i = 0; i < MUTATIONS; i++) {
            Map<String, Object> tree = good.get(random.nextInt(good.size()));
            Object mutated = mutate(tree, random);
            if (random.nextInt(4) == 0) {
                mutated = mutate(mutated, random);
            }
            if (!(mutated instanceof Map<?, ?> map)) {
                continue;
            }
            Map<String, Object> document = new LinkedHashMap<>();
            map.forEach((key, value) -> document.put(String.valueOf(key), value));
            batch.add(Files.writeString(folder.resolve("m" + i + ".yml"), YamlWriter.write(document)));
            if (batch.size() == BATCH || i == MUTATIONS - 1) {
                List<Boolean> accepted = promtool.accepts(batch);
                for (int b = 0; b < batch.size(); b++) {
                    String ours = refusal(batch.get(b));
                    refused += ours.isEmpty() ? 0 : 1;
                    if (ours.isEmpty() != accepted.get(b)) {
                        differences.add("promtool " + (accepted.get(b) ? "takes" : "refuses") + ", we say " + ours
                                + "\n" + Files.readString(batch.get(b)));
                    }
                }
                batch.clear();
            }
        }
        assertThat(differences).as("-Dtest.seed=" + seed).isEmpty();
        assertThat(refused).isGreaterThan(MUTATIONS / 10);
    }

    private String refusal(Path file) {
        try {
            return files.read(file).value().scrapeConfigs().stream()
                            .anyMatch(MutatedConfigDifferentialIT::isWithoutAddress)
                    ? "a target without an address, which is for check to say"
                    : "";
        } catch (ConfigException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static boolean isWithoutAddress(ScrapeConfig job) {
        return job.discoveries().stream()
                .filter(StaticDiscoveryConfig.class::isInstance)
                .map(StaticDiscoveryConfig.class::cast)
                .flatMap(discovery -> discovery.groups().stream())
                .anyMatch(group -> group.targets().contains(""));
    }

    private static List<Map<String, Object>> goodFiles() throws Exception {
        List<Map<String, Object>> trees = new ArrayList<>();
        for (Path file : ConformanceFilesTest.good()) {
            Object tree = YamlTree.of(
                    YamlParser.parse(Files.readString(file), file.toString()).orElseThrow());
            if (tree instanceof Map<?, ?> map && !map.containsKey("scrape_config_files")) {
                Map<String, Object> document = new LinkedHashMap<>();
                map.forEach((key, value) -> document.put(String.valueOf(key), value));
                trees.add(document);
                if (document.containsKey("scrape_configs") && document.size() > 1) {
                    // Large files are where most of the rules are.
                    trees.add(document);
                    trees.add(document);
                }
            }
        }
        return trees;
    }

    /** A copy with one change somewhere below. */
    private static Object mutate(Object tree, Random random) {
        return switch (tree) {
            case Map<?, ?> map when !map.isEmpty() -> mutateMap(map, random);
            case List<?> list when !list.isEmpty() -> mutateList(list, random);
            default -> VALUES.get(random.nextInt(VALUES.size()));
        };
    }

    private static Object mutateMap(Map<?, ?> map, Random random) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        List<String> keys = new ArrayList<>(copy.keySet());
        String key = keys.get(random.nextInt(keys.size()));
        Object value = Objects.requireNonNull(copy.get(key));
        boolean deeper = value instanceof Map<?, ?> || value instanceof List<?>;
        switch (random.nextInt(deeper ? 12 : 4)) {
            case 0 -> copy.remove(key);
            case 1 -> {
                copy.remove(key);
                copy.put(key + "x", value);
            }
            case 2 -> copy.put(key, VALUES.get(random.nextInt(VALUES.size())));
            case 3 -> copy.put(key, random.nextBoolean() ? List.of(value) : Map.of("k", value));
            default -> copy.put(key, mutate(value, random));
        }
        return copy;
    }

    private static Object mutateList(List<?> list, Random random) {
        List<Object> copy = new ArrayList<>(list);
        int at = random.nextInt(copy.size());
        switch (random.nextInt(10)) {
            case 0 -> copy.remove(at);
            case 1 -> copy.add(copy.get(at));
            case 2 -> copy.set(at, VALUES.get(random.nextInt(VALUES.size())));
            default -> copy.set(at, mutate(copy.get(at), random));
        }
        return copy;
    }
}
