// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures how long the server takes from the start of its process to the first 200 of {@code /-/ready}, on an empty
 * data directory, and what memory it holds fifteen seconds later while it scrapes itself every five seconds. Five runs;
 * the median of each figure counts.
 *
 * <p>Arguments: the command that runs the server, without {@code run} and flags.
 */
public final class MeasureStart {
    private static final int RUNS = 5;
    private static final int REST_SECONDS = 15;

    private MeasureStart() {}

    public static void main(String[] command) throws IOException, InterruptedException {
        List<long[]> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            runs.add(run(List.of(command)));
        }
        System.out.printf(
                Locale.ROOT,
                "ready %d ms, CPU until then %d ms, resident %.1f MB, of it anonymous %.1f MB (medians of %d)%n",
                median(runs, 0),
                median(runs, 1),
                median(runs, 2) / 1024.0,
                median(runs, 3) / 1024.0,
                RUNS);
    }

    private static long median(List<long[]> runs, int figure) {
        long[] values = runs.stream().mapToLong(run -> run[figure]).sorted().toArray();
        return values[values.length / 2];
    }

    private static long[] run(List<String> program) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("narthex-measure");
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path config = Files.writeString(
                work.resolve("prometheus.yml"),
                "global: {scrape_interval: 5s}\nscrape_configs:\n- job_name: narthex\n"
                        + "  static_configs: [{targets: ['127.0.0.1:" + port + "']}]\n");
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(
                "run",
                "--config.file=" + config,
                "--storage.tsdb.path=" + work.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/-/ready"))
                    .build();
            long startNanos = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("log").toFile())
                    .start();
            try {
                while (!isReady(client, ready)) {
                    if (!process.isAlive()) {
                        throw new IOException(Files.readString(work.resolve("log")));
                    }
                    Thread.sleep(2);
                }
                long readyMs = (System.nanoTime() - startNanos) / 1_000_000;
                long cpuMs = cpuMs(process.pid());
                Thread.sleep(REST_SECONDS * 1000L);
                return new long[] {
                    readyMs, cpuMs, kibibytes(process.pid(), "VmRSS:"), kibibytes(process.pid(), "RssAnon:")
                };
            } finally {
                process.destroy();
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        } finally {
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static boolean isReady(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static long cpuMs(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return 10 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
    }

    private static long kibibytes(long pid, String field) throws IOException {
        return Arrays.stream(Files.readString(Path.of("/proc/" + pid + "/status")).split("\n"))
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }
}
