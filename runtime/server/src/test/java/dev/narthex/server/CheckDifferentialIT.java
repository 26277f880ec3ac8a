// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLine;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.testkit.random.Seed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check commands answer as the real promtool: exit codes, what they print, and what they say of names. */
class CheckDifferentialIT {
    private static final int DAMAGED = Integer.getInteger("check.bodies", 150);
    private static final String BYTES = "{}\"=,# \t\n+-.eE_:19\\x\r";
    private static final String HASH = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

    /** Expositions, a semicolon for each end of a line. */
    private static final List<String> EXPOSITIONS = List.of(
            "",
            "a 1;",
            "a 1",
            "# HELP a x;# TYPE a counter;a 1;",
            "# HELP a_total x;# TYPE a_total COUNTER;a_total 1;",
            "# HELP a_total x;# TYPE a_total gauge;a_total 1;",
            "# HELP a_count x;# TYPE a_count gauge;a_count 1;# HELP b_bucket x;# TYPE b_bucket summary;b_bucket 2;",
            "# HELP aCamelCase x;# TYPE aCamelCase gauge;aCamelCase{fooBar=\"x\",le=\"1\",quantile=\"2\"} 1;",
            "# HELP a:b_ms x;# TYPE a:b_ms gauge;a:b_ms 1;",
            "# HELP x_histogram x;# TYPE x_histogram histogram;x_histogram_bucket{le=\"+Inf\"} 1;x_histogram_sum 1;",
            "# HELP a_minutes_seconds x;# TYPE a_minutes_seconds gauge;a_minutes_seconds 1;b_seconds_minutes 1;",
            "# HELP a_kilokelvins x;a_kilokelvins 1;a_microbytes 1;a_gibibits_total 2;",
            "# HELP a x;# TYPE a gauge;a 1;a{x=\"y\"} 1;a{x=\"y\"} 2;",
            "# TYPE s summary;s{quantile=\"1\"} 1;s{quantile=\"2\"} 1;s{quantile=\"2\",a=\"b\"} 1;s_sum 1;",
            "# TYPE h histogram;h_bucket{le=\"1\"} 1;h_bucket{z=\"1\",le=\"+Inf\"} 1;h_count{z=\"1\"} 1;",
            "# TYPE h gaugehistogram;h_bucket{le=\"1\"} 1;h_gsum 5;h_gcount 7;h_sum 1;",
            "a{ 1;",
            "# HELP a x;# HELP a y;a 1;",
            "a 1;# TYPE a gauge;",
            "# TYPE a foo;a 1;",
            "# TYPE a g\\au\\\\ge;a 1;",
            "# TYPE a f\\oo;a 1;",
            "# TYPE a;# TYPE;# HELP;#;#foo;#TYPE a gauge;a 1;",
            "# TYPE 1a gauge;",
            "# HELP a \\x;a 1;",
            "# HELP a x\\\\y\\nz;a 1;",
            "a x;",
            "a 1 x;",
            "a 1 5 6;",
            "a 1 ;",
            "a 1 +5;a{b=\"c\"}2 -5;",
            "a 1e400;",
            "a 0x1p4;",
            "a{b=\"c} 1;",
            "a{b=\"c\",b=\"d\"} 1;",
            "a{__name__=\"b\"} 1;",
            "a{b=\"\\t\"} 1;",
            "a{b=c} 1;",
            "a{b} 1;",
            "a{b=\"c\" d=\"e\"} 1;",
            "a{b=\"c\",} 1;{\"a\",d=\"e\"} 1;\"a\"{\"f\"=\"g\"} 2;",
            "{\"a.b\"} 1;",
            "{\"a\",\"b\"} 1;",
            "{} 1;",
            "1a 1;",
            "# TYPE a summary;a{quantile=\"x\"} 1;",
            "# TYPE a histogram;a_bucket{le=\"1\",le=\"2\",quantile=\"3\"} 1;",
            "# TYPE a histogram;a_bucket{le=\"x\",le=\"2\"} 1;",
            "a 1;;{x=\"y\"} 2;{x=\"z\"} 3;{} 4;",
            "a 1;# TYPE b gauge;{x=\"y\"} 2;",
            "a 1;{x=\"y\",\"b\"} 2;",
            "a 1;{x=\"y\",x=\"z\"} 2;",
            "# TYPE h histogram;h_bucket{le=\"1\"} 1;{le=\"2\"} 2;",
            "# TYPE h histogram;h_bucket{le=\"1\"} 1;{x=\"2\"} 2;{} 3;",
            "# TYPE h summary;h{quantile=\"1\"} 1;{y=\"2\"} 2;{quantile=\"x\"} 1;");

    /** Jobs, and what else is in a configuration, that name files or have targets that relabelling makes none of. */
    private static final List<String> REFERENCES = List.of(
            "static_configs: [{targets: [x]}, {targets: [y], labels: {__scrape_interval__: 0s}}]",
            "static_configs: [{targets: [x], labels: {__scrape_timeout__: 2m}}]",
            "static_configs: [{targets: [x], labels: {__scrape_timeout__: 1.5s}}]",
            "static_configs: [{targets: [x], labels: {__scrape_interval__: y}}], relabel_configs: [{action: drop}]",
            "static_configs: [{targets: [x]}], relabel_configs: [{action: labeldrop, regex: .*}]",
            "static_configs: [{targets: [x]}], relabel_configs: [{target_label: __address__, replacement: a/b}]",
            "static_configs: [{targets: ['']}]",
            "static_configs: [{targets: [x], labels: {__scheme__: foo, __metrics_path__: 'x y%', __param_a: b}}]",
            "file_sd_configs: [{files: [good.json, good.yml]}]",
            "file_sd_configs: [{files: [good.json]}], relabel_configs: [{action: labeldrop, regex: .*}]",
            "file_sd_configs: [{files: [bad.json]}]",
            "file_sd_configs: [{files: ['*d.json']}]",
            "file_sd_configs: [{files: [zero.yml]}, {files: [zero.yml]}]",
            "file_sd_configs: [{files: [none.json, 'none*.yml']}, {files: [good.yml, /nonexistent/b.yml]}]",
            "authorization: {credentials_file: none}",
            "authorization: {credentials_file: good.yml}",
            "bearer_token_file: /nonexistent/none",
            "authorization: {credentials_file: ''}",
            "basic_auth: {username: u, password_file: none}",
            "tls_config: {ca_file: none}",
            "tls_config: {cert_file: none, key_file: good.yml}",
            "tls_config: {cert_file: good.yml, key_file: none}",
            "tls_config: {cert_file: good.yml, key: x}",
            "tls_config: {cert: x, key_file: good.yml}",
            "tls_config: {cert: x, key: y}",
            "oauth2: {client_id: x, client_secret: y, token_url: 'http://x', tls_config: {cert: x, key_file: none}}",
            "oauth2: {client_id: x, client_secret_file: none, token_url: 'http://x'}",
            "http_sd_configs: [{url: 'http://x', authorization: {credentials_file: none}}]",
            "http_sd_configs: [{url: 'http://x', tls_config: {cert: x, key_file: none}}]",
            "kubernetes_sd_configs: [{role: pod, api_server: 'http://x', tls_config: {cert_file: none, key_file: none}}]",
            "kubernetes_sd_configs: [{role: pod, api_server: 'http://x', tls_config: {cert: x, key_file: good.yml}}]",
            "kubernetes_sd_configs: [{role: pod, api_server: 'http://x', authorization: {credentials_file: none}}]",
            "file_sd_configs: [{files: [none.json]}], authorization: {credentials_file: none}");

    @TempDir
    private Path folder;

    private CommandResult promtool(String input, List<String> arguments) throws IOException, InterruptedException {
        Path program = Peers.newestPrometheus()
                .map(prometheus -> prometheus.resolveSibling("promtool"))
                .orElseGet(Peers::promtool);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        return CommandResult.of(command, folder, input.getBytes(StandardCharsets.ISO_8859_1));
    }

    private CommandResult narthex(String input, List<String> arguments) throws Exception {
        if (PackagedProgram.isExecutable()) {
            return PackagedProgram.runIn(folder, input, arguments);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(errors, false, StandardCharsets.UTF_8));
        byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
        int exitCode = switch (CommandLine.parse(arguments.toArray(String[]::new))) {
            case Command.CheckMetrics check -> new MetricsCheck(console).run(check, new ByteArrayInputStream(bytes));
            case Command.CheckWebConfig check -> new WebConfigCheck(console).run(check.files());
            case Command.Check check -> new CheckCommand(console).run(check);
            default -> throw new IllegalArgumentException(arguments.toString());
        };
        return new CommandResult(
                exitCode, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    }

    /** Both print in no order what has none. */
    private static List<String> sorted(String lines) {
        return lines.lines().sorted().toList();
    }

    /** @param words whether what is wrong with a text that is no exposition must be said in the same words */
    private String[] compareMetrics(String exposition, boolean words) throws Exception {
        List<String> arguments = List.of("check", "metrics", "--extended");
        CommandResult expected = promtool(exposition, arguments);
        CommandResult actual = narthex(exposition, arguments);
        boolean refused = expected.exitCode() == 1 && !words;
        boolean equal = actual.exitCode() == expected.exitCode()
                && (refused || sorted(actual.errors()).equals(sorted(expected.errors())))
                && sorted(actual.output()).equals(sorted(expected.output()));
        return equal ? new String[0] : new String[] {exposition, expected.toString(), actual.toString()};
    }

    @Test
    void metricsAsPromtoolLooksAtThem() throws Exception {
        // One sequence for all, unless another is asked for: of some thousands of damaged bodies promtool takes one
        // otherwise.
        Random random = new Seed(Long.getLong(Seed.PROPERTY, 1)).random();
        List<String> differences = new ArrayList<>();
        List<String> bodies = new ArrayList<>();
        EXPOSITIONS.forEach(body -> bodies.add(body.replace(';', '\n')));
        for (int i = 0; i < DAMAGED; i++) {
            StringBuilder body = new StringBuilder(bodies.get(random.nextInt(EXPOSITIONS.size())));
            for (int k = random.nextInt(3); k >= 0 && !body.isEmpty(); k--) {
                int at = random.nextInt(body.length());
                char c = BYTES.charAt(random.nextInt(BYTES.length()));
                switch (random.nextInt(3)) {
                    case 0 -> body.insert(at, c);
                    case 1 -> body.setCharAt(at, c);
                    default -> body.deleteCharAt(at);
                }
            }
            bodies.add(body.toString());
        }
        for (int i = 0; i < bodies.size(); i++) {
            differences.addAll(Arrays.asList(compareMetrics(bodies.get(i), i < EXPOSITIONS.size())));
        }
        assertThat(String.join("\n", differences)).isEmpty();
    }

    @Test
    void webConfigurationsAsPromtoolLooksAtThem() throws Exception {
        List<String> texts = List.of(
                "",
                "[]",
                "tls: {}",
                "tls_server_config:",
                "tls_server_config: {min_version: TLS13, curve_preferences: [X25519]}",
                "tls_server_config: {cert_file: cert.pem}",
                "tls_server_config: {cert_file: cert.pem, key_file: key.pem}",
                "tls_server_config: {cert: a, key: b}",
                "tls_server_config: {client_auth_type: NoClientCert}",
                "tls_server_config: {client_auth_type: nope}",
                "tls_server_config: {min_version: TLS14}",
                "tls_server_config: {cipher_suites: [TLS_AES_128_GCM_SHA256]}",
                "tls_server_config: {cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA]}",
                "tls_server_config: {curve_preferences: [P256]}",
                "http_server_config: {http2: false, headers: {X-Frame-Options: deny}}",
                "http_server_config: {headers: {X-Frame-Options: DENY}}",
                "http_server_config: {headers: {Server: x}}",
                "basic_auth_users: {a: '" + HASH + "', '': '" + HASH + "'}",
                "basic_auth_users: {a: plain}",
                "basic_auth_users: {a: '" + HASH.replace("$10", "$03") + "'}",
                "rate_limit: {interval: 1h30m, burst: 5}",
                "rate_limit: {interval: 1d}",
                "rate_limit: {brst: 1}");
        for (String text : texts) {
            Path file = Files.writeString(folder.resolve("web.yml"), text);
            List<String> arguments = List.of("check", "web-config", file.toString());
            CommandResult expected = promtool("", arguments);
            CommandResult actual = narthex("", arguments);
            assertThat(actual.exitCode()).as(text).isEqualTo(expected.exitCode());
            assertThat(actual.output()).as(text).isEqualTo(expected.output());
            assertThat(actual.errors().isEmpty())
                    .as(text)
                    .isEqualTo(expected.errors().isEmpty());
            if (actual.exitCode() != 0) {
                assertThat(actual.errors()).as(text).startsWith(file + " FAILED:");
                assertThat(expected.errors()).as(text).startsWith(file + " FAILED:");
            }
        }
    }

    @Test
    void configurationsAndRulesAsPromtoolLooksAtThem() throws Exception {
        String config = write("p.yml", """
                global: {scrape_interval: 10m}
                rule_files: [twice.yml, more.yml]
                """);
        String slow = write("slow.yml", "scrape_configs: [{job_name: x, scrape_interval: 5m}, {job_name: y}]\n");
        String twice = write("twice.yml", """
                groups: [{name: g, rules: [{record: a, expr: b, labels: {c: d}}, {record: a, expr: c, labels: {c: d}}]}]
                """);
        String more = write("more.yml", "groups: [{name: g, owner: me, rules: [{record: a, expr: b}]}]\nx: y\n");
        String grouped = write("grouped.yml", """
                groups:
                - {name: g, labels: {x: y, z: w}, rules: [{record: a, expr: b}, {record: c, expr: d}]}
                - {name: h, labels: {x: y}, rules: [{record: a, expr: b, labels: {z: w}}, {record: c, expr: d}]}
                - {name: i, labels: {x: q}, rules: [{record: a, expr: b, labels: {x: y, z: w}}]}
                """);
        String bad = write("bad.yml", "groups: [{name: g, rules: [{record: a, expr: 'b('}]}]\n");
        String unknown = write("unknown.yml", "foo: bar\n");
        List<List<String>> all = List.of(
                List.of("check", "config", config),
                List.of("check", "config", "--syntax-only", config, unknown),
                List.of("check", "config", "--ignore-unknown-fields", config),
                List.of("check", "config", "--ignore-unknown-fields", "--lint-fatal", config),
                List.of("check", "config", "--ignore-unknown-fields", "--lint=none", "--lint-fatal", config),
                List.of("check", "config", slow),
                List.of("check", "config", "--lint=all", slow),
                List.of("check", "config", "--syntax-only", "--lint=all", "--lint-fatal", slow),
                List.of("check", "config", "--lint=too-long-scrape-interval", "--lint-fatal", slow),
                List.of("check", "rules", twice),
                List.of("check", "rules", "--lint-fatal", twice),
                List.of("check", "rules", "--lint=so long,duplicate-rules,none", "--lint-fatal", twice),
                List.of("check", "config", "--lint=nosuch", config),
                List.of("check", "rules", "--lint=all", "--lint-fatal", more, twice),
                List.of("check", "rules", "--lint-fatal", grouped),
                List.of("check", "rules", "--ignore-unknown-fields", more, twice),
                List.of("check", "rules", bad, twice),
                List.of("check", "config", "--agent", slow),
                List.of("check", "config", "--agent", "--syntax-only", config),
                List.of(
                        "check",
                        "config",
                        "--agent",
                        write("a.yml", "alerting: {alertmanagers: []}\nremote_read: []\n")),
                List.of("check", "config", "--agent", write("b.yml", "remote_read: [{url: 'http://x'}]\n")));
        for (List<String> arguments : all) {
            CommandResult expected = promtool("", arguments);
            CommandResult actual = narthex("", arguments);
            assertThat(actual.exitCode()).as(arguments.toString()).isEqualTo(expected.exitCode());
            assertThat(actual.output()).as(arguments.toString()).isEqualTo(expected.output());
            assertThat(actual.errors()
                            .lines()
                            .filter(line -> line.startsWith("  FAILED"))
                            .count())
                    .as(arguments + actual.errors())
                    .isEqualTo(expected.errors()
                            .lines()
                            .filter(line -> line.startsWith("  FAILED"))
                            .count());
            if (expected.exitCode() != 1) {
                assertThat(actual.errors()).as(arguments.toString()).isEqualTo(expected.errors());
            }
        }
    }

    private static List<String> configurations() {
        List<String> texts = new ArrayList<>();
        for (String job : REFERENCES) {
            texts.add("scrape_configs: [{job_name: a, " + job + "}]\n");
        }
        texts.add("scrape_configs: [{job_name: a, file_sd_configs: [{files: [none.yml]}]}, {job_name: b, "
                + REFERENCES.getFirst() + "}, {job_name: c, file_sd_configs: [{files: [none.yml]}]}]\n");
        texts.add("rule_files: [rules.yml, 'r*.yml', 'r[u]les.yml']\n");
        texts.add("scrape_config_files: [job.yml]\n");
        texts.add("rule_files: [rules.yml]\nscrape_configs: [{job_name: a, " + REFERENCES.getFirst() + "}]\n");
        for (String alertmanagers : List.of(
                "static_configs: [{targets: [x]}], relabel_configs: [{action: labeldrop, regex: .*}]",
                "file_sd_configs: [{files: [bad.json]}]",
                "file_sd_configs: [{files: [none.json, zero.yml]}]",
                "authorization: {credentials_file: none}",
                "tls_config: {cert: x, key_file: none}")) {
            texts.add("alerting: {alertmanagers: [{" + alertmanagers + "}]}\n");
        }
        return texts;
    }

    @Test
    void whatConfigurationsNameAsPromtoolLooksAtIt() throws Exception {
        write("good.json", "[{\"targets\": [\"x\"]}]");
        write("good.yml", "- targets: [x]");
        write("bad.json", "[{\"targets\": [\"x\"]");
        write("zero.yml", "- {targets: [x], labels: {__scrape_interval__: 0s}}");
        write("rules.yml", "groups: []");
        write("job.yml", "scrape_configs: [{job_name: a, " + REFERENCES.getFirst() + "}]");
        List<String> differences = new ArrayList<>();
        for (String text : configurations()) {
            String file = write("p.yml", text);
            for (List<String> arguments :
                    List.of(List.of("check", "config", file), List.of("check", "config", "--syntax-only", file))) {
                if (text.startsWith("scrape_config_files") && arguments.contains("--syntax-only")) {
                    continue;
                }
                CommandResult expected = promtool("", arguments);
                CommandResult actual = narthex("", arguments);
                if (actual.exitCode() != expected.exitCode() || !actual.output().equals(expected.output())) {
                    differences.add(text + arguments + expected + actual);
                }
            }
        }
        assertThat(String.join("\n", differences)).isEmpty();
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
