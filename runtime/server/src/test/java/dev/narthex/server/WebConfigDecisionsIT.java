// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.http.TestCertificate;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.testkit.random.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Web configurations with odd values in every field, alone and together: {@code check web-config} takes and refuses those
 * that the newest promtool takes and refuses, and says where. {@code -Dweb.configs=} says how many random ones there are;
 * other ones in each run.
 */
class WebConfigDecisionsIT {
    private static final long DAILY_SEED = 20_251_129L;
    private static final int RANDOM = Integer.getInteger("web.configs", 400);
    private static final int BATCH = 100;
    private static final String HASH = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";
    private static final Pattern PLACE = Pattern.compile("w\\d+\\.yml:\\d+:\\d+: |tls_server_config\\.[a-z_]+: ");

    /** As they stand behind a colon. */
    private static final List<String> VALUES = List.of(
            "",
            "null",
            "~",
            "''",
            "x",
            "'x y'",
            "0",
            "1",
            "-1",
            "007",
            "0x10",
            "0o7",
            "1_000",
            "1.5",
            "1e3",
            "1e30",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            ".inf",
            ".nan",
            "true",
            "True",
            "yes",
            "on",
            "n",
            "'true'",
            "1s",
            "1.5h",
            "-1s",
            "1h30m",
            "1d",
            "100ms",
            "5us",
            "+5s",
            "'0'",
            ".5s",
            "1s1",
            "9223372036s",
            "9223372037s",
            "TLS10",
            "TLS11",
            "TLS12",
            "TLS13",
            "tls12",
            "NoClientCert",
            "RequestClientCert",
            "RequireAnyClientCert",
            "RequireClientCert",
            "VerifyClientCertIfGiven",
            "RequireAndVerifyClientCert",
            "cert.pem",
            "key.pem",
            "bad.pem",
            "missing.pem",
            "[]",
            "['']",
            "[null]",
            "[x]",
            "[[x]]",
            "[{a: b}]",
            "[1, true]",
            "[X25519]",
            "[CurveP256, X25519]",
            "[X25519MLKEM768]",
            "[TLS_AES_128_GCM_SHA256]",
            "[TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]",
            "[TLS_RSA_WITH_AES_128_CBC_SHA]",
            "[TLS_RSA_WITH_RC4_128_SHA]",
            "[TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256]",
            "TLS_AES_128_GCM_SHA256",
            "{}",
            "{a: b}",
            "{'': x}",
            "{a: null}",
            "{a: '" + HASH + "'}",
            "{a: " + HASH + "}",
            "{1: '" + HASH + "'}",
            "{null: '" + HASH + "'}",
            "{a: '" + HASH.substring(0, 58) + "'}",
            "{a: '" + HASH + "xyz'}",
            "{a: '" + HASH.replace("$2y$10", "$2y$32") + "'}",
            "{a: '" + HASH.replace("$2y$10", "$2$10") + "'}",
            "{a: '" + HASH.replace("$2y$10", "$1y$10") + "'}",
            "{X-Frame-Options: deny}",
            "{X-Frame-Options: ''}",
            "{X-Frame-Options: sameorigin}",
            "{X-Frame-Options: SameOrigin}",
            "{x-frame-options: deny}",
            "{X-Content-Type-Options: nosniff}",
            "{X-Content-Type-Options: ''}",
            "{X-Content-Type-Options: x}",
            "{X-XSS-Protection: '1; mode=block'}",
            "{X-XSS-Protection: \"a\\nb\"}",
            "{Strict-Transport-Security: max-age=1}",
            "{Content-Security-Policy: null}",
            "{Content-Security-Policy: 5}",
            "{Content-Security-Policy: ['a']}",
            "{Content-Security-Policy: a, Content-Security-Policy: b}",
            "!!str 1",
            "!!int '1'",
            "&a x",
            "*a",
            "\"\\u0000\"",
            "|\n    x\n",
            "@x");

    private static final List<String> TLS = List.of(
            "cert",
            "cert_file",
            "key",
            "key_file",
            "client_auth_type",
            "client_ca",
            "client_ca_file",
            "client_allowed_sans",
            "min_version",
            "max_version",
            "cipher_suites",
            "prefer_server_cipher_suites",
            "curve_preferences",
            "cert_files");
    private static final List<Section> SECTIONS = List.of(
            new Section("tls_server_config", TLS),
            new Section("http_server_config", List.of("http2", "headers", "headrs")),
            new Section("rate_limit", List.of("interval", "burst", "brst")),
            new Section("basic_auth_users", List.of("a", "''", "b c")));

    private record Section(String name, List<String> fields) {}

    @TempDir
    private Path folder;

    @Test
    void decidesAsPromtool() throws Exception {
        Optional<Path> newest = Peers.newestPrometheus();
        Assumptions.assumeTrue(newest.isPresent(), "no newest Prometheus here; e2e/peers --newest builds one");
        Path promtool = newest.orElseThrow().resolveSibling("promtool");
        TestCertificate certificate = TestCertificate.make(folder, "web", "ip:127.0.0.1");
        Files.writeString(folder.resolve("cert.pem"), certificate.certificatePem());
        Files.writeString(folder.resolve("key.pem"), certificate.keyPem());
        Files.writeString(folder.resolve("bad.pem"), "no certificate");
        Random random = Integer.getInteger("web.configs") == null && Long.getLong(Seed.PROPERTY) == null
                ? new Seed(DAILY_SEED).random()
                : Seed.of(WebConfigDecisionsIT.class).random();
        List<String> texts = texts(random);
        List<String> differences = new ArrayList<>();
        int refused = 0;
        for (int from = 0; from < texts.size(); from += BATCH) {
            List<Path> batch = new ArrayList<>();
            for (int i = from; i < Math.min(texts.size(), from + BATCH); i++) {
                batch.add(Files.writeString(folder.resolve("w" + i + ".yml"), texts.get(i)));
            }
            String all = said(promtool, batch);
            for (int i = 0; i < batch.size(); i++) {
                Path file = batch.get(i);
                String theirs = all.contains(file + " ") ? all : said(promtool, List.of(file));
                boolean good = theirs.contains(file + " SUCCESS");
                String ours = ours(file);
                boolean taken = ours.startsWith(file + " SUCCESS");
                refused += taken ? 0 : 1;
                if (taken != good || (!taken && !PLACE.matcher(ours).find())) {
                    differences.add((good ? "taken by promtool" : theirs(theirs, file)) + "\nwe say " + ours + "\n"
                            + texts.get(from + i));
                }
            }
        }
        assertThat(differences).as(differences.size() + " of " + texts.size()).isEmpty();
        assertThat(refused).isBetween(texts.size() / 4, texts.size() * 19 / 20);
    }

    /** Each value in each field and section, each section and the whole as such a value, and several together. */
    private static List<String> texts(Random random) {
        List<String> texts = new ArrayList<>();
        for (String value : VALUES) {
            texts.add(value + "\n");
            texts.add("other: " + value + "\n");
            for (Section section : SECTIONS) {
                texts.add(section.name + ": " + value + "\n");
                for (String field : section.fields) {
                    texts.add(section.name + ":\n  " + field + ": " + value + "\n");
                    if (section.fields.equals(TLS)) {
                        texts.add(withCertificate(field, value));
                    }
                }
            }
        }
        for (int i = 0; i < RANDOM; i++) {
            texts.add(random(random));
        }
        return texts;
    }

    private static String withCertificate(String field, String value) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("cert_file", "cert.pem");
        all.put("key_file", "key.pem");
        if (field.startsWith("client_ca") || field.equals("client_allowed_sans")) {
            all.put("client_auth_type", "RequireAndVerifyClientCert");
        }
        all.put(field, value);
        StringBuilder text = new StringBuilder("tls_server_config:\n");
        all.forEach((name, written) ->
                text.append("  ").append(name).append(": ").append(written).append('\n'));
        return text.toString();
    }

    private static String random(Random random) {
        StringBuilder text = new StringBuilder();
        for (Section section : SECTIONS) {
            if (random.nextInt(3) > 0) {
                text.append(section.name).append(":\n");
                for (String field : section.fields) {
                    if (random.nextInt(3) == 0) {
                        text.append("  ").append(field).append(": ");
                        text.append(VALUES.get(random.nextInt(VALUES.size()))).append('\n');
                    }
                }
            }
        }
        return text.toString();
    }

    private String said(Path promtool, List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(promtool.toString(), "check", "web-config"));
        files.forEach(file -> command.add(file.toString()));
        return CommandResult.of(command, folder, new byte[0]).errors();
    }

    private static String theirs(String all, Path file) {
        int at = all.indexOf(file + " ");
        return at < 0
                ? "promtool ends: " + all.lines().findFirst().orElse("")
                : all.substring(at).lines().findFirst().orElse("");
    }

    private static String ours(Path file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8);
        new WebConfigCheck(new Console(print, print)).run(List.of(file.toString()));
        return out.toString(StandardCharsets.UTF_8);
    }
}
