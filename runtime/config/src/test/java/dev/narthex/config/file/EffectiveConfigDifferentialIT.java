// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.yaml.YamlParser;
import dev.narthex.config.yaml.YamlTree;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The configuration that holds, as we show it, equals what a real Prometheus reports on the same file. */
class EffectiveConfigDifferentialIT {
    @TempDir
    private Path folder;

    static Stream<String> good() throws IOException, URISyntaxException {
        return Stream.concat(ConformanceFilesTest.good().stream(), own().stream())
                .map(Path::toString);
    }

    private static List<Path> own() throws IOException, URISyntaxException {
        URL all = Objects.requireNonNull(EffectiveConfigDifferentialIT.class.getResource("/effective"));
        try (Stream<Path> files = Files.list(Path.of(all.toURI()))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void showsWhatPrometheusReports(String good) throws Exception {
        Path file = Path.of(good);
        Path program = Peers.newestPrometheus().orElse(null);
        Assumptions.assumeTrue(program != null, "no newest Prometheus here; e2e/peers --newest builds one");
        copyFilesBeside(file);
        Object theirs;
        try (PeerProcess prometheus =
                PeerProcess.prometheus(Objects.requireNonNull(program), Files.readString(file), folder)) {
            theirs = tree(json(prometheus.get("/api/v1/status/config").body()));
        }
        var read = new PrometheusFiles(new ConfigLoader(name -> name.equals("HOME") ? System.getenv("HOME") : ""))
                .read(folder.resolve("prometheus.yml"));
        Object ours = withRetention(tree(ConfigWriter.effective().prometheus(read.value())));
        assertThat(ours).usingRecursiveComparison().isEqualTo(theirs);
    }

    private void copyFilesBeside(Path file) throws IOException, URISyntaxException {
        URL beside = Objects.requireNonNull(getClass().getResource("/beside"));
        for (Path from : List.of(Objects.requireNonNull(file.getParent()), Path.of(beside.toURI()))) {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path path : files.filter(Files::isRegularFile).toList()) {
                    Path to = folder.resolve(from.relativize(path).toString());
                    Files.createDirectories(Objects.requireNonNull(to.getParent()));
                    Files.copy(path, to);
                }
            }
        }
    }

    /** A Prometheus shows the retention of its flags where the file says none. */
    private static Object withRetention(Object effective) {
        Map<String, Object> root = map(effective);
        Map<String, Object> storage = map(root.getOrDefault("storage", Map.of()));
        Map<String, Object> tsdb = map(storage.getOrDefault("tsdb", Map.of("outofordertimewindow", 0L)));
        tsdb.putIfAbsent("retention", Map.of("time", "15d"));
        storage.put("tsdb", tsdb);
        root.put("storage", storage);
        return root;
    }

    private static Map<String, Object> map(Object tree) {
        Map<String, Object> copy = new LinkedHashMap<>();
        ((Map<?, ?>) tree).forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    private static Object tree(String yaml) throws Exception {
        return YamlTree.of(YamlParser.parse(yaml, "effective").orElseThrow());
    }

    /** The text in the answer, which is JSON and therefore YAML. */
    private static String json(String body) throws Exception {
        Map<String, Object> answer = map(tree(body));
        return String.valueOf(map(Objects.requireNonNull(answer.get("data"))).get("yaml"));
    }
}
