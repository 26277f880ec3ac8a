// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files and HTTP answers with lists of targets, good at first, then odd, then good again, given to the newest Prometheus and
 * to Narthex: at each step the same targets with the same discovered and final labels, the same dropped ones, and the same
 * counts.
 */
class DiscoveryDifferentialIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String GOOD = "[{\"targets\": [\"good:1\", \"drop:1\"], \"labels\": {\"l\": \"STEP\"}}]";
    private static final String STEP = "STEP";
    private static final int STEPS = 3;
    /** The file is not there. */
    private static final String GONE = "\0gone";

    /** Contents of a file in the second step, by the ending of its name. */
    private static final List<List<String>> FILES = List.of(
            List.of("json", ""),
            List.of("json", " \n"),
            List.of("json", "[]"),
            List.of("json", "null"),
            List.of("json", "{}"),
            List.of("json", "[null]"),
            List.of("json", "[{}]"),
            List.of("json", "[{\"targets\": null}]"),
            List.of("json", "[{\"targets\": [], \"labels\": {\"a\": \"b\"}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": null}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"a\": null}}]"),
            List.of("json", "[{\"targets\": [null]}]"),
            List.of("json", "[{\"targets\": [\"\"]}]"),
            List.of("json", "[{\"targets\": [1]}]"),
            List.of("json", "[{\"targets\": \"a:1\"}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"a\": 1}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"a\": true}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"a-b\": \"c\"}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"\": \"c\"}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"a\": \"\"}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"__address__\": \"b:1\"}}]"),
            List.of(
                    "json",
                    "[{\"targets\": [\"a:1\"], \"labels\": {\"__meta_filepath\": \"mine\", \"job\": \"own\"}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"a\": \"1\", \"a\": \"2\"}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"targets\": [\"b:1\"]}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"other\": 1}]"),
            List.of("json", "[{\"TARGETS\": [\"a:1\"], \"Labels\": {\"a\": \"1\"}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"source\": \"x\"}]"),
            List.of("json", "[{\"targets\": [\"a:1\", \"a:1\", \"b:1\"]}, {\"targets\": [\"a:1\"]}]"),
            List.of("json", "[{\"targets\": [\"a:1\"]}, {\"targets\": [\"b:1\"]}, {\"targets\": [\"drop:2\"]}]"),
            List.of("json", "[{\"targets\": [\"a:1\"]}] x"),
            List.of("json", "[{\"targets\": [\"a:1\"]},]"),
            List.of("json", "[{'targets': ['a:1']}]"),
            List.of("json", "[{targets: [\"a:1\"]}]"),
            List.of("json", "# none\n[{\"targets\": [\"a:1\"]}]"),
            List.of("json", "- targets: ['a:1']\n"),
            List.of("json", "\ufeff[{\"targets\": [\"a:1\"]}]"),
            List.of("json", "\r\n[\t{\"targets\":\t[\"a:1\"]}]\r\n"),
            List.of(
                    "json",
                    "[{\"targets\": [\"a\\u0041:1\"], \"labels\": {\"u\": \"\\ud83d\\ude00 \\n \\/ \\ud800x\"}}]"),
            List.of("json", "[{\"targets\": [\"a:1\", \"a\", \"http://a:1\", \"[::1]:80\"]}]"),
            List.of(
                    "json",
                    "[{\"targets\": [\"a:b\", \"a:1:2\", \"a\\nb:1\", \"\u00fc:1\", \"a b:1\", \"[::1\", \":1\","
                            + " \"a@b:1\", \"a?b\", \"a#b\", \"a%b:1\", \"::1\", \"a:99999\", \"a:\", \"A:1\"]}]"),
            List.of("json", "[{\"targets\": [\"a:1\"],}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"a\": \"1\"}, \"labels\": {\"b\": \"2\"}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"a\": \"\\u0000\"}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"__scheme__\": \"ftp\", \"instance\": \"\"}}]"),
            List.of("json", "[{\"targets\": [\"a:1\"], \"labels\": {\"__scrape_interval__\": \"x\"}}]"),
            List.of(
                    "json",
                    "[{\"targets\": [\"a:1\"], \"labels\": {\"__param_x\": \"y z\", \"__metrics_path__\": \"p\"}}]"),
            List.of("json", GONE),
            List.of("yml", ""),
            List.of("yml", "# nothing\n"),
            List.of("yml", "[]"),
            List.of("yml", "null"),
            List.of("yml", "{}"),
            List.of("yml", "x"),
            List.of("yml", "- null"),
            List.of("yml", "- {}"),
            List.of("yml", "- targets:\n"),
            List.of("yml", "- targets: ['a:1']\n  labels:\n"),
            List.of(
                    "yml",
                    "- targets: ['a:1']\n  labels: {a: null, b: ~, c: 1, d: true, e: 0x10, f: 1.50, g: 2001-01-01}\n"),
            List.of("yml", "- targets: [null, 1, true]\n"),
            List.of("yml", "- targets: a:1\n"),
            List.of("yml", "- targets: [['a:1']]\n"),
            List.of("yml", "- targets: ['a:1']\n  labels: {a: [b]}\n"),
            List.of("yml", "- targets: ['a:1']\n  labels: [a]\n"),
            List.of("yml", "- targets: ['a:1']\n  labels: {1: b, true: c}\n"),
            List.of("yml", "- targets: ['a:1']\n  labels: {a-b: c}\n"),
            List.of("yml", "- targets: ['a:1']\n  labels: {'': c}\n"),
            List.of("yml", "- targets: ['a:1']\n  labels: {a: b, a: c}\n"),
            List.of("yml", "- targets: ['a:1']\n  targets: ['b:1']\n"),
            List.of("yml", "- targets: ['a:1']\n  other: 1\n"),
            List.of("yml", "- &x\n  targets: ['a:1']\n- *x\n- <<: *x\n  labels: {a: b}\n"),
            List.of("yml", "--- \n- targets: ['a:1']\n--- \n- targets: ['b:1']\n"),
            List.of("yml", "- targets: ['a:1'\n"),
            List.of("yml", "\t- targets: ['a:1']\n"),
            List.of("yml", "\ufeff- targets: ['a:1']\n"),
            List.of("yml", "- targets: ['a:1']\r\n  labels: {a: b}\r\n"),
            List.of("yml", "- targets: [!!binary YToxCg==, !!str 1]\n"),
            List.of("yml", "- targets:\n  - >\n    a:1\n  - |\n    b:1\n"),
            List.of("yml", "- targets: ['a:1', 0x10, 1_0, 1e3, yes, 12:30, 2001-01-01]\n"),
            List.of("yml", "- targets: ['a:1']\n  labels: &l {a: b}\n- targets: ['b:1']\n  labels: *l\n"),
            List.of("yml", "- targets: ['a:1']\n  labels: {<<: {a: b}, c: d}\n"),
            List.of("yml", "- {targets: ['a:1']}\n... \n- x\n"),
            List.of("yml", GONE),
            List.of("yaml", "- targets: ['a:1']\n"));

    /** Content type and body of an HTTP answer in the second step. */
    private static final List<List<String>> ANSWERS = List.of(
            List.of("application/json", ""),
            List.of("application/json", "null"),
            List.of("application/json", "[]"),
            List.of("application/json", "{}"),
            List.of("application/json", "[null]"),
            List.of("application/json", "[{}]"),
            List.of("application/json", "[{\"targets\": [\"a:1\"], \"labels\": {\"a\": 1}}]"),
            List.of("application/json", "[{\"targets\": [\"a:1\"], \"other\": {}}]"),
            List.of(
                    "application/json",
                    "[{\"targets\": [\"a:1\"], \"labels\": {\"__meta_url\": \"x\", \"a b\": \"c\"}}]"),
            List.of("application/json", "[{\"targets\": [\"a:1\"]}] x"),
            List.of("application/json", "- targets: ['a:1']\n"),
            List.of(
                    "application/json",
                    "[{\"targets\": [\"a:1\"]}, {\"targets\": [\"a:1\"], \"labels\": {\"b\": \"c\"}}]"),
            List.of("application/json", "[{\"targets\": [\"a:1\", null, \"\"]}]"),
            List.of("application/json", "[{\"Targets\": [\"a:1\"]}]"),
            List.of("application/json; charset=utf-8", "[{\"targets\": [\"a:1\"]}]"),
            List.of("application/json;charset=UTF-8", "[{\"targets\": [\"a:1\"]}]"),
            List.of("application/json; charset=\"utf-8\"", "[{\"targets\": [\"a:1\"]}]"),
            List.of("application/json; charset=latin1", "[{\"targets\": [\"a:1\"]}]"),
            List.of("application/json; version=1", "[{\"targets\": [\"a:1\"]}]"),
            List.of("APPLICATION/JSON", "[{\"targets\": [\"a:1\"]}]"),
            List.of("application/json;", "[{\"targets\": [\"a:1\"]}]"),
            List.of("text/json", "[{\"targets\": [\"a:1\"]}]"),
            List.of("text/plain", "[{\"targets\": [\"a:1\"]}]"),
            List.of("", "[{\"targets\": [\"a:1\"]}]"),
            List.of("application/json", "\ufeff[{\"targets\": [\"a:1\"]}]"),
            List.of("application/json", "[{\"targets\": [\"a:1\"],}]"),
            List.of("application/json", "[{\"targets\": [\"\\ud800:1\"], \"labels\": {\"a\": \"\\u0000\"}}]"),
            List.of("application/json", "[{\"targets\": [\"a:1\"], \"labels\": {\"a\": null}}, null]"),
            List.of("application/json", " \r\n\t[ ] \n"),
            List.of("application/json", "[{\"targets\": [\"a:1\"]}]\n[{\"targets\": [\"b:1\"]}]"),
            List.of("application/json, text/html", "[{\"targets\": [\"a:1\"]}]"),
            List.of("application/problem+json", "[{\"targets\": [\"a:1\"]}]"),
            List.of("application/json; charset=utf-8; x=y", "[{\"targets\": [\"a:1\"]}]"),
            List.of("201", "[{\"targets\": [\"a:1\"]}]"),
            List.of("500", "[{\"targets\": [\"a:1\"]}]"),
            List.of("204", ""),
            List.of("404", ""));

    @TempDir
    private Path directory;

    private volatile int step;
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

    private static String good(int step) {
        return GOOD.replace(STEP, Integer.toString(step));
    }

    private void answer(LoopbackRequest request, OutputStream out) throws IOException {
        int now = step;
        List<String> odd = ANSWERS.get(Integer.parseInt(request.target().substring(1)));
        String type = now == 1 ? odd.getFirst() : "application/json";
        byte[] body = (now == 1 ? odd.getLast() : good(now)).getBytes(StandardCharsets.UTF_8);
        boolean isStatus = type.matches("\\d+");
        Map<String, String> headers = new LinkedHashMap<>();
        if (!type.isEmpty()) {
            headers.put("Content-Type", isStatus ? "application/json" : type);
        }
        LoopbackServer.respond(out, isStatus ? Integer.parseInt(type) : 200, headers, body);
        String client = request.header("user-agent").startsWith("Prometheus") ? "theirs" : "ours";
        asked.computeIfAbsent(now + client + request.target(), _ -> new AtomicInteger())
                .incrementAndGet();
    }

    /** Whether both have asked each URL twice since this step: the first answer then was taken over. */
    private boolean isAskedTwice() {
        for (String client : List.of("theirs", "ours")) {
            for (int i = 0; i < ANSWERS.size(); i++) {
                AtomicInteger count = asked.get(step + client + "/" + i);
                if (count == null || count.get() < 2) {
                    return false;
                }
            }
        }
        return true;
    }

    private void writeFiles(Path lists) throws IOException {
        for (int i = 0; i < FILES.size(); i++) {
            List<String> each = FILES.get(i);
            Path file = lists.resolve("f" + i + "." + each.getFirst());
            String text = step == 1 ? each.getLast() : good(step);
            if (text.equals(GONE)) {
                Files.delete(file);
            } else {
                Path made = Files.writeString(lists.resolve("made"), text);
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        // Patterns: several files, one that comes later, a folder of a good name.
        if (step == 0) {
            Files.writeString(lists.resolve("many1.json"), good(step));
            Files.createDirectory(lists.resolve("many-folder.json"));
        } else if (step == 1) {
            Files.writeString(lists.resolve("many2.json"), good(step));
        } else {
            Files.delete(lists.resolve("many1.json"));
        }
        Files.writeString(lists.resolve("last.json"), good(step));
    }

    private static String configuration(Path lists, String address) {
        StringBuilder yaml = new StringBuilder("global: {scrape_interval: 1h}\nscrape_configs:\n");
        for (int i = 0; i < FILES.size(); i++) {
            file(yaml, "f" + i, lists.resolve("f" + i + "." + FILES.get(i).getFirst()));
        }
        file(yaml, "many", lists.resolve("many*.json"));
        file(yaml, "last", lists.resolve("last.json"));
        for (int i = 0; i < ANSWERS.size(); i++) {
            yaml.append("- job_name: h").append(i).append("\n  http_sd_configs: [{url: 'http://");
            yaml.append(address).append('/').append(i).append("', refresh_interval: 1s}]\n");
            relabel(yaml);
        }
        return yaml.toString();
    }

    private static void file(StringBuilder yaml, String job, Path file) {
        yaml.append("- job_name: ")
                .append(job)
                .append("\n  file_sd_configs: [{files: ['")
                .append(file);
        yaml.append("'], refresh_interval: 1s}]\n");
        relabel(yaml);
    }

    private static void relabel(StringBuilder yaml) {
        yaml.append("  relabel_configs: [{source_labels: [__address__], regex: 'drop:.*', action: drop}]\n");
    }

    /** Targets and counts by pool. */
    private static Map<String, String> targets(String answer) {
        JsonObject data = new JsonObject(answer).getJsonObject("data");
        Map<String, TreeSet<String>> pools = new TreeMap<>();
        for (Object each : data.getJsonArray("activeTargets")) {
            JsonObject target = (JsonObject) each;
            pools.computeIfAbsent(target.getString("scrapePool"), _ -> new TreeSet<>())
                    .add("active " + labels(target, "discoveredLabels") + " " + labels(target, "labels") + " "
                            + target.getString("scrapeUrl"));
        }
        for (Object each : data.getJsonArray("droppedTargets", new JsonArray())) {
            JsonObject target = (JsonObject) each;
            pools.computeIfAbsent(target.getString("scrapePool"), _ -> new TreeSet<>())
                    .add("dropped " + labels(target, "discoveredLabels"));
        }
        for (Map.Entry<String, Object> count : data.getJsonObject("droppedTargetCounts")) {
            pools.computeIfAbsent(count.getKey(), _ -> new TreeSet<>()).add("dropped: " + count.getValue());
        }
        Map<String, String> all = new TreeMap<>();
        pools.forEach((pool, found) -> all.put(pool, String.join("\n", found)));
        return all;
    }

    private static String labels(JsonObject target, String member) {
        return new TreeMap<>(target.getJsonObject(member).getMap()).toString();
    }

    private boolean isTakenOver(Map<String, String> targets) {
        return targets.getOrDefault("last", "").contains("l=" + step);
    }

    @Test
    void findsTheTargetsThatPrometheusFinds() throws Exception {
        Optional<Path> newest = Peers.newestPrometheus();
        Assumptions.assumeTrue(newest.isPresent(), "no newest Prometheus here; e2e/peers --newest builds one");
        Path lists = Files.createDirectory(directory.resolve("lists"));
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        Path ours = Files.createDirectory(directory.resolve("ours"));
        writeFiles(lists);
        try (LoopbackServer server = LoopbackServer.start(this::answer)) {
            String yaml = configuration(lists, server.address());
            Path file = Files.writeString(ours.resolve("prometheus.yml"), yaml);
            try (PeerProcess prometheus = PeerProcess.prometheus(newest.orElseThrow(), yaml, theirs);
                    ServerProcess narthex = ServerProcess.start(
                            ours,
                            ServerProcess.freePort(),
                            "run",
                            "--config.file=" + file,
                            "--storage.tsdb.path=" + ours.resolve("data"))) {
                List<String> differences = new ArrayList<>();
                for (int now = 0; now < STEPS; now++) {
                    step = now;
                    if (now > 0) {
                        writeFiles(lists);
                    }
                    compare(prometheus, narthex, differences);
                }
                compareMetrics(prometheus, narthex, differences);
                assertThat(String.join("\n", differences)).isEmpty();
            }
        }
    }

    private void compare(PeerProcess prometheus, ServerProcess narthex, List<String> differences) {
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> actual = new TreeMap<>();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(() -> {
            expected.clear();
            actual.clear();
            expected.putAll(targets(prometheus.get("/api/v1/targets").body()));
            actual.putAll(targets(narthex.get("/api/v1/targets").body()));
            return isAskedTwice() && isTakenOver(expected) && isTakenOver(actual);
        });
        // Prometheus hands over what it has found every five seconds.
        try {
            await().atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        expected.clear();
                        actual.clear();
                        expected.putAll(
                                targets(prometheus.get("/api/v1/targets").body()));
                        actual.putAll(targets(narthex.get("/api/v1/targets").body()));
                        return expected.equals(actual);
                    });
        } catch (ConditionTimeoutException _) {
            Map<String, String> all = new TreeMap<>(expected);
            all.putAll(actual);
            for (String pool : all.keySet()) {
                String theirs = expected.getOrDefault(pool, "-");
                String oursNow = actual.getOrDefault(pool, "-");
                if (!theirs.equals(oursNow)) {
                    differences.add("step " + step + " " + pool + " " + content(pool) + "\nPrometheus: " + theirs
                            + "\nNarthex: " + oursNow);
                }
            }
        }
    }

    /** Metrics of discovery: which there are, and which have counted anything. */
    private static void compareMetrics(PeerProcess prometheus, ServerProcess narthex, List<String> differences)
            throws IOException {
        Map<String, Boolean> expected = metrics(prometheus.get("/metrics").body());
        Map<String, Boolean> actual = metrics(narthex.get("/metrics").body());
        Map<String, Boolean> all = new TreeMap<>(expected);
        all.putAll(actual);
        for (String series : all.keySet()) {
            if (!Objects.equals(expected.get(series), actual.get(series))) {
                differences.add(
                        series + " counts\nPrometheus: " + expected.get(series) + "\nNarthex: " + actual.get(series));
            }
        }
    }

    private static Map<String, Boolean> metrics(String text) {
        Map<String, Boolean> metrics = new TreeMap<>();
        text.lines()
                .filter(line -> line.matches("prometheus_sd_(file|http|refresh|discovered|failed|updates|received).*"))
                // Alertmanagers are not discovered; times, and what depends on them, are of no interest.
                .filter(line -> !line.contains("_delayed_total"))
                .filter(line -> !line.contains("name=\"notify\""))
                .filter(line -> !line.contains("quantile=") && !line.contains("le=") && !line.contains("_sum"))
                .forEach(line -> metrics.put(
                        line.substring(0, line.lastIndexOf(' ')),
                        !line.substring(line.lastIndexOf(' ')).equals(" 0")));
        return metrics;
    }

    private static String content(String pool) {
        int number = pool.matches("[fh]\\d+") ? Integer.parseInt(pool.substring(1)) : -1;
        return number < 0
                ? ""
                : (pool.startsWith("f") ? FILES : ANSWERS).get(number).toString();
    }
}
