// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a real Prometheus makes of bodies: each is a target of its own, and one round of scrapes takes them all. */
final class PeerBodyResults {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final ObjectMapper json = new ObjectMapper();
    private final PeerProcess prometheus;
    private final long aroundMs;
    private final List<BodyResult> results = new ArrayList<>();
    private final Map<Integer, Set<Long>> scrapeTimes = new HashMap<>();

    private PeerBodyResults(PeerProcess prometheus, long aroundMs) {
        this.prometheus = prometheus;
        this.aroundMs = aroundMs;
    }

    interface Start {
        /** Starts one; the flags are further ones. */
        PeerProcess on(String configuration, String... flags) throws IOException;
    }

    /**
     * Has bodies scraped.
     *
     * @param options lines of the scrape configuration
     * @param aroundMs the time now; samples far from here are left out
     * @return a result for each body
     */
    static List<BodyResult> of(List<ExposedBody> bodies, String options, long aroundMs, Start start)
            throws IOException {
        try (LoopbackServer server = LoopbackServer.start((request, out) -> {
                    ExposedBody body =
                            bodies.get(Integer.parseInt(request.target().substring(1)));
                    LoopbackServer.respond(out, body.contentType, body.bytes);
                });
                PeerProcess prometheus = start.on(
                        configuration(server.address(), bodies.size(), options), "--enable-feature=exemplar-storage")) {
            PeerBodyResults peer = new PeerBodyResults(prometheus, aroundMs);
            peer.read(bodies.size());
            return peer.results;
        }
    }

    private static String configuration(String address, int count, String options) {
        StringBuilder yaml = new StringBuilder("storage: {exemplars: {max_exemplars: 1000000}}\n")
                .append("scrape_configs:\n- job_name: j\n  scrape_interval: ")
                .append(INTERVAL.toSeconds())
                .append("s\n  scrape_timeout: ")
                .append(INTERVAL.toSeconds())
                .append("s\n")
                .append(options)
                .append("  static_configs:\n");
        for (int i = 0; i < count; i++) {
            yaml.append("  - {targets: ['").append(address).append("'], labels: {instance: '");
            yaml.append(i).append("', __metrics_path__: '/").append(i).append("'}}\n");
        }
        return yaml.toString();
    }

    private void read(int count) throws IOException {
        readHealth(count);
        // Exemplars first, so that the time of each scrape that they are of is known from the samples.
        JsonNode exemplars = exemplars();
        readSamples();
        readExemplars(exemplars);
        readMetadata();
    }

    private void readHealth(int count) {
        Map<Integer, Boolean> health = new HashMap<>();
        await().atMost(LIMIT).pollInterval(Duration.ofSeconds(2)).until(() -> {
            health.clear();
            JsonNode targets = json.readTree(
                            prometheus.get("/api/v1/targets?state=active").body())
                    .at("/data/activeTargets");
            for (JsonNode target : targets) {
                String word = target.get("health").asText();
                if (!word.equals("unknown")) {
                    health.put(target.at("/labels/instance").asInt(), word.equals("up"));
                }
            }
            return health.size() == count;
        });
        for (int i = 0; i < count; i++) {
            results.add(new BodyResult(Boolean.TRUE.equals(health.get(i))));
        }
    }

    private void readSamples() throws IOException {
        // Damage may move a timestamp into the future, from where a query of now would not see it.
        long second = aroundMs / 1000 + 1200;
        JsonNode all = get("/api/v1/query?time=" + second + "&query=" + encoded("{job=\"j\"}[40m]"))
                .path("result");
        for (JsonNode one : all) {
            // Of the report, not of a body that has such a series too.
            if (one.at("/metric/__name__").asText().equals("scrape_duration_seconds")
                    && one.get("metric").size() == 3) {
                Set<Long> times =
                        scrapeTimes.computeIfAbsent(one.at("/metric/instance").asInt(), _ -> new HashSet<>());
                one.path("values").forEach(value -> times.add(timeMs(value.get(0))));
            }
        }
        for (JsonNode one : all) {
            Labels series = labels(one.get("metric"));
            if (!BodyResult.isCompared(series)) {
                continue;
            }
            int number = number(series);
            Set<String> samples = new TreeSet<>();
            one.path("values").forEach(value -> {
                String shown = GoFloat.general(GoFloat.parse(value.get(1).asText()));
                add(samples, number, timeMs(value.get(0)), shown);
            });
            one.path("histograms")
                    .forEach(value -> add(samples, number, timeMs(value.get(0)), histogram(value.get(1))));
            if (!samples.isEmpty()) {
                results.get(number).samples().put(series.toString(), samples);
            }
        }
    }

    private JsonNode exemplars() throws IOException {
        long second = aroundMs / 1000;
        return get("/api/v1/query_exemplars?start=" + (second - 1200) + "&end=" + (second + 1200) + "&query="
                + encoded("{job=\"j\"}"));
    }

    private void readExemplars(JsonNode all) {
        for (JsonNode one : all) {
            Labels series = labels(one.get("seriesLabels"));
            int number = number(series);
            Set<String> exemplars = new TreeSet<>();
            for (JsonNode exemplar : one.get("exemplars")) {
                // Not as labels: damage may leave a name empty, with which Prometheus keeps it.
                Map<String, String> labels = new TreeMap<>();
                exemplar.get("labels")
                        .properties()
                        .forEach(label ->
                                labels.put(label.getKey(), label.getValue().asText()));
                labels.remove("");
                String shown = labels + " "
                        + GoFloat.general(GoFloat.parse(exemplar.get("value").asText()));
                add(exemplars, number, timeMs(exemplar.get("timestamp")), shown);
            }
            if (!exemplars.isEmpty()) {
                results.get(number).exemplars().put(series.toString(), exemplars);
            }
        }
    }

    private void add(Set<String> samples, int number, long timeMs, String shown) {
        if (BodyResult.isCompared(timeMs, aroundMs)) {
            boolean isScrapeTime = scrapeTimes.getOrDefault(number, Set.of()).contains(timeMs);
            samples.add(BodyResult.sample(shown, timeMs, isScrapeTime));
        }
    }

    private void readMetadata() throws IOException {
        for (JsonNode entry : get("/api/v1/targets/metadata")) {
            String family = entry.path("metric").asText();
            String unit = entry.path("unit").asText();
            String help = entry.path("help").asText();
            if (BodyResult.isPlain(family + unit + help)) {
                results.get(entry.at("/target/instance").asInt())
                        .metadata()
                        .put(family, entry.path("type").asText() + " " + unit + " " + help);
            }
        }
    }

    private JsonNode get(String path) throws IOException {
        JsonNode answer = json.readTree(prometheus.get(path).body());
        assertThat(answer.path("status").asText()).as(path).isEqualTo("success");
        return answer.get("data");
    }

    private static String encoded(String query) {
        return URLEncoder.encode(query, StandardCharsets.UTF_8);
    }

    private static Labels labels(JsonNode from) {
        LabelsBuilder labels = Labels.builder();
        from.properties()
                .forEach(label -> labels.set(label.getKey(), label.getValue().asText()));
        return labels.build();
    }

    private static int number(Labels series) {
        return Integer.parseInt(series.getOrEmpty("instance"));
    }

    private static String histogram(JsonNode histogram) {
        StringBuilder text = new StringBuilder();
        text.append(number(histogram.get("count"))).append(' ').append(number(histogram.get("sum")));
        for (JsonNode bucket : histogram.path("buckets")) {
            text.append(" (").append(bound(bucket.get(1))).append(',').append(bound(bucket.get(2)));
            text.append(")=").append(number(bucket.get(3)));
        }
        return text.toString();
    }

    private static String bound(JsonNode text) {
        return BodyResult.bound(GoFloat.parse(text.asText()));
    }

    private static String number(JsonNode text) {
        double number = GoFloat.parse(text.asText());
        return GoFloat.general(number == 0 ? 0 : number);
    }

    private static long timeMs(JsonNode seconds) {
        return Math.round(seconds.asDouble() * 1000);
    }
}
