// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The {@link PackagedProgram} as a server: a process of its own, known by its command line, its output and HTTP only.
 */
final class ServerProcess implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(90);

    private final Process process;
    private final URI uri;
    private final String ready;
    private final Path log;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private ServerProcess(Process process, URI uri, String ready, Path log) {
        this.process = process;
        this.uri = uri;
        this.ready = ready;
        this.log = log;
    }

    /** A port that is free now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it and waits until it is ready; {@code --web.listen-address} is added. */
    static ServerProcess start(Path directory, int port, String... arguments) throws IOException {
        return start(PackagedProgram.commandLine(arguments), directory, port, "");
    }

    /** The same with further environment variables. */
    static ServerProcess startIn(Map<String, String> environment, Path directory, int port, String... arguments)
            throws IOException {
        return start(PackagedProgram.commandLine(arguments), environment, directory, port, "");
    }

    /** The same where it answers below a path. */
    static ServerProcess startBelow(String prefix, Path directory, int port, String... arguments) throws IOException {
        return start(PackagedProgram.commandLine(arguments), directory, port, prefix);
    }

    /**
     * The same on a machine, or in a container, of so many megabytes: a JVM with the options that the server is packaged
     * with.
     */
    static ServerProcess startOnMachineOf(int megabytes, Path options, Path directory, int port, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.add("@" + options);
        command.addAll(List.of("-XX:MaxRAM=" + megabytes + "m", "-XX:TieredStopAtLevel=1", "-jar"));
        command.add(String.valueOf(System.getProperty("narthex.jar")));
        command.addAll(List.of(arguments));
        return start(command, directory, port, "");
    }

    /** The same with a heap of so many megabytes at most, which both a JVM and a native executable take. */
    static ServerProcess startSmall(Path directory, int port, int megabytes, String... arguments) throws IOException {
        return startWith("-Xmx" + megabytes + "m", directory, port, arguments);
    }

    /** The same with an option of the JVM, in front of all else. */
    static ServerProcess startWith(String option, Path directory, int port, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(PackagedProgram.commandLine(arguments));
        command.add(1, option);
        return start(command, directory, port, "");
    }

    private static ServerProcess start(List<String> line, Path directory, int port, String prefix) throws IOException {
        return start(line, Map.of(), directory, port, prefix);
    }

    private static ServerProcess start(
            List<String> line, Map<String, String> environment, Path directory, int port, String prefix)
            throws IOException {
        ServerProcess server = launch(line, environment, directory, port, prefix);
        try {
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(server::isReadyOrDead);
            if (!server.process.isAlive()) {
                throw new AssertionError(line + ": ended with " + server.process.exitValue() + "\n" + server.log());
            }
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Starts it, and leaves it to the caller to see how far it has come. */
    static ServerProcess launch(Path directory, int port, String... arguments) throws IOException {
        return launch(PackagedProgram.commandLine(arguments), Map.of(), directory, port, "");
    }

    private static ServerProcess launch(
            List<String> line, Map<String, String> environment, Path directory, int port, String prefix)
            throws IOException {
        List<String> command = new ArrayList<>(line);
        command.add("--web.listen-address=127.0.0.1:" + port);
        Path log = directory.resolve("narthex.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new ServerProcess(process, URI.create("http://127.0.0.1:" + port), prefix + "/-/ready", log);
    }

    private boolean isReadyOrDead() {
        if (!process.isAlive()) {
            return true;
        }
        try {
            return get(ready).statusCode() == 200;
        } catch (IOException e) {
            return false; // does not listen yet
        }
    }

    URI uri() {
        return uri;
    }

    HttpResponse<String> get(String pathAndQuery) throws IOException {
        return send(HttpRequest.newBuilder(uri.resolve(pathAndQuery)));
    }

    HttpResponse<String> post(String path) throws IOException {
        return send(HttpRequest.newBuilder(uri.resolve(path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The value of {@code data} in an answer. */
    JsonObject data(String pathAndQuery) throws IOException {
        return new JsonObject(get(pathAndQuery).body()).getJsonObject("data");
    }

    /** The result of an instant query. */
    JsonArray query(String promql) throws IOException {
        return data("/api/v1/query?query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8))
                .getJsonArray("result");
    }

    /** The value of the only sample of an instant query, null where there is none or many. */
    @Nullable
    String value(String promql) throws IOException {
        JsonArray result = query(promql);
        return result.size() == 1
                ? result.getJsonObject(0).getJsonArray("value").getString(1)
                : null;
    }

    String log() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    /** The most memory that it has had so far, in MB; as Linux tells. */
    long peakMemoryMb() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IOException("/proc does not tell the memory of process " + process.pid());
    }

    /** Kills it as a crash would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end and gives its exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    /** The exit code of one that was told to end. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("does not end");
        }
        return process.exitValue();
    }

    /** Sends a signal by its name. */
    void signal(String name) throws IOException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
    }

    /** Kills it where it still runs, and waits until it is gone, so that nobody writes to its directory any more. */
    @Override
    public void close() {
        http.close();
        try {
            kill();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
