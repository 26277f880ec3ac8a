// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.peers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A real Prometheus or Alertmanager that runs on a loopback port until it is closed. */
public final class PeerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final int START_ATTEMPTS = 3;

    private final Process process;
    private final URI uri;
    private final String prefix;
    private final Path log;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private PeerProcess(Process process, URI uri, String prefix, Path log) {
        this.process = process;
        this.uri = uri;
        this.prefix = prefix;
        this.log = log;
    }

    /**
     * Starts a Prometheus and waits until it is ready; without one on this machine, skips the calling test.
     *
     * @param configuration the text of its prometheus.yml
     * @param directory an existing directory for its configuration, its log and its data (below {@code data}, which may
     *     already hold some)
     * @param flags further flags
     */
    public static PeerProcess prometheus(String configuration, Path directory, String... flags) throws IOException {
        return prometheus(Peers.prometheus(), configuration, directory, flags);
    }

    /** The same with a certain program. */
    public static PeerProcess prometheus(Path program, String configuration, Path directory, String... flags)
            throws IOException {
        Path file = Files.writeString(directory.resolve("prometheus.yml"), configuration);
        return start(
                directory,
                List.of(program.toString()),
                flags,
                address -> List.of(
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=" + address));
    }

    /**
     * Starts an Alertmanager and waits until it is ready; without one on this machine, skips the calling test.
     *
     * @param configuration the text of its alertmanager.yml
     * @param directory an existing directory for its configuration, its log and its data
     * @param flags further flags
     */
    public static PeerProcess alertmanager(String configuration, Path directory, String... flags) throws IOException {
        Path program = Peers.alertmanager();
        Path file = Files.writeString(directory.resolve("alertmanager.yml"), configuration);
        return start(
                directory,
                PackagedShare.commandLine(program),
                flags,
                address -> List.of(
                        "--config.file=" + file,
                        "--storage.path=" + directory.resolve("data"),
                        "--cluster.listen-address=",
                        "--web.listen-address=" + address));
    }

    private interface Arguments {
        List<String> listeningOn(String address);
    }

    /** Starts it, on another port where somebody has taken the free one meanwhile. */
    private static PeerProcess start(Path directory, List<String> command, String[] flags, Arguments arguments)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return startOnce(directory, command, flags, arguments);
            } catch (PortTakenException e) {
                if (attempt == START_ATTEMPTS) {
                    throw new AssertionError(e.getMessage(), e);
                }
            }
        }
    }

    /** The port was free a moment ago. */
    private static final class PortTakenException extends IOException {
        private static final long serialVersionUID = 1L;

        PortTakenException(String message) {
            super(message);
        }
    }

    private static PeerProcess startOnce(Path directory, List<String> command, String[] flags, Arguments arguments)
            throws IOException {
        String address = "127.0.0.1:" + freePort();
        List<String> line = new ArrayList<>(command);
        line.addAll(arguments.listeningOn(address));
        line.addAll(List.of(flags));
        Path log = directory.resolve("peer.log");
        Process process = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        PeerProcess peer = new PeerProcess(process, URI.create("http://" + address), prefix(flags), log);
        try {
            await().atMost(START_LIMIT).pollInterval(Duration.ofMillis(20)).until(peer::isReadyOrDead);
        } catch (ConditionTimeoutException e) {
            peer.close();
            throw new AssertionError(line + ": not ready after " + START_LIMIT + "\n" + peer.log(), e);
        }
        if (!process.isAlive()) {
            peer.close();
            String end = line + ": ended with " + process.exitValue() + "\n" + peer.log();
            if (end.contains("address already in use")) {
                throw new PortTakenException(end);
            }
            throw new AssertionError(end);
        }
        return peer;
    }

    /** A port that is free now. Another process may take it before it is used. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Below which path it answers with these flags; empty for all. */
    private static String prefix(String... flags) {
        String prefix = "";
        for (String flag : flags) {
            if (flag.startsWith("--web.external-url=") && prefix.isEmpty()) {
                prefix = URI.create(flag.substring(flag.indexOf('=') + 1)).getPath();
            } else if (flag.startsWith("--web.route-prefix=")) {
                prefix = flag.substring(flag.indexOf('=') + 1);
            }
        }
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    private boolean isReadyOrDead() {
        if (!process.isAlive()) {
            return true;
        }
        try {
            return get(prefix + "/-/ready").statusCode() == 200;
        } catch (IOException e) {
            return false; // does not listen yet
        }
    }

    /** Where it listens, for example {@code http://127.0.0.1:41234}, without a path. */
    public URI uri() {
        return uri;
    }

    /** Asks for a path with its query and returns the answer's text. */
    public HttpResponse<String> get(String pathAndQuery) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(uri.resolve(pathAndQuery))
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + request.uri(), e);
        }
    }

    /** All that it has logged so far. */
    public String log() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(log + ": cannot read the log of the peer", e);
        }
    }

    /** Tells it to read its configuration anew; the caller has written it to the file in its directory. */
    public void reload() throws IOException {
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                .inheritIO()
                .start();
    }

    /** Kills it at once, as a crash does, and waits until it is gone. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops it, so that its data are complete on disk; kills it where it does not stop. */
    @Override
    public void close() {
        http.close();
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
