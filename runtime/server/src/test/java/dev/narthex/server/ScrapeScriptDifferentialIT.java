// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.model.time.WallClock;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.testkit.random.Seed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Targets that play scripts, to the newest Prometheus and to Narthex, as servers with a storage each: good and bad answers
 * of all formats, series that come and go, collide and bear timestamps of their own, limits and relabelling of all kinds,
 * and configurations that change, lose and regain targets. In the end both have stored the same samples and staleness
 * markers of each series in the same order, made the same requests, and say the same of the targets.
 *
 * <p>Both scrape at times of their own, so the times of scrapes are not compared, and a sample that is stored again at the
 * next scrape counts once. {@code -Dscrape.scripts=} says how many random scripts there are; other ones in each run.
 */
class ScrapeScriptDifferentialIT {
    private static final long DAILY_SEED = 4711;
    private static final int SCRIPTS = Integer.getInteger("scrape.scripts", 60);
    private static final int PHASES = 3;
    private static final int STEPS = 3;
    private static final long INTERVAL_MS = 2000;
    /** A scrape that took longer, though no script is slow, may have been given up, by one of the two alone. */
    private static final long LATE_MS = 1800;

    private static final double MS_PER_SECOND = 1e3;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long MINUTE_MS = 60_000;
    private static final String STALE = "stale";
    private static final String EXPLICIT = " explicit";
    /** What is wrong with an answer of HTTP or with gzip is told in words of our own. */
    private static final Pattern OF_TRANSPORT = Pattern.compile("net/http: |http: |gzip: |flate: |malformed "
            + "|bad Content-Length|unsupported transfer encoding|chunk|header line too long|\\\\x[0-9a-f]{2}");

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    /** When the configuration of a phase was written, and from when on both had its targets. */
    private record Window(long changedMs, long beginMs) {}

    private final List<Window> windows = new ArrayList<>();

    /** What came of a script with one of the two. */
    private static final class Result {
        final Map<String, List<String>> samples = new TreeMap<>();
        final Map<String, String> targets = new TreeMap<>();
        final Set<String> requests;
        /**
         * Keys of samples with timestamps of their own whose series have a marker of the time in which a configuration was
         * taken over: what began before it ends, in Prometheus, by the new one now and then, and older samples are refused.
         */
        final Set<String> disturbed = new HashSet<>();
        /** Whether a scrape took as long as it may: on a machine as busy as that the two hear other things. */
        boolean late;

        Result(Set<String> requests) {
            this.requests = requests;
        }

        /** Takes over words of errors that are ours on purpose: those of parsers, and those that say more. */
        void settle(Result real) {
            String ours = targets.getOrDefault("lastError", "");
            String theirs = real.targets.getOrDefault("lastError", "");
            if (!theirs.isEmpty()
                    && (ours.startsWith(theirs)
                            || ours.matches("(?s)(line|byte) \\d+: .*")
                            || theirs.contains("EOF")
                            || (!ours.isEmpty() && OF_TRANSPORT.matcher(theirs).find()))) {
                targets.put("lastError", theirs);
            }
        }

        boolean isEqual(Result other) {
            return samples.equals(other.samples) && targets.equals(other.targets) && requests.equals(other.requests);
        }
    }

    @AfterEach
    void end() {
        http.close();
    }

    @Test
    void storesWhatPrometheusStores() throws Exception {
        Optional<Path> newest = Peers.newestPrometheus();
        Assumptions.assumeTrue(newest.isPresent(), "no newest Prometheus here; e2e/peers --newest builds one");
        Random random = Integer.getInteger("scrape.scripts") == null && Long.getLong(Seed.PROPERTY) == null
                ? new Seed(DAILY_SEED).random()
                : Seed.of(ScrapeScriptDifferentialIT.class).random();
        long baseMs = WallClock.system().millis();
        RandomScripts scripts = new RandomScripts(random, baseMs, PHASES, STEPS);
        List<ScrapeScript> all = new ArrayList<>(WrittenScripts.all(PHASES));
        for (int i = all.size(), end = i + SCRIPTS; i < end; i++) {
            all.add(scripts.script(i));
        }
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        Path ours = Files.createDirectory(directory.resolve("ours"));
        try (ScriptedTargets targets = new ScriptedTargets(all)) {
            String first = yaml(all, 0, targets.address());
            Path file = Files.writeString(ours.resolve("prometheus.yml"), first);
            try (PeerProcess prometheus =
                            PeerProcess.prometheus(newest.orElseThrow(), first, theirs, "--web.enable-lifecycle");
                    ServerProcess narthex = ServerProcess.start(
                            ours,
                            ServerProcess.freePort(),
                            "run",
                            "--config.file=" + file,
                            "--storage.tsdb.path=" + ours.resolve("data"),
                            "--web.enable-lifecycle")) {
                for (int phase = 0; phase < PHASES; phase++) {
                    long changedMs = phase == 0 ? baseMs : WallClock.system().millis();
                    long beginMs = changedMs;
                    if (phase > 0) {
                        String next = yaml(all, phase, targets.address());
                        Files.writeString(theirs.resolve("prometheus.yml"), next);
                        Files.writeString(file, next);
                        reload(prometheus.uri());
                        reload(narthex.uri());
                        awaitTargets(prometheus.uri(), all, phase);
                        awaitTargets(narthex.uri(), all, phase);
                        targets.begin(phase);
                        beginMs = WallClock.system().millis();
                    }
                    windows.add(new Window(changedMs, beginMs));
                    await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(targets::isOver);
                }
                windows.add(new Window(WallClock.system().millis(), Long.MAX_VALUE));
                compare(
                        all,
                        results(prometheus.uri(), targets, ScriptedTargets.PROMETHEUS, all, baseMs),
                        results(narthex.uri(), targets, ScriptedTargets.NARTHEX, all, baseMs));
            }
        }
    }

    private static String yaml(List<ScrapeScript> scripts, int phase, String address) {
        StringBuilder yaml = new StringBuilder("global: {scrape_interval: ")
                .append(INTERVAL_MS)
                .append("ms, scrape_timeout: ")
                .append(INTERVAL_MS)
                .append("ms}\nscrape_configs:\n");
        scripts.forEach(script -> yaml.append(script.yaml(phase, address)));
        return yaml.toString();
    }

    private void reload(URI server) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/-/reload"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    /** Waits until a server has the targets of a phase, which Prometheus takes over some seconds after a reload. */
    private void awaitTargets(URI server, List<ScrapeScript> scripts, int phase) {
        long wanted = scripts.stream()
                .filter(script -> script.phases().get(phase).present())
                .count();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(() -> {
            long found = 0;
            for (Object target : targets(server)) {
                JsonObject discovered = ((JsonObject) target).getJsonObject("discoveredLabels");
                if (!discovered.getString("__meta_phase").equals(Integer.toString(phase))) {
                    return false;
                }
                found++;
            }
            return found == wanted;
        });
    }

    private JsonArray targets(URI server) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(server.resolve("/api/v1/targets")).build(),
                HttpResponse.BodyHandlers.ofString());
        return new JsonObject(answer.body()).getJsonObject("data").getJsonArray("activeTargets");
    }

    private static void compare(List<ScrapeScript> scripts, List<Result> expected, List<Result> actual) {
        StringBuilder differences = new StringBuilder();
        int count = 0;
        int late = 0;
        int samples = 0;
        for (int i = 0; i < scripts.size(); i++) {
            samples += expected.get(i).samples.size();
            if (expected.get(i).late || actual.get(i).late) {
                late++;
                continue;
            }
            for (Result each : List.of(expected.get(i), actual.get(i))) {
                each.samples.keySet().removeAll(expected.get(i).disturbed);
            }
            actual.get(i).settle(expected.get(i));
            if (!actual.get(i).isEqual(expected.get(i))) {
                count++;
                differences
                        .append(scripts.get(i))
                        .append("---- differences of script ")
                        .append(i)
                        .append('\n');
                difference(expected.get(i).samples, actual.get(i).samples, differences);
                difference(expected.get(i).targets, actual.get(i).targets, differences);
                if (!expected.get(i).requests.equals(actual.get(i).requests)) {
                    differences
                            .append("Prometheus asked ")
                            .append(expected.get(i).requests)
                            .append('\n');
                    differences
                            .append("Narthex asked    ")
                            .append(actual.get(i).requests)
                            .append('\n');
                }
            }
        }
        System.out.println("ScrapeScriptDifferentialIT: " + late + " of " + scripts.size() + " scripts came late");
        assertThat(differences)
                .as(count + " of " + scripts.size() + " scripts with another result")
                .isEmpty();
        assertThat(samples).isGreaterThan(10 * scripts.size());
    }

    private static <T> void difference(Map<String, T> expected, Map<String, T> actual, StringBuilder into) {
        Map<String, T> all = new TreeMap<>(expected);
        all.putAll(actual);
        for (String key : all.keySet()) {
            String theirs = String.valueOf(expected.get(key));
            String ours = String.valueOf(actual.get(key));
            if (!theirs.equals(ours)) {
                into.append(key).append("\n    Prometheus: ").append(theirs);
                into.append("\n    Narthex:    ").append(ours).append('\n');
            }
        }
    }

    private List<Result> results(
            URI server, ScriptedTargets targets, String client, List<ScrapeScript> scripts, long baseMs)
            throws Exception {
        List<Result> results = new ArrayList<>();
        scripts.forEach(script -> results.add(new Result(targets.asked(client, script.number()))));
        Map<Labels, SampleBuffer> stored =
                StoredSamples.of(server, "script", baseMs - 240 * MINUTE_MS, baseMs + 60 * MINUTE_MS);
        stored.forEach((labels, samples) -> {
            ScrapeScript script = scripts.get(Integer.parseInt(labels.getOrEmpty("script")));
            Result result = results.get(script.number());
            add(script, labels, samples, baseMs, result.samples);
            for (int i = 0; i < samples.size(); i++) {
                if (StalenessMarker.is(samples.value(i)) && isOfChange(samples.timestampMs(i))) {
                    result.disturbed.add(labels + EXPLICIT);
                }
                if (labels.metricName().equals("scrape_duration_seconds")) {
                    result.late |= samples.value(i) * MS_PER_SECOND > LATE_MS;
                }
            }
        });
        for (Object each : targets(server)) {
            JsonObject target = (JsonObject) each;
            Map<String, String> into = results.get(Integer.parseInt(
                            target.getJsonObject("discoveredLabels").getString("script")))
                    .targets;
            for (String member : List.of("labels", "discoveredLabels", "scrapeUrl", "lastError", "health")) {
                Object value = target.getValue(member);
                into.put(
                        member,
                        value instanceof JsonObject labels ? new TreeMap<>(labels.getMap()).toString() : "" + value);
            }
        }
        return results;
    }

    /**
     * Adds the samples of a series in order, for each phase apart; those of scrapes without their times, and those that are
     * like the one before but once. Those of the time in which a configuration was taken over are left out, and markers that
     * begin a phase, since Prometheus forgets at a new configuration which series there were. Of a phase without the target
     * the last sample counts.
     */
    private void add(
            ScrapeScript script, Labels labels, SampleBuffer samples, long baseMs, Map<String, List<String>> into) {
        boolean duration = labels.metricName().equals("scrape_duration_seconds");
        for (int i = 0; i < samples.size(); i++) {
            String value;
            if (StalenessMarker.is(samples.value(i))) {
                value = STALE;
            } else if (samples.histogram(i) != null) {
                value = String.valueOf(samples.histogram(i));
            } else {
                value = duration ? "d" : GoFloat.general(samples.value(i));
            }
            long timeMs = samples.timestampMs(i);
            long afterMs = timeMs - baseMs;
            if (afterMs < -10_000 || afterMs > 4 * MINUTE_MS) {
                into.computeIfAbsent(labels + EXPLICIT, _ -> new ArrayList<>()).add(value + "@" + afterMs / 1000);
                continue;
            }
            int phase = phase(script, timeMs);
            if (phase < 0 || (phase > 0 && labels.metricName().equals("scrape_series_added"))) {
                continue;
            }
            List<String> tokens = into.computeIfAbsent(labels + " phase " + phase, _ -> new ArrayList<>());
            if (!script.phases().get(phase).present()) {
                tokens.clear();
                tokens.add(value);
            } else if (tokens.isEmpty() ? !value.equals(STALE) : !value.equals(tokens.getLast())) {
                tokens.add(value);
            }
        }
        into.values().removeIf(List::isEmpty);
    }

    /** Whether a configuration was taken over then, or shortly before. */
    private boolean isOfChange(long timeMs) {
        return windows.stream()
                .skip(1)
                .anyMatch(each -> timeMs >= each.changedMs && timeMs - 2 * INTERVAL_MS <= each.beginMs);
    }

    /** In which phase of a script a sample was taken; negative where between two. */
    private int phase(ScrapeScript script, long timeMs) {
        for (int phase = 0; phase < PHASES; phase++) {
            Window window = windows.get(phase);
            long fromMs = script.phases().get(phase).present() ? window.beginMs : window.changedMs;
            if (timeMs >= fromMs && timeMs < windows.get(phase + 1).changedMs) {
                return phase;
            }
        }
        return -1;
    }
}
