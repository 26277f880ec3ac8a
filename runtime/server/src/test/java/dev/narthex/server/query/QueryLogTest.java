// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.Configuration;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.promql.value.Annotations;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.QueryStatistics;
import dev.narthex.promql.value.Value;
import dev.narthex.testkit.time.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines themselves are compared with those of a real Prometheus in {@link dev.narthex.server.QueryLogDifferentialIT}. */
class QueryLogTest {
    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private final QueryLog log = new QueryLog(clock);

    private static Configuration configuration(String file) throws ConfigException {
        return new Configuration(
                new ConfigLoader(_ -> "").prometheus("global: {query_log_file: '" + file + "'}", "p.yml"),
                List.of(),
                AlertmanagerConfig.EMPTY);
    }

    private static QueryResult answer() {
        return new QueryResult(
                new Value.Scalar(0, 1),
                new Annotations(List.of(), List.of()),
                new QueryStatistics(0, 0, new long[] {1}, new long[] {1}, 1, 0, 0, 0));
    }

    private void ask(String query) throws InterruptedException {
        QueryResult _ = log.logged(
                AskedQuery.instant(query, 0, new QueryOrigin.Rule("f", "g")),
                new QueryTimings(clock),
                QueryLogTest::answer);
    }

    private List<String> queries(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.replaceFirst(".*\"query\":\"(\\w*)\".*", "$1"))
                .toList();
    }

    @Test
    void aFileThatWasMovedAwayIsLetGoByAReload() throws Exception {
        Path file = directory.resolve("query.log");
        Path moved = directory.resolve("query.log.1");
        log.apply(configuration(file.toString()));
        assertThat(log.isEnabled()).isTrue();
        ask("a");
        Files.move(file, moved);
        ask("b");
        assertThat(queries(moved)).containsExactly("a", "b");
        log.apply(configuration(file.toString()));
        ask("c");
        assertThat(queries(moved)).containsExactly("a", "b");
        log.apply(configuration(file.toString()));
        ask("d");
        assertThat(queries(file)).containsExactly("c", "d");
        log.apply(configuration(""));
        assertThat(log.isEnabled()).isFalse();
        ask("e");
        assertThat(queries(file)).containsExactly("c", "d");
        assertThat(log.failures()).isZero();
    }

    @Test
    void aQueryWhoseThreadIsInterruptedDoesNotEndTheLog() throws Exception {
        Path file = directory.resolve("query.log");
        log.apply(configuration(file.toString()));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> log.logged(
                        AskedQuery.instant("left", 0, new QueryOrigin.Http("::1", "GET", "/api/v1/query")),
                        new QueryTimings(clock),
                        () -> {
                            throw new QueryException(QueryException.Kind.CANCELED, "nobody <waits>");
                        }))
                .hasMessage("nobody <waits>");
        assertThat(Thread.interrupted()).isTrue();
        ask("next");
        assertThat(queries(file)).containsExactly("left", "next");
        assertThat(Files.readAllLines(file).getFirst()).contains("\"error\":\"nobody <waits>\"");
    }

    @Test
    void aFileThatCannotBeWrittenIsRefusedBeforeAnythingIsTakenOver() throws Exception {
        Path file = directory.resolve("none").resolve("query.log");
        assertThat(log.problems(configuration(file.toString())))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .startsWith("configuration: global.query_log_file: cannot be written, found " + file));
        assertThat(log.problems(configuration(""))).isEmpty();
        assertThat(log.problems(configuration(directory.resolve("query.log").toString())))
                .isEmpty();
    }

    @Test
    void linesThatCannotBeWrittenAreCounted() throws Exception {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full), "no /dev/full here");
        log.apply(configuration(full.toString()));
        ask("a");
        ask("b");
        assertThat(log.failures()).isEqualTo(2);
    }
}
