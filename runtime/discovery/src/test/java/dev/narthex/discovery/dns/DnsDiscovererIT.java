// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.DnsDiscoveryConfig;
import dev.narthex.discovery.Discoverer;
import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import dev.narthex.testkit.time.ManualScheduler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DnsDiscovererIT {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final DiscoveryMetrics metrics = new DiscoveryMetrics();

    private static DnsResolver resolver(List<String> search, InetSocketAddress... servers) {
        return new DnsResolver(() -> new ResolverSettings(List.of(servers), search, 1));
    }

    /** The targets after each refresh, by name. */
    private List<Map<String, List<String>>> discovered(
            DnsResolver resolver, String type, int port, Runnable between, String... names) {
        DnsDiscoveryConfig config = new DnsDiscoveryConfig(List.of(names), INTERVAL, type, port);
        List<Map<String, List<String>>> updates = new ArrayList<>();
        try (Discoverer discoverer = DnsDiscoverer.discoverer(config, "j", scheduler, resolver, metrics)) {
            discoverer.start(groups -> {
                Map<String, List<String>> targets = new TreeMap<>();
                for (TargetGroup group : groups) {
                    targets.put(
                            group.source(),
                            group.targets().stream()
                                    .map(Labels::toString)
                                    .sorted()
                                    .toList());
                }
                updates.add(targets);
            });
            scheduler.advance(Duration.ZERO);
            between.run();
            scheduler.advance(INTERVAL);
        }
        return updates;
    }

    @Test
    void makesTargetsOfEveryTypeOfRecord() throws IOException {
        try (LoopbackDns dns = new LoopbackDns()) {
            DnsResolver resolver = resolver(List.of(), dns.address());
            dns.put("a.example.", RecordType.A, LoopbackDns.address("10.0.0.1"), LoopbackDns.address("10.0.0.2"));
            dns.put(
                    "a.example.",
                    RecordType.AAAA,
                    LoopbackDns.address("fd00:0:0:1::1"),
                    LoopbackDns.address("::1"),
                    LoopbackDns.address("1:2:3:4:5:6:0:8"));
            dns.put("_m._tcp.example.", RecordType.SRV, LoopbackDns.srv(9100, "host.example"));
            dns.put("example.", RecordType.MX, LoopbackDns.mx("mail.example"));
            dns.put("example.", RecordType.NS, LoopbackDns.name("ns.example"));
            Runnable nothing = () -> {};
            assertThat(discovered(resolver, "a", 80, nothing, "a.example").getFirst())
                    .containsEntry(
                            "a.example",
                            List.of(
                                    "{__address__=\"10.0.0.1:80\", __meta_dns_name=\"a.example\"}",
                                    "{__address__=\"10.0.0.2:80\", __meta_dns_name=\"a.example\"}"));
            assertThat(discovered(resolver, "AAAA", 80, nothing, "a.example").getFirst())
                    .containsEntry(
                            "a.example",
                            List.of(
                                    "{__address__=\"[1:2:3:4:5:6:0:8]:80\", __meta_dns_name=\"a.example\"}",
                                    "{__address__=\"[::1]:80\", __meta_dns_name=\"a.example\"}",
                                    "{__address__=\"[fd00:0:0:1::1]:80\", __meta_dns_name=\"a.example\"}"));
            assertThat(discovered(resolver, "SRV", 0, nothing, "_m._tcp.example")
                            .getFirst())
                    .containsEntry(
                            "_m._tcp.example",
                            List.of("{__address__=\"host.example:9100\", __meta_dns_name=\"_m._tcp.example\","
                                    + " __meta_dns_srv_record_port=\"9100\","
                                    + " __meta_dns_srv_record_target=\"host.example.\"}"));
            assertThat(discovered(resolver, "MX", 25, nothing, "example").getFirst())
                    .containsEntry(
                            "example",
                            List.of("{__address__=\"mail.example:25\", __meta_dns_mx_record_target=\"mail.example.\","
                                    + " __meta_dns_name=\"example\"}"));
            assertThat(discovered(resolver, "NS", 53, nothing, "example").getFirst())
                    .containsEntry(
                            "example",
                            List.of("{__address__=\"ns.example:53\", __meta_dns_name=\"example\","
                                    + " __meta_dns_ns_record_target=\"ns.example.\"}"));
        }
    }

    @Test
    void asksAgainByTcpWhatDoesNotFitADatagram() throws IOException {
        try (LoopbackDns dns = new LoopbackDns()) {
            byte[][] many = new byte[200][];
            for (int i = 0; i < many.length; i++) {
                many[i] = LoopbackDns.address("10.0.1." + i);
            }
            dns.put("many.example.", RecordType.A, many);
            Map<String, List<String>> found = discovered(
                            resolver(List.of(), dns.address()), "A", 1, () -> {}, "many.example")
                    .getFirst();
            assertThat(found.get("many.example")).hasSize(200);
            assertThat(dns.questions()).startsWith("udp many.example. 1", "tcp many.example. 1");
        }
    }

    @Test
    void keepsTheTargetsOfANameThatCannotBeLookedUpAndDropsThoseOfOneThatIsGone() throws IOException {
        try (LoopbackDns dns = new LoopbackDns()) {
            dns.put("good.example.", RecordType.A, LoopbackDns.address("10.0.0.1"));
            dns.put("gone.example.", RecordType.A, LoopbackDns.address("10.0.0.2"));
            List<InetSocketAddress> servers = new ArrayList<>(List.of(dns.address()));
            DnsResolver resolver = new DnsResolver(() -> new ResolverSettings(servers, List.of(), 1));
            List<Map<String, List<String>>> updates = discovered(
                    resolver,
                    "A",
                    1,
                    () -> dns.put("gone.example.", RecordType.A),
                    "good.example",
                    "gone.example",
                    "x.broken");
            assertThat(updates.get(0).get("gone.example")).hasSize(1);
            assertThat(updates.get(1).get("gone.example")).isEmpty();
            assertThat(updates.get(1).get("good.example")).hasSize(1);
            assertThat(updates.get(1)).doesNotContainKey("x.broken");
            assertThat(metrics.dnsLookups.sum()).isEqualTo(6);
            assertThat(metrics.dnsLookupFailures.sum()).isEqualTo(2);
            List<Map<String, List<String>>> failing = discovered(resolver, "A", 1, servers::clear, "good.example");
            assertThat(failing).as("no update where nothing could be looked up").hasSize(1);
            assertThat(metrics.refreshes("dns", "j").failures.sum()).isEqualTo(1);
        }
    }

    @Test
    void looksInTheSearchDomainsAndAsksTheNextServer() throws IOException {
        try (LoopbackDns dns = new LoopbackDns();
                LoopbackDns failing = new LoopbackDns()) {
            dns.put("short.two.example.", RecordType.A, LoopbackDns.address("10.0.0.1"));
            failing.put("x.broken.", RecordType.A, LoopbackDns.address("10.0.0.9"));
            DnsResolver resolver = resolver(List.of("one.example", "two.example."), dns.address());
            assertThat(resolver.lookUp("short", RecordType.A)).containsExactly(new DnsRecord("10.0.0.1", 0));
            assertThat(dns.questions()).containsExactly("udp short.one.example. 1", "udp short.two.example. 1");
            assertThatThrownBy(() -> resolver(List.of(), failing.address()).lookUp("x.broken", RecordType.A))
                    .hasMessageContaining("answered with code 2");
            assertThat(resolver.lookUp("unknown.", RecordType.A)).isEmpty();
        }
    }

    @Test
    void looksNoFurtherWhereTheNameIsThereAndBelievesNoRecordsOfOneThatIsNot() throws IOException {
        try (LoopbackDns dns = new LoopbackDns()) {
            dns.put("short.one.example.", RecordType.A);
            dns.put("short.two.example.", RecordType.A, LoopbackDns.address("10.0.0.1"));
            dns.put("none.example.", RecordType.A, LoopbackDns.address("10.0.0.2"));
            dns.code("none.example.", 3);
            DnsResolver resolver = resolver(List.of("one.example", "two.example"), dns.address());
            assertThat(resolver.lookUp("short", RecordType.A)).isEmpty();
            assertThat(resolver.lookUp("none.example.", RecordType.A)).isEmpty();
        }
    }

    @Test
    void readsResolvConf() {
        ResolverSettings settings = ResolverSettings.parse(List.of(
                "# comment",
                "nameserver 10.0.0.53",
                "nameserver fd00::53",
                "search a.example b.example",
                "options timeout:1 ndots:5"));
        assertThat(settings.servers())
                .containsExactly(new InetSocketAddress("10.0.0.53", 53), new InetSocketAddress("fd00::53", 53));
        assertThat(settings.candidates("x.y")).containsExactly("x.y.a.example.", "x.y.b.example.", "x.y.");
        assertThat(new ResolverSettings(List.of(), List.of("a"), 1).candidates("x.y"))
                .containsExactly("x.y.", "x.y.a.");
        assertThat(settings.candidates("x.")).containsExactly("x.");
    }

    @Test
    void refusesAnswersThatAreNone() {
        byte[] loop = new byte[40];
        loop[2] = (byte) 0x80;
        loop[5] = 1;
        loop[12] = (byte) 0xc0;
        loop[13] = 12;
        assertThatThrownBy(() -> DnsMessage.answer(loop, 40, 0, RecordType.A)).hasMessage("malformed answer");
        for (int size = 0; size < 12; size++) {
            int length = size;
            assertThatThrownBy(() -> DnsMessage.answer(new byte[12], length, 0, RecordType.A))
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> DnsMessage.question(1, "a..b.", RecordType.A)).hasMessageContaining("domain name");
    }
}
