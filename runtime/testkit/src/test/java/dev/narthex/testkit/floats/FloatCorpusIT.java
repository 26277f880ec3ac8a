// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.floats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.golden.GoldenFile;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recipe of the model's corpus of numbers: a real Prometheus scrapes them as text, and prints them in the text format
 * (federation), in the JSON of a vector, and, for every eighth, in the JSON of a scalar. A line of the corpus holds these
 * four texts, separated by tabs; {@code -} where the last was not asked for.
 */
class FloatCorpusIT {
    private static final int SCALAR_EVERY = 8;
    private static final Pattern FEDERATED = Pattern.compile("v\\{.*?i=\"(\\d+)\".*?} (\\S+)");
    private static final Pattern IN_VECTOR = Pattern.compile("\"i\":\"(\\d+)\"[^}]*},\"value\":\\[[^,]*,\"([^\"]*)\"");
    private static final Pattern IN_SCALAR = Pattern.compile("\"result\":\\[[^,]*,\"([^\"]*)\"");

    @TempDir
    private Path directory;

    @Test
    void prometheusReadsAndPrintsAsTheCorpusSays() throws Exception {
        List<String> literals = FloatLiterals.all();
        byte[] page = page(literals).getBytes(StandardCharsets.UTF_8);
        try (LoopbackServer target = LoopbackServer.start(
                        (_, out) -> LoopbackServer.respond(out, "text/plain; version=0.0.4", page));
                PeerProcess prometheus = PeerProcess.prometheus(config(target.address()), directory)) {
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> query(prometheus, "count(v)").contains("\"" + literals.size() + "\""));
            Map<Integer, String> general =
                    found(FEDERATED, prometheus.get("/federate?match%5B%5D=v").body());
            Map<Integer, String> json = found(IN_VECTOR, query(prometheus, "v"));
            StringBuilder corpus = new StringBuilder();
            for (int i = 0; i < literals.size(); i++) {
                String fixed = i % SCALAR_EVERY == 0 ? scalar(prometheus, i) : "-";
                corpus.append(String.join("\t", literals.get(i), general.get(i), json.get(i), fixed))
                        .append('\n');
            }
            Path file = Path.of("..", "model", "src", "test", "resources", "golden", "floats", "corpus.tsv");
            new GoldenFile(file).assertMatches(corpus.toString());
        }
    }

    private static String config(String address) {
        return """
                scrape_configs:
                - job_name: floats
                  scrape_interval: 1s
                  static_configs: [{targets: ['ADDRESS']}]
                """.replace("ADDRESS", address);
    }

    private static String page(List<String> literals) {
        StringBuilder page = new StringBuilder();
        for (int i = 0; i < literals.size(); i++) {
            page.append("v{i=\"")
                    .append(i)
                    .append("\"} ")
                    .append(literals.get(i))
                    .append('\n');
        }
        return page.toString();
    }

    private static Map<Integer, String> found(Pattern pattern, String text) {
        Map<Integer, String> found = new TreeMap<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.put(Integer.valueOf(matcher.group(1)), matcher.group(2));
        }
        return found;
    }

    private static String scalar(PeerProcess prometheus, int index) throws IOException {
        Matcher value = IN_SCALAR.matcher(query(prometheus, "scalar(v{i=\"" + index + "\"})"));
        assertThat(value.find()).isTrue();
        return value.group(1);
    }

    private static String query(PeerProcess prometheus, String expr) throws IOException {
        return prometheus
                .get("/api/v1/query?query=" + URLEncoder.encode(expr, StandardCharsets.UTF_8))
                .body();
    }
}
