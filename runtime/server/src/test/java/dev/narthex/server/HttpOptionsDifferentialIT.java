// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.model.time.WallClock;
import dev.narthex.testkit.http.TestCertificate;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each option of {@code http_config} and each odd address, path and parameter, given to the newest Prometheus and to
 * Narthex: targets, token servers and proxies see the same requests, to the letter and in order, and the same TLS; both say
 * the same of the targets. Then files with passwords, tokens and certificates change, and once more.
 */
class HttpOptionsDifferentialIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    /** Jobs of whose error the words are ours: they say more, or are those of another library. */
    private static final Set<String> OWN_WORDS = Set.of(
            "address-six-upper",
            "address-zone",
            "oauth-fraction-expiry",
            "oauth-no-json",
            "oauth-number-token",
            "oauth-odd-expiry",
            "oauth-trailing",
            "plain-to-tls",
            "proxy-refuses",
            "proxy-refuses-502",
            "tls-client-wrong",
            "tls-to-plain",
            "tls-wrong-server-name");

    private static final String GOOD = "200 OK; Content-Type: text/plain; a 1";

    /** A line of {@code http-options/jobs.txt}. */
    private record Job(String name, String options, String target, String answer) {
        static Job of(String line) {
            String[] parts = (line + " | | | ").split("\\|(?= )", -1);
            String target = parts[2].isBlank() ? "PLAIN" : parts[2].strip();
            return new Job(parts[0].strip(), parts[1].strip(), target, parts[3].strip());
        }

        String yaml() {
            StringBuilder yaml = new StringBuilder("- {job_name: ").append(name);
            if (!options.contains("metrics_path:")) {
                yaml.append(", metrics_path: /").append(name);
            }
            yaml.append(options.isEmpty() ? "" : ", ").append(options);
            String quoted = target.startsWith("'") ? target : "'" + target + "'";
            return yaml.append(", static_configs: [{targets: [")
                    .append(quoted)
                    .append("]}]}\n")
                    .toString();
        }
    }

    @TempDir
    private Path directory;

    private final Map<String, Set<String>> asked = new ConcurrentHashMap<>();
    private final Map<String, Job> jobs = new TreeMap<>();
    private final Map<String, String> places = new TreeMap<>((left, right) -> right.compareTo(left));
    private TestCertificate server;
    private TestCertificate client;
    private TestCertificate other;
    private Path files;

    @BeforeEach
    void prepare() throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/http-options/jobs.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    Job job = Job.of(line);
                    jobs.put(job.name, job);
                }
            }
        }
        server = TestCertificate.make(directory, "server", "ip:127.0.0.1,dns:localhost,dns:*.in.example");
        client = TestCertificate.make(directory, "client", "dns:client.example");
        other = TestCertificate.make(directory, "other", "dns:other.example");
        files = Files.createDirectory(directory.resolve("files"));
    }

    /** What the files say, before they change and then. */
    private void write(boolean changed) throws IOException {
        Files.writeString(files.resolve("user"), changed ? "other-user\n" : "file-user\n");
        Files.writeString(files.resolve("password"), changed ? "second" : "first\n");
        Files.writeString(files.resolve("token"), changed ? "second-token\r\n" : "first-token");
        Files.writeString(files.resolve("blanks"), changed ? "x" : " \t in blanks \n\n");
        Files.writeString(files.resolve("lines"), changed ? "one line" : "two\nlines");
        Files.writeString(files.resolve("empty"), changed ? "full" : "");
        Files.writeString(files.resolve("ca.pem"), server.certificatePem());
        Files.writeString(files.resolve("changing.pem"), (changed ? server : other).certificatePem());
        Files.writeString(files.resolve("client.pem"), client.certificatePem());
        Files.writeString(files.resolve("client-key.pem"), client.keyPem());
        Files.writeString(files.resolve("other.pem"), other.certificatePem());
        Files.writeString(files.resolve("other-key.pem"), other.keyPem());
        if (changed) {
            Files.writeString(files.resolve("missing"), "not missing");
        } else {
            Files.deleteIfExists(files.resolve("missing"));
        }
    }

    private String placed(String text) {
        String all = text;
        for (Map.Entry<String, String> place : places.entrySet()) {
            all = all.replace(place.getKey(), place.getValue());
        }
        return all;
    }

    private String answer(String target) {
        String name = target.replaceFirst("^/(token/)?", "").replaceFirst("[^A-Za-z0-9_-].*", "");
        Job job = jobs.get(name);
        String wanted = target.startsWith("/token") ? "TOKEN {\"access_token\":\"to\"}" : GOOD;
        if (job != null && !job.answer.isEmpty()) {
            boolean given = name.startsWith("oauth")
                    ? target.startsWith("/token/" + name) && !target.endsWith("/to")
                    : target.equals("/" + name);
            wanted = given ? job.answer : wanted;
        }
        List<String> parts = new ArrayList<>(List.of(placed(wanted)
                .replaceFirst("^TOKEN ", "200 OK; Content-Type: application/json; ")
                .split("; ?", -1)));
        String body = "";
        if (parts.size() > 1 && !parts.getLast().matches("[A-Z][A-Za-z-]+:.*")) {
            body = parts.removeLast();
        }
        boolean bodyless = wanted.startsWith("204") || wanted.startsWith("304");
        body = body.isEmpty() ? "" : body + "\n";
        StringBuilder text =
                new StringBuilder("HTTP/1.1 ").append(parts.removeFirst()).append("\r\n");
        parts.forEach(
                field -> text.append(new String(field.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                        .append("\r\n"));
        if (!bodyless) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return text.append("\r\n").append(body).toString();
    }

    /** What came of it with one of the two, by jobs. */
    private record Result(Map<String, String> targets, Map<String, Set<String>> asked) {}

    @Test
    void asksAsPrometheusAsks() throws Exception {
        Optional<Path> newest = Peers.newestPrometheus();
        Assumptions.assumeTrue(newest.isPresent(), "no newest Prometheus here; e2e/peers --newest builds one");
        RecordingServer.Answers answers = (_, target) -> answer(target);
        String closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = "127.0.0.1:" + socket.getLocalPort();
        }
        try (RecordingServer plain = new RecordingServer("plain", answers, asked);
                RecordingServer second = new RecordingServer("other", answers, asked);
                RecordingServer proxy = new RecordingServer("proxy", answers, asked);
                RecordingServer socks = new RecordingServer("socks", answers, asked);
                RecordingServer proxyTls =
                        new RecordingServer("proxy by", answers, asked, server.context(client), false);
                RecordingServer tls = new RecordingServer("tls", answers, asked, server.context(client), false);
                RecordingServer needing = new RecordingServer("needing", answers, asked, server.context(client), true);
                RecordingServer twelve =
                        new RecordingServer("twelve", answers, asked, server.context(client), false, "TLSv1.2");
                RecordingServer thirteen =
                        new RecordingServer("thirteen", answers, asked, server.context(client), false, "TLSv1.3")) {
            for (RecordingServer each : List.of(proxy, socks, proxyTls)) {
                each.tunnelTo(tls.port(), plain.port());
            }
            places.put("PLAIN", plain.address());
            places.put("PORT", Integer.toString(plain.port()));
            places.put("OTHER", second.address());
            places.put("PROXYTLS", proxyTls.address());
            places.put("PROXY", proxy.address());
            places.put("SOCKS", socks.address());
            places.put("SECUREPORT", Integer.toString(tls.port()));
            places.put("TWELVE", twelve.address());
            places.put("THIRTEEN", thirteen.address());
            places.put("SECURE", tls.address());
            places.put("NEEDING", needing.address());
            places.put("CLOSED", closed);
            places.put("DIR", files.toString());
            StringBuilder yaml =
                    new StringBuilder("global: {scrape_interval: 2s, scrape_timeout: 1s750ms}\nscrape_configs:\n");
            jobs.values().forEach(job -> yaml.append(placed(job.yaml())));
            Map<String, String> environment =
                    Map.of("HTTP_PROXY", "http://" + proxy.address(), "HTTPS_PROXY", "http://me:pw@" + proxy.address());
            List<Result> expected;
            write(false);
            Path theirs = Files.createDirectory(directory.resolve("theirs"));
            Path program = Files.writeString(
                    directory.resolve("prometheus"),
                    "#!/bin/sh\n" + variables(environment) + "exec '" + newest.orElseThrow() + "' \"$@\"\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
            try (PeerProcess prometheus = PeerProcess.prometheus(program, yaml.toString(), theirs)) {
                expected = play(path -> prometheus.get(path).body());
            }
            asked.clear();
            write(false);
            Path ours = Files.createDirectory(directory.resolve("ours"));
            Path file = Files.writeString(ours.resolve("prometheus.yml"), yaml);
            List<Result> actual;
            try (ServerProcess narthex = ServerProcess.startIn(
                    environment,
                    ours,
                    ServerProcess.freePort(),
                    "run",
                    "--config.file=" + file,
                    "--storage.tsdb.path=" + ours.resolve("data"))) {
                actual = play(path -> narthex.get(path).body());
            }
            List<String> differences = new ArrayList<>();
            for (int i = 0; i < expected.size(); i++) {
                compare(i, expected.get(i), actual.get(i), differences);
            }
            assertThat(String.join("\n", differences)).isEmpty();
        }
    }

    private static String variables(Map<String, String> environment) {
        StringBuilder text = new StringBuilder();
        environment.forEach((name, value) ->
                text.append("export ").append(name).append("='").append(value).append("'\n"));
        return text.toString();
    }

    private interface Asking {
        String get(String path) throws IOException;
    }

    /** Before the files change, and behind that. */
    private List<Result> play(Asking asking) throws IOException {
        List<Result> results = new ArrayList<>();
        for (boolean changed : List.of(false, true)) {
            if (changed) {
                write(true);
                awaitScrapes(asking, WallClock.system().instant());
                asked.clear();
            }
            awaitScrapes(asking, WallClock.system().instant());
            Map<String, String> targets = targets(asking);
            Map<String, Set<String>> requests = new TreeMap<>();
            asked.forEach((name, all) -> requests.put(name, new TreeSet<>(all)));
            results.add(new Result(targets, requests));
        }
        return results;
    }

    private static JsonArray active(Asking asking) throws IOException {
        return new JsonObject(asking.get("/api/v1/targets"))
                .getJsonObject("data")
                .getJsonArray("activeTargets");
    }

    /** Waits until each target was scraped twice since. */
    private static void awaitScrapes(Asking asking, Instant since) {
        for (int i = 0; i < 2; i++) {
            Instant begin = i == 0 ? since : WallClock.system().instant();
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(300)).until(() -> {
                JsonArray active = active(asking);
                for (Object each : active) {
                    JsonObject target = (JsonObject) each;
                    Instant last = Instant.parse(target.getString("lastScrape"));
                    if (target.getString("health").equals("unknown") || last.isBefore(begin)) {
                        return false;
                    }
                }
                return !active.isEmpty();
            });
        }
    }

    private Map<String, String> targets(Asking asking) throws IOException {
        Map<String, String> targets = new TreeMap<>();
        for (Object each : active(asking)) {
            JsonObject target = (JsonObject) each;
            StringBuilder text = new StringBuilder();
            for (String member : List.of(
                    "labels",
                    "discoveredLabels",
                    "scrapeUrl",
                    "globalUrl",
                    "health",
                    "scrapeInterval",
                    "scrapeTimeout",
                    "lastError")) {
                Object value = target.getValue(member);
                text.append(member).append(": ");
                text.append(value instanceof JsonObject labels ? new TreeMap<>(labels.getMap()) : value)
                        .append('\n');
            }
            targets.put(target.getString("scrapePool"), text.toString().strip());
        }
        return targets;
    }

    private void compare(int phase, Result expected, Result actual, List<String> differences) {
        for (String name : jobs.keySet()) {
            boolean ownWords = OWN_WORDS.contains(name);
            difference(
                    phase + " " + name + " targets",
                    settled(expected.targets.getOrDefault(name, "none"), ownWords),
                    settled(actual.targets.getOrDefault(name, "none"), ownWords),
                    differences);
            difference(
                    phase + " " + name + " requests",
                    settledRequests(name, expected.asked.getOrDefault(name, Set.of())),
                    settledRequests(name, actual.asked.getOrDefault(name, Set.of())),
                    differences);
        }
    }

    /** Without the words of an error that are our own on purpose; that there is one is compared all the same. */
    private static String settled(String target, boolean ownWords) {
        return ownWords ? target.replaceFirst("(?s)lastError: (Get|parse) .*", "lastError: $1") : target;
    }

    /** HTTP/2 is not offered through proxies, and with another name for the server; proxies are not told who asks. */
    private static String settledRequests(String name, Set<String> requests) {
        String all = String.join("\n", requests).replace("User-Agent: Go-http-client/1.1\n", "");
        return name.matches("proxy.*|socks.*|scheme-https-no-port|tls-server-name.*")
                ? all.replaceAll(" offering \\[[^]]*]", "")
                : all;
    }

    private static void difference(String what, String theirs, String ours, List<String> differences) {
        if (!theirs.equals(ours)) {
            List<String> left = theirs.lines().toList();
            List<String> right = ours.lines().toList();
            StringBuilder text = new StringBuilder("== ").append(what);
            left.stream()
                    .filter(line -> !right.contains(line))
                    .forEach(line -> text.append("\n-- Prometheus: ").append(line));
            right.stream()
                    .filter(line -> !left.contains(line))
                    .forEach(line -> text.append("\n-- Narthex:    ").append(line));
            differences.add(
                    left.stream().allMatch(right::contains) && right.stream().allMatch(left::contains)
                            ? text + "\n-- Prometheus, in order:\n" + theirs + "\n-- Narthex, in order:\n" + ours
                            : text.toString());
        }
    }
}
