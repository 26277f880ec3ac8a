// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.time.WallClock;
import dev.narthex.server.PackagedProgram;
import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLine;
import dev.narthex.server.command.CommandLineException;
import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real promtool and {@code narthex query} ask the same server: requests, outputs and exit codes are compared. */
class QueryCommandIT {
    private static final String HISTOGRAM = """
            {"count":"7.5","sum":"0.023488292","buckets":[[0,"-0.5","-0.25","1"],[3,"-0.001","0.001","2"],\
            [1,"0.25","0.5","4"],[2,"1e7","+Inf","1e21"]]}""";

    /** What the server answers, by a word of the query. */
    private static final Map<String, String> ANSWERS = Map.of(
            "vector",
            """
            "vector","result":[{"metric":{"__name__":"up","job":"a\\"b\\n","é":"<&>"},"value":[1795906193.505,"1"]},\
            {"metric":{"__name__":"up"},"value":[1795906193,"+Inf"]},{"metric":{},"value":[0,"NaN"]}]""",
            "matrix",
            """
            "matrix","result":[{"metric":{"__name__":"up","job":"p"},"values":[[1795906191.609,"1"],[1795906192,"1e+30"]]},\
            {"metric":{"job":"q"},"values":[[1795906191.6,"0.5"]]},{"metric":{"a":"1","b":"1"},"values":[[1,"1"]]},\
            {"metric":{"c":"0"},"values":[[1,"1"]]},{"metric":{},"values":[[1,"1"]]},\
            {"metric":{"a":"1","c":"0"},"values":[[1,"1"]]},{"metric":{"a":"0","b":"9"},"values":[[1,"1"]]}]""",
            "scalar",
            """
            "scalar","result":[1795906193.942,"-1.5"]""",
            "none",
            """
            "vector","result":[]""",
            "histogram",
            """
            "vector","result":[{"metric":{"__name__":"h"},"histogram":[1795906231.159,HISTOGRAM]}]""".replace("HISTOGRAM", HISTOGRAM),
            "histories",
            """
            "matrix","result":[{"metric":{"__name__":"h"},"histograms":[[1795906231.1,HISTOGRAM],[1795906232.1,HISTOGRAM]]}]""".replace("HISTOGRAM", HISTOGRAM));

    private static void answer(LoopbackRequest request, OutputStream out) throws IOException {
        String all = request.target() + "?" + URLDecoder.decode(request.bodyText(), StandardCharsets.UTF_8);
        if (all.contains("wrong")) {
            json(out, 400, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"it is wrong\"}");
        } else if (all.contains("broken")) {
            LoopbackServer.respond(
                    out, 503, Map.of("Content-Type", "text/plain"), "later".getBytes(StandardCharsets.UTF_8));
        } else if (all.contains("/series")) {
            json(
                    out,
                    200,
                    "{\"status\":\"success\",\"data\":[{\"__name__\":\"up\",\"job\":\"a\\\"b\"},{\"x\":\"<y>\"}]}");
        } else if (all.contains("/label/none/")) {
            json(out, 200, "{\"status\":\"success\",\"data\":[]}");
        } else if (all.contains("/label/")) {
            json(out, 200, "{\"status\":\"success\",\"data\":[\"b\",\"<a>\",\"é\"]}");
        } else {
            for (Map.Entry<String, String> entry : ANSWERS.entrySet()) {
                if (all.contains(entry.getKey())) {
                    json(out, 200, "{\"status\":\"success\",\"data\":{\"resultType\":" + entry.getValue() + "}}");
                    return;
                }
            }
        }
    }

    private static void json(OutputStream out, int status, String text) throws IOException {
        LoopbackServer.respond(
                out, status, Map.of("Content-Type", "application/json"), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Method, path and parameters, in no order. */
    private static String described(LoopbackRequest request) {
        String target = request.target();
        int question = target.indexOf('?');
        String parameters = request.bodyText() + (question < 0 ? "" : target.substring(question + 1));
        return request.method() + " " + (question < 0 ? target : target.substring(0, question)) + " "
                + new TreeSet<>(Arrays.asList(
                        URLDecoder.decode(parameters, StandardCharsets.UTF_8).split("&", -1)))
                + " " + request.headers().getOrDefault("x-tenant", "");
    }

    /** The same with times near now as hours from now. */
    private static String relative(String described) {
        long now = WallClock.system().instant().getEpochSecond();
        return Pattern.compile("(end|start)=(\\d{10,}(\\.\\d+)?)")
                .matcher(described)
                .replaceAll(found -> found.group(1) + "=now"
                        + Math.round(((long) Double.parseDouble(found.group(2)) - now) / 3600.0) + "h");
    }

    private record Run(int exitCode, String output, String errors) {}

    private static Run narthex(String... arguments) throws Exception {
        if (PackagedProgram.isExecutable()) {
            CommandResult result = PackagedProgram.run(arguments);
            return new Run(result.exitCode(), result.output(), result.errors());
        }
        StringBuilder output = new StringBuilder();
        StringBuilder errors = new StringBuilder();
        int exitCode =
                new QueryCommand(output::append, errors::append).run((Command.Query) CommandLine.parse(arguments));
        return new Run(exitCode, output.toString(), errors.toString());
    }

    static List<List<String>> commandLines() {
        return List.of(
                List.of("query", "instant", "--time=1795906193.5", "URL", "vector"),
                List.of("query", "instant", "--time=2026-11-28T22:00:00Z", "URL", "vector"),
                List.of("query", "instant", "--time=5", "-o", "json", "URL", "vector"),
                List.of("query", "instant", "--time=5", "URL", "matrix"),
                List.of("query", "instant", "--time=5", "--format=json", "URL", "matrix"),
                List.of("query", "instant", "--time=5", "URL/", "scalar"),
                List.of("query", "instant", "--time=5", "-o", "json", "URL", "scalar"),
                List.of("query", "instant", "--time=5", "URL", "none"),
                List.of("query", "instant", "--time=5", "-o", "json", "URL", "none"),
                List.of("query", "instant", "--time=5", "URL", "histogram"),
                List.of("query", "instant", "--time=5", "-o", "json", "URL", "histogram"),
                List.of("query", "instant", "--time=5", "URL", "wrong"),
                List.of("query", "instant", "--time=5", "URL", "broken"),
                List.of("query", "range", "--start=1", "--end=4000.25", "URL", "matrix"),
                List.of("query", "range", "--start=10", "--end=20", "URL", "matrix"),
                List.of("query", "range", "--end=400", "URL", "histories"),
                List.of("query", "range", "--start=10", "--end=20", "--step=1m", "-o", "json", "URL", "histories"),
                List.of("query", "range", "--start=20", "--end=10", "URL", "matrix"),
                List.of("query", "range", "--start=20", "--end=20", "URL", "matrix"),
                List.of("query", "series", "--match=up", "--match={a=\"b\"}", "URL"),
                List.of("query", "series", "--match=up", "--start=1", "--end=2.5", "-o", "json", "URL"),
                List.of("query", "series", "--match=wrong", "URL"),
                List.of("query", "labels", "URL", "job"),
                List.of("query", "labels", "--match=up", "--start=1", "--end=2", "URL", "job"),
                List.of("query", "labels", "-o", "json", "URL", "job"),
                List.of("query", "labels", "URL", "none"));
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void asksAndPrintsAsPromtool(List<String> commandLine) throws Exception {
        List<LoopbackRequest> requests = new ArrayList<>();
        try (LoopbackServer server = LoopbackServer.start((request, out) -> {
            synchronized (requests) {
                requests.add(request);
            }
            answer(request, out);
        })) {
            String[] arguments = commandLine.stream()
                    .map(word -> word.replace("URL", "http://" + server.address()))
                    .toArray(String[]::new);
            CommandResult expected = CommandResult.of(Peers.promtool(), arguments);
            List<String> theirs = requests.stream()
                    .map(request -> relative(described(request)))
                    .toList();
            requests.clear();
            Run found = narthex(arguments);
            assertThat(requests.stream()
                            .map(request -> relative(described(request)))
                            .toList())
                    .isEqualTo(theirs);
            assertThat(found.output()).isEqualTo(expected.output());
            assertThat(found.exitCode()).isEqualTo(expected.exitCode());
            assertThat(found.errors().isEmpty()).isEqualTo(expected.errors().isEmpty());
        }
    }

    @Test
    void withoutTimesTheLastFiveMinutesAreAsked() throws Exception {
        List<String> asked = new ArrayList<>();
        try (LoopbackServer server = LoopbackServer.start((request, out) -> {
            asked.add(described(request));
            answer(request, out);
        })) {
            QueryCommand command =
                    new QueryCommand(_ -> {}, _ -> {}, InstantSource.fixed(Instant.ofEpochMilli(1_000_250)));
            String url = "http://" + server.address();
            command.run((Command.Query) CommandLine.parse("query", "range", url, "matrix"));
            command.run((Command.Query) CommandLine.parse("query", "instant", url, "vector"));
        }
        assertThat(asked)
                .containsExactly(
                        "POST /api/v1/query_range [end=1000.25, query=matrix, start=700.25, step=1] ",
                        "POST /api/v1/query [query=vector, time=1000.25] ");
    }

    @Test
    void headersAndHttpConfigGoWithTheRequest(@TempDir Path folder) throws Exception {
        List<LoopbackRequest> requests = new ArrayList<>();
        Path config =
                Files.writeString(folder.resolve("http.yml"), "basic_auth: {username: me, password_file: secret}\n");
        Files.writeString(folder.resolve("secret"), "word");
        try (LoopbackServer server = LoopbackServer.start((request, out) -> {
            requests.add(request);
            answer(request, out);
        })) {
            String[] arguments = {
                "query",
                "instant",
                "--header=X-Tenant=a=b",
                "--http.config.file=" + config,
                "http://" + server.address(),
                "scalar"
            };
            assertThat(narthex(arguments).exitCode()).isZero();
        }
        assertThat(requests).hasSize(1);
        assertThat(requests.getFirst().headers())
                .containsEntry("x-tenant", "a=b")
                .containsEntry("authorization", "Basic bWU6d29yZA==");
    }

    @Test
    void aServerThatIsNotThereIsTold() throws Exception {
        Run run = narthex("query", "instant", "http://127.0.0.1:1", "up");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).startsWith("query error: ").contains("refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "query",
                "query nothing",
                "query instant http://127.0.0.1:9",
                "query instant 127.0.0.1:9 up",
                "query instant --time=abc http://127.0.0.1:9 up",
                "query instant -o xml http://127.0.0.1:9 up",
                "query instant --header=ab http://127.0.0.1:9 up",
                "query range --step=abc http://127.0.0.1:9 up",
                "query range --step=5 http://127.0.0.1:9 up",
                "query series http://127.0.0.1:9",
                "query labels http://127.0.0.1:9"
            })
    void aCommandLineThatPromtoolRefusesIsRefused(String line) throws Exception {
        String[] words = line.split(" ", -1);
        assertThat(CommandResult.of(Peers.promtool(), words).exitCode()).isEqualTo(1);
        assertThatThrownBy(() -> CommandLine.parse(words))
                .isInstanceOfSatisfying(
                        CommandLineException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(1))
                .hasMessageStartingWith("narthex query");
    }
}
