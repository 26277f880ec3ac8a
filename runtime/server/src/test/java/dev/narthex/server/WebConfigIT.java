// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.http.TestCertificate;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same web configurations for a real Prometheus and for us, changed while both run: the same clients get in. */
class WebConfigIT {
    /** That of "secret". */
    private static final String HASH = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

    private static final String USERS = "basic_auth_users: {alice: '" + HASH + "'}\n";
    private static final String HEALTHY = "/-/healthy";

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private TestCertificate server;
    private TestCertificate client;
    private TestCertificate stranger;
    private URI theirs = URI.create("");
    private URI ours = URI.create("");

    WebConfigIT(@TempDir Path certificates) throws IOException {
        server = TestCertificate.make(certificates, "server", "dns:localhost,ip:127.0.0.1");
        client = TestCertificate.make(certificates, "client", "dns:shop.example,ip:10.0.0.1,email:a@b.example");
        stranger = TestCertificate.make(certificates, "stranger", "dns:other.example");
    }

    @BeforeEach
    void writeCertificates() throws IOException {
        Files.writeString(directory.resolve("cert.pem"), server.certificatePem());
        Files.writeString(directory.resolve("key.pem"), server.keyPem());
        Files.writeString(directory.resolve("ca.pem"), client.certificatePem());
        Files.writeString(directory.resolve("prometheus.yml"), "global: {}\n");
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private URI start(List<String> command, String name, String scheme) throws IOException {
        int port = ServerProcess.freePort();
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(
                "--config.file=" + directory.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + directory.resolve(name),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.config.file=" + directory.resolve("web.yml")));
        Process process = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        processes.add(process);
        await().atMost(ServerProcess.LIMIT).until(() -> {
            assertThat(process.isAlive()).as(name + " is alive").isTrue();
            return listens(port);
        });
        return URI.create(scheme + "://127.0.0.1:" + port);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private void startBoth(String webConfig, String scheme) throws IOException {
        configure(webConfig);
        Path prometheus = Peers.newestPrometheus().orElseGet(Peers::prometheus);
        theirs = start(List.of(prometheus.toString()), "theirs", scheme);
        ours = start(PackagedProgram.commandLine("run"), "ours", scheme);
    }

    private void configure(String webConfig) throws IOException {
        Files.writeString(directory.resolve("web.yml"), webConfig);
    }

    private static String tls(String more) {
        return "tls_server_config: {cert_file: cert.pem, key_file: key.pem" + (more.isEmpty() ? "" : ", " + more)
                + "}\n";
    }

    /** One who asks, on a connection of its own. */
    private record Client(SSLContext context, HttpClient.Version version, List<String> protocols, List<String> suites) {
        static Client of(SSLContext context) {
            return new Client(context, HttpClient.Version.HTTP_1_1, List.of(), List.of());
        }

        Client with(HttpClient.Version spoken) {
            return new Client(context, spoken, protocols, suites);
        }

        Client withProtocol(String protocol) {
            return new Client(context, version, List.of(protocol), suites);
        }

        Client withSuite(String suite) {
            return new Client(context, version, protocols, List.of(suite));
        }

        String ask(URI server, String path, @Nullable String authorization, @Nullable String form) {
            SSLParameters parameters = new SSLParameters();
            if (!protocols.isEmpty()) {
                parameters.setProtocols(protocols.toArray(String[]::new));
            }
            if (!suites.isEmpty()) {
                parameters.setCipherSuites(suites.toArray(String[]::new));
            }
            try (HttpClient http = HttpClient.newBuilder()
                    .sslContext(context)
                    .sslParameters(parameters)
                    .version(version)
                    .build()) {
                HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
                if (authorization != null) {
                    request.header("Authorization", authorization);
                }
                if (form != null) {
                    request.header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form));
                }
                return describe(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
            } catch (IOException _) {
                return "refused";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    private static String describe(HttpResponse<String> response) {
        Map<String, List<String>> headers = new TreeMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        List.of(":status", "date", "content-length", "transfer-encoding", "vary")
                .forEach(headers::remove);
        String body = response.body().replaceAll("\"result\":\\[[0-9.]+", "\"result\":[T");
        return response.version() + " " + response.statusCode() + " " + headers + " " + body;
    }

    private void compare(SoftAssertions answers, String name, Client asking) {
        String expected = asking.ask(theirs, HEALTHY, null, null);
        answers.assertThat(asking.ask(ours, HEALTHY, null, null)).as(name).isEqualTo(expected);
    }

    @Test
    void clientsGetInByTlsAsToPrometheus() throws Exception {
        startBoth(tls(""), "https");
        Client plain = Client.of(stranger.context(server)).with(HttpClient.Version.HTTP_1_1);
        assertThat(Client.of(server.trusting()).ask(ours, HEALTHY, null, null))
                .contains("200")
                .contains("Healthy");
        SoftAssertions answers = new SoftAssertions();
        compare(answers, "HTTP/1.1", plain);
        compare(answers, "HTTP/2", plain.with(HttpClient.Version.HTTP_2));
        compare(answers, "TLS 1.2", plain.withProtocol("TLSv1.2"));
        compare(answers, "a server that is not trusted", Client.of(client.context()));
        configure(tls("min_version: TLS13"));
        compare(answers, "TLS 1.2 where 1.3 is the least", plain.withProtocol("TLSv1.2"));
        compare(answers, "TLS 1.3 where 1.3 is the least", plain.withProtocol("TLSv1.3"));
        configure(tls("max_version: TLS12"));
        compare(answers, "TLS 1.3 where 1.2 is the most", plain.withProtocol("TLSv1.3"));
        compare(answers, "TLS 1.2 where 1.2 is the most", plain.withProtocol("TLSv1.2"));
        configure(tls("max_version: TLS12, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]"));
        compare(answers, "a suite that is there", plain.withSuite("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
        compare(answers, "a suite that is not there", plain.withSuite("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
        configure(tls("curve_preferences: [CurveP384]"));
        compare(answers, "another curve", plain);
        for (String type : List.of(
                "NoClientCert",
                "RequestClientCert",
                "RequireAnyClientCert",
                "VerifyClientCertIfGiven",
                "RequireAndVerifyClientCert")) {
            String authorities = type.contains("Verify") ? ", client_ca_file: ca.pem" : "";
            configure(tls("client_auth_type: " + type + authorities));
            compare(answers, type + ", none", Client.of(server.trusting()));
            compare(answers, type + ", known", Client.of(client.context(server)));
            compare(answers, type + ", unknown", Client.of(stranger.context(server)));
        }
        for (String names : List.of("shop.example", "10.0.0.1", "a@b.example", "other.example")) {
            configure(tls("client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem, client_allowed_sans: ["
                    + names + "]"));
            // With a context of its own, so that no session is resumed.
            compare(answers, "bears " + names, Client.of(client.context(server)));
        }
        Files.writeString(directory.resolve("cert.pem"), client.certificatePem());
        Files.writeString(directory.resolve("key.pem"), client.keyPem());
        configure(tls(""));
        compare(answers, "another certificate", Client.of(stranger.context(server)));
        answers.assertAll();
    }

    @Test
    void usersGetInAsToPrometheus() throws Exception {
        startBoth(USERS + "http_server_config: {headers: {X-Frame-Options: deny, X-XSS-Protection: '1'}}\n", "http");
        Client asking = Client.of(SSLContext.getDefault());
        await().atMost(ServerProcess.LIMIT)
                .until(() -> asking.ask(ours, "/-/ready", basic("alice:secret"), null)
                                .contains(" 200 ")
                        && asking.ask(theirs, "/-/ready", basic("alice:secret"), null)
                                .contains(" 200 "));
        SoftAssertions answers = new SoftAssertions();
        for (String authorization : List.of(
                "",
                basic("alice:secret"),
                basic("alice:wrong"),
                basic("bob:secret"),
                basic("alice:"),
                basic(":"),
                basic("alice"),
                basic("alice:secret").replace("Basic", "basic"),
                "Basic",
                "Basic !",
                "Bearer x")) {
            String header = authorization.isEmpty() ? null : authorization;
            for (String path : List.of(HEALTHY, "/nope", "/api/v1/query?query=1")) {
                answers.assertThat(asking.ask(ours, path, header, null))
                        .as(authorization + " " + path)
                        .isEqualTo(asking.ask(theirs, path, header, null));
            }
            answers.assertThat(asking.ask(ours, "/api/v1/query", header, "query=1%2B1"))
                    .as(authorization + " form")
                    .isEqualTo(asking.ask(theirs, "/api/v1/query", header, "query=1%2B1"));
        }
        configure("{}\n");
        answers.assertThat(asking.ask(ours, HEALTHY, null, null))
                .as("everybody")
                .isEqualTo(asking.ask(theirs, HEALTHY, null, null));
        answers.assertAll();

        configure("rate_limit: {interval: 1h, burst: 1}\n");
        assertThat(asking.ask(ours, HEALTHY, null, null)).contains(" 200 ");
        assertThat(asking.ask(ours, HEALTHY, null, null)).contains(" 429 ").endsWith("Too Many Requests\n");
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFileThatIsNoLongerGoodIsReportedAndTheFormerOneHolds() throws Exception {
        configure(USERS);
        ours = start(PackagedProgram.commandLine("run"), "ours", "http");
        Client asking = Client.of(SSLContext.getDefault());
        assertThat(asking.ask(ours, HEALTHY, null, null)).contains(" 401 ");
        configure("basic_auth_users: {alice: secret}\n");
        assertThat(asking.ask(ours, HEALTHY, null, null)).contains(" 401 ");
        assertThat(asking.ask(ours, HEALTHY, basic("alice:secret"), null)).contains(" 200 ");
        configure(tls(""));
        assertThat(asking.ask(ours, HEALTHY, basic("alice:secret"), null)).contains(" 200 ");
        assertThat(Files.readString(directory.resolve("ours.log")))
                .contains("web configuration not loaded, the former one goes on")
                .contains("basic_auth_users.alice")
                .contains("TLS cannot be switched on while the server runs");
    }

    @Test
    void aServerWithABadFileDoesNotStart() throws Exception {
        for (Map.Entry<String, String> bad : Map.of(
                        "basic_auth_users: {alice: secret}\n",
                        "basic_auth_users.alice",
                        tls("").replace("cert.pem", "nope.pem"),
                        "nope.pem",
                        "tls_server_config: {cert_file: prometheus.yml, key_file: key.pem}\n",
                        "no certificate")
                .entrySet()) {
            configure(bad.getKey());
            List<String> line = PackagedProgram.commandLine(
                    "run",
                    "--config.file=" + directory.resolve("prometheus.yml"),
                    "--web.config.file=" + directory.resolve("web.yml"));
            CommandResult result = CommandResult.of(
                    Path.of(line.getFirst()), line.subList(1, line.size()).toArray(String[]::new));
            assertThat(result.exitCode()).as(bad.getKey()).isEqualTo(1);
            assertThat(result.errors()).contains("--web.config.file: ").contains(bad.getValue());
        }
    }
}
