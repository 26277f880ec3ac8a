// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLine;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code narthex check service-discovery} prints what the real promtool prints, for the ways to find targets that need no
 * foreign service; but why a target is none, of which promtool prints {@code {}}.
 */
class ServiceDiscoveryCheckIT {
    private static final String FOUND =
            "[{\"targets\": [\"s:1\", \"s:2\"], \"labels\": {\"__meta_rack\": \"<r&1>\", \"team\": \"a\\\"b\"}}]";

    @TempDir
    private Path folder;

    private record Answer(int exitCode, String out, String errors) {
        /** The targets in an order: promtool prints groups in none. */
        Answer sorted() {
            if (!out.startsWith("[\n") || !out.endsWith("\n]")) {
                return this;
            }
            String[] targets = out.substring(2, out.length() - 2).split(",\n(?=  \\{)", -1);
            Arrays.sort(targets);
            return new Answer(exitCode, String.join(",\n", targets), errors);
        }
    }

    private Answer promtool(String... arguments) throws Exception {
        Path out = folder.resolve("out");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(arguments)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile());
        builder.command().add(0, Peers.promtool().toString());
        return new Answer(builder.start().waitFor(), Files.readString(out), Files.readString(errors));
    }

    private Answer narthex(String... arguments) throws Exception {
        if (PackagedProgram.isExecutable()) {
            CommandResult result = PackagedProgram.runIn(folder, "", List.of(arguments));
            return new Answer(result.exitCode(), result.output(), result.errors());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(errors, false, StandardCharsets.UTF_8));
        if (!(CommandLine.parse(arguments) instanceof Command.CheckServiceDiscovery check)) {
            throw new IllegalArgumentException(String.join(" ", arguments));
        }
        int exitCode = new ServiceDiscoveryCheck(console).run(check);
        return new Answer(exitCode, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    }

    /** Lines that promtool 3.15 prints, too, and 3.5.3 does not. */
    private static final String LABELS_SINCE_3_15 = "(?m)^ *\"__(always_scrape_classic_histograms"
            + "|convert_classic_histograms_to_nhcb|scrape_native_histograms)__\": \"false\",\n";

    @Test
    void printsWhatPromtoolPrints() throws Exception {
        Files.writeString(folder.resolve("found.json"), FOUND);
        try (LoopbackServer service = LoopbackServer.start(
                (_, out) -> LoopbackServer.respond(out, "application/json", FOUND.getBytes(StandardCharsets.UTF_8)))) {
            Path config = Files.writeString(folder.resolve("prometheus.yml"), """
                    scrape_configs:
                    - job_name: static
                      scrape_interval: 7s
                      scheme: https
                      metrics_path: /m
                      params: {q: [v, w]}
                      static_configs:
                      - targets: ['x:1', 'x:1', 'drop:1', 'bad:1', y]
                        labels: {z: "1\\t2"}
                      - targets: ['x:1']
                        labels: {extra: '1', z: "1\\t2"}
                      - targets: ['named:1']
                        labels: {instance: mine, __meta_x: foo, __tmp: a}
                      relabel_configs:
                      - {source_labels: [__address__], regex: 'drop.*', action: drop}
                      - {source_labels: [z], target_label: zz}
                      - {source_labels: [__address__], regex: 'bad:1', target_label: __address__, replacement: 'bad/host:1'}
                    - job_name: file
                      file_sd_configs: [{files: ['FOLDER/found*.json']}]
                    - job_name: http
                      http_sd_configs: [{url: 'http://SERVICE/'}]
                      relabel_configs: [{regex: '__meta_(.+)', action: labelmap}]
                    - job_name: empty
                    """.replace("FOLDER", folder.toString())
                    .replace("SERVICE", service.address()));
            for (String job : List.of("static", "file", "http", "empty", "none")) {
                String[] arguments = {"check", "service-discovery", "--timeout=5s", config.toString(), job};
                Answer expected = promtool(arguments);
                Answer actual = narthex(arguments);
                String reason = "\"\\\"bad/host:1\\\" is not a valid hostname\"";
                String out = actual.out.replace(reason, "{}").replaceAll(LABELS_SINCE_3_15, "");
                assertThat(new Answer(actual.exitCode, out, actual.errors).sorted())
                        .as(job)
                        .isEqualTo(expected.sorted());
            }
        }
    }

    @Test
    void saysWhyAFileCannotBeUsed() throws Exception {
        Path config = Files.writeString(folder.resolve("bad.yml"), "scrape_configs: [{job_nam: x}]\n");
        Answer answer = narthex("check", "service-discovery", config.toString(), "x");
        assertThat(answer.exitCode).isEqualTo(1);
        assertThat(answer.errors).startsWith("Cannot load config ").contains("job_nam");
    }
}
