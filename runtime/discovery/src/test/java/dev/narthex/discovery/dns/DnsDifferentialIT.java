// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.config.DnsDiscoveryConfig;
import dev.narthex.discovery.Discoverer;
import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.testkit.time.ManualScheduler;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names of all kinds, looked up by the newest Prometheus and by Narthex with two name servers on loopback addresses, then
 * again when the servers say other things: the same targets, and the same questions to the same servers. Prometheus gets its
 * name servers by a resolv.conf of its own, in a mount namespace; where that may not be made, or nobody may listen on port
 * 53, the test is skipped.
 */
class DnsDifferentialIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final String FIRST = "127.0.53.1";
    private static final String SECOND = "127.0.53.2";
    private static final int PORT = 53;
    private static final List<String> SEARCH = List.of("one.example", "two.example");

    /** Of one job. */
    private record Look(String job, String type, int port, List<String> names) {
        String yaml() {
            // Dropped targets are all shown; of active ones, those with the same labels are one.
            StringBuilder yaml = new StringBuilder("- job_name: ").append(job);
            yaml.append("\n  relabel_configs: [{action: drop}]\n  dns_sd_configs: [{names: ['");
            yaml.append(String.join("', '", names)).append("'], type: ").append(type);
            yaml.append(port == 0 ? "" : ", port: " + port).append(", refresh_interval: ");
            return yaml.append(INTERVAL.toSeconds()).append("s}]\n").toString();
        }
    }

    private static final List<Look> LOOKS = List.of(
            new Look("a", "A", 80, List.of("a.example")),
            new Look("upper", "A", 80, List.of("UP.Example")),
            new Look("dot", "A", 80, List.of("dot.example.")),
            new Look("twice", "A", 80, List.of("twice.example")),
            new Look("aaaa", "AAAA", 80, List.of("aaaa.example")),
            new Look("srv", "SRV", 0, List.of("_srv._tcp.example")),
            new Look("mx", "MX", 25, List.of("mx.example")),
            new Look("ns", "NS", 53, List.of("ns.example")),
            new Look("alias", "A", 80, List.of("alias-alone.example")),
            new Look("other-type", "AAAA", 80, List.of("other-type.example")),
            new Look("none", "A", 80, List.of("none.example")),
            new Look("no-data", "A", 80, List.of("no-data.example")),
            new Look("form", "A", 80, List.of("form.example")),
            new Look("fails", "A", 80, List.of("fails.example")),
            new Look("refused", "A", 80, List.of("refused.example")),
            new Look("not-implemented", "A", 80, List.of("not-implemented.example")),
            new Look("first-fails", "A", 80, List.of("first-fails.example")),
            new Look("first-refuses", "A", 80, List.of("first-refuses.example")),
            new Look("first-silent", "A", 80, List.of("first-silent.example")),
            new Look("first-none", "A", 80, List.of("first-none.example")),
            new Look("first-no-data", "A", 80, List.of("first-no-data.example")),
            new Look("many", "A", 80, List.of("many.example")),
            new Look("short", "A", 80, List.of("short")),
            new Look("short-first", "A", 80, List.of("short-first")),
            new Look("short-fails", "A", 80, List.of("short-fails")),
            new Look("short-no-data", "A", 80, List.of("short-no-data")),
            new Look("search", "A", 80, List.of("in.search")),
            new Look("some", "A", 80, List.of("some-good.example", "some-fails.example", "some-none.example")),
            new Look("long", "A", 80, List.of("x".repeat(64) + ".example")),
            new Look("utf8", "A", 80, List.of("\u00fc.example")),
            new Look("dots", "A", 80, List.of("a..example")));

    @TempDir
    private Path directory;

    private static byte[] ip(int last) {
        return LoopbackDns.address("10.0.0." + last);
    }

    private static void begin(LoopbackDns first, LoopbackDns second) {
        for (LoopbackDns dns : List.of(first, second)) {
            dns.clear();
            dns.put("a.example.", RecordType.A, ip(1), ip(2));
            dns.put("UP.Example.", RecordType.A, ip(3));
            dns.put("dot.example.", RecordType.A, ip(4));
            dns.put("twice.example.", RecordType.A, ip(5), ip(5));
            dns.put(
                    "aaaa.example.",
                    RecordType.AAAA,
                    LoopbackDns.address("fd00:0:0:1::1"),
                    LoopbackDns.address("::1"),
                    new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 255, (byte) 255, 1, 2, 3, 4});
            dns.put(
                    "_srv._tcp.example.",
                    RecordType.SRV,
                    LoopbackDns.srv(9100, "host.example"),
                    LoopbackDns.srv(0, "Host.Example"),
                    LoopbackDns.srv(1, ""));
            dns.put("mx.example.", RecordType.MX, LoopbackDns.mx("mail.example"), LoopbackDns.mx(""));
            dns.put("ns.example.", RecordType.NS, LoopbackDns.name("ns.example"), LoopbackDns.name("x.ns.example"));
            dns.put("alias-alone.example.", RecordType.A);
            dns.put("other-type.example.", RecordType.A, ip(6));
            dns.put("no-data.example.", RecordType.A);
            dns.code("form.example.", 1);
            dns.code("fails.example.", 2);
            dns.code("refused.example.", 5);
            dns.code("not-implemented.example.", 4);
            byte[][] many = new byte[200][];
            for (int i = 0; i < many.length; i++) {
                many[i] = LoopbackDns.address("10.0.1." + i);
            }
            dns.put("many.example.", RecordType.A, many);
            dns.put("short.two.example.", RecordType.A, ip(7));
            dns.put("short-first.", RecordType.A, ip(8));
            dns.put("short-first.one.example.", RecordType.A, ip(9));
            dns.code("short-fails.one.example.", 2);
            dns.put("short-fails.two.example.", RecordType.A, ip(10));
            dns.put("short-no-data.one.example.", RecordType.A);
            dns.put("short-no-data.two.example.", RecordType.A, ip(11));
            dns.put("in.search.one.example.", RecordType.A, ip(12));
            dns.put("some-good.example.", RecordType.A, ip(13));
            dns.code("some-fails.example.", 2);
            dns.put("\u00fc.example.", RecordType.A, ip(14));
        }
        for (String name : List.of("first-fails", "first-refuses", "first-silent", "first-none", "first-no-data")) {
            second.put(name + ".example.", RecordType.A, ip(20));
        }
        first.code("first-fails.example.", 2);
        first.code("first-refuses.example.", 5);
        first.code("first-silent.example.", -1);
        first.put("first-no-data.example.", RecordType.A);
    }

    /** What the servers say then. */
    private static void change(LoopbackDns first, LoopbackDns second) {
        begin(first, second);
        for (LoopbackDns dns : List.of(first, second)) {
            dns.code("a.example.", 3);
            dns.put("UP.Example.", RecordType.A, ip(30));
            dns.code("dot.example.", 2);
            dns.put("twice.example.", RecordType.A);
            dns.code("_srv._tcp.example.", 5);
            dns.put("none.example.", RecordType.A, ip(31));
            dns.code("fails.example.", 0);
            dns.put("fails.example.", RecordType.A, ip(32));
            dns.code("short.two.example.", 2);
            dns.put("short.one.example.", RecordType.A, ip(33));
            dns.code("in.search.one.example.", 3);
            dns.code("some-good.example.", 2);
            dns.code("some-fails.example.", 3);
            dns.put("some-none.example.", RecordType.A, ip(34));
        }
    }

    private record Result(Map<String, Set<String>> targets, Map<String, Set<String>> questions) {}

    private static Map<String, Set<String>> questions(LoopbackDns first, LoopbackDns second) {
        Map<String, Set<String>> questions = new TreeMap<>();
        first.questions().forEach(question -> add(questions, question, "first "));
        second.questions().forEach(question -> add(questions, question, "second "));
        return questions;
    }

    private static void add(Map<String, Set<String>> questions, String question, String server) {
        String name = question.split(" ", -1)[1];
        questions.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(server + question);
    }

    @Test
    void findsWhatPrometheusFinds() throws Exception {
        Optional<Path> newest = Peers.newestPrometheus();
        Assumptions.assumeTrue(newest.isPresent(), "no newest Prometheus here; e2e/peers --newest builds one");
        Path resolvConf = Files.writeString(
                directory.resolve("resolv.conf"),
                "nameserver " + FIRST + "\nnameserver " + SECOND + "\nsearch " + String.join(" ", SEARCH) + "\n");
        Path program = Files.writeString(
                directory.resolve("prometheus"),
                "#!/bin/sh\nexec unshare -rm sh -c 'mount --bind " + resolvConf
                        + " /etc/resolv.conf && exec \"$@\"' sh '" + newest.orElseThrow() + "' \"$@\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Assumptions.assumeTrue(
                CommandResult.of(program, "--version").exitCode() == 0, "no mount namespace may be made here");
        try (LoopbackDns first = listening(FIRST);
                LoopbackDns second = listening(SECOND)) {
            StringBuilder yaml = new StringBuilder("scrape_configs:\n");
            LOOKS.forEach(look -> yaml.append(look.yaml()));
            List<Result> expected = new ArrayList<>();
            begin(first, second);
            try (PeerProcess prometheus = PeerProcess.prometheus(program, yaml.toString(), directory)) {
                expected.add(theirs(prometheus, first, second));
                change(first, second);
                expected.add(theirs(prometheus, first, second));
            }
            List<Result> actual = ours(first, second);
            List<String> differences = new ArrayList<>();
            for (int i = 0; i < expected.size(); i++) {
                difference(i + " targets of ", expected.get(i).targets, actual.get(i).targets, differences);
                difference(i + " questions on ", expected.get(i).questions, actual.get(i).questions, differences);
            }
            assertThat(String.join("\n", differences)).isEmpty();
        }
    }

    private static LoopbackDns listening(String address) throws IOException {
        try {
            return new LoopbackDns(new InetSocketAddress(address, PORT));
        } catch (IOException e) {
            Assumptions.abort("nobody may listen on port 53 of " + address + " here: " + e.getMessage());
            throw e;
        }
    }

    private static void difference(
            String what, Map<String, Set<String>> expected, Map<String, Set<String>> actual, List<String> differences) {
        Set<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        for (String key : keys) {
            Set<String> theirs = expected.getOrDefault(key, Set.of());
            Set<String> ours = actual.getOrDefault(key, Set.of());
            if (!theirs.equals(ours)) {
                differences.add(what + key + "\n  Prometheus: " + theirs + "\n  Narthex:    " + ours);
            }
        }
    }

    /** The targets of Prometheus once it has asked for the slowest name twice more. */
    private static Result theirs(PeerProcess prometheus, LoopbackDns first, LoopbackDns second) {
        String slowest = "udp first-silent.example. 1";
        long before = count(second, slowest);
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(300)).until(() -> count(second, slowest) >= before + 3);
        Map<String, Set<String>> targets = new TreeMap<>();
        // What was found is handed over some seconds later.
        await().atMost(LIMIT).pollDelay(Duration.ofSeconds(6)).until(() -> {
            targets.clear();
            String body = prometheus.get("/api/v1/targets?state=dropped").body();
            Answer answer = new KubernetesSerialization().unmarshal(body, Answer.class);
            for (Answer.Target target : answer.data().droppedTargets()) {
                LabelsBuilder labels = Labels.builder();
                target.discoveredLabels().forEach((name, value) -> {
                    if (name.equals("__address__") || name.startsWith("__meta_")) {
                        labels.set(name, value);
                    }
                });
                targets.computeIfAbsent(target.discoveredLabels().get("job"), _ -> new TreeSet<>())
                        .add(labels.build().toString());
            }
            return true;
        });
        return new Result(targets, questions(first, second));
    }

    private static long count(LoopbackDns dns, String question) {
        return dns.questions().stream().filter(question::equals).count();
    }

    private static List<Result> ours(LoopbackDns first, LoopbackDns second) {
        ManualScheduler scheduler = new ManualScheduler();
        DnsResolver resolver = new DnsResolver(() -> new ResolverSettings(
                List.of(new InetSocketAddress(FIRST, PORT), new InetSocketAddress(SECOND, PORT)), SEARCH, 1));
        Map<String, Map<String, TargetGroup>> found = new LinkedHashMap<>();
        List<Discoverer> discoverers = new ArrayList<>();
        begin(first, second);
        for (Look look : LOOKS) {
            Map<String, TargetGroup> groups = new ConcurrentHashMap<>();
            found.put(look.job, groups);
            DnsDiscoveryConfig config = new DnsDiscoveryConfig(look.names, INTERVAL, look.type, look.port);
            Discoverer discoverer =
                    DnsDiscoverer.discoverer(config, look.job, scheduler, resolver, new DiscoveryMetrics());
            discoverers.add(discoverer);
            discoverer.start(update -> update.forEach(group -> groups.put(group.source(), group)));
        }
        List<Result> results = new ArrayList<>();
        scheduler.advance(Duration.ZERO);
        results.add(new Result(targets(found), questions(first, second)));
        change(first, second);
        scheduler.advance(INTERVAL);
        results.add(new Result(targets(found), questions(first, second)));
        discoverers.forEach(Discoverer::close);
        return results;
    }

    private static Map<String, Set<String>> targets(Map<String, Map<String, TargetGroup>> found) {
        Map<String, Set<String>> targets = new TreeMap<>();
        found.forEach((job, groups) -> {
            for (TargetGroup group : groups.values()) {
                for (Labels target : group.targets()) {
                    targets.computeIfAbsent(job, _ -> new TreeSet<>())
                            .add(group.labels().toBuilder()
                                    .setAll(target)
                                    .build()
                                    .toString());
                }
            }
        });
        return targets;
    }

    /** Prometheus' answer about its targets. */
    record Answer(String status, Data data) {
        record Data(
                List<Object> activeTargets, List<Target> droppedTargets, Map<String, Integer> droppedTargetCounts) {}

        record Target(Map<String, String> discoveredLabels, String scrapePool) {}
    }
}
