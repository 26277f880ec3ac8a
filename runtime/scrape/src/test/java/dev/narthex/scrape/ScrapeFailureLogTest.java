// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrapeFailureLogTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.006Z");

    @TempDir
    private Path folder;

    private final ScrapeFailureLog log = new ScrapeFailureLog();

    @Test
    void writesAnObjectALine() throws IOException {
        Path file = folder.resolve("failures.log");
        log.write(file.toString(), TIME, "server returned HTTP status 500", "a", "http://t:1/metrics");
        log.write(file.toString(), TIME, "\"\\\n\r\t\u0001é", "b", "");
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "{\"time\":\"2026-01-02T03:04:05.006Z\",\"level\":\"ERROR\",\"msg\":\"server returned HTTP status 500\","
                                + "\"job_name\":\"a\",\"target\":\"http://t:1/metrics\"}",
                        "{\"time\":\"2026-01-02T03:04:05.006Z\",\"level\":\"ERROR\",\"msg\":\"\\\"\\\\\\n\\r\\t\\u0001é\","
                                + "\"job_name\":\"b\",\"target\":\"\"}");
    }

    @Test
    void beginsAnotherFileWhenTheOneBeforeWasMovedAway() throws IOException {
        Path file = folder.resolve("failures.log");
        log.write(file.toString(), TIME, "one", "a", "t");
        Files.move(file, folder.resolve("failures.log.1"));
        log.write(file.toString(), TIME, "two", "a", "t");
        assertThat(Files.readString(file)).contains("two").doesNotContain("one");
        assertThat(Files.readString(folder.resolve("failures.log.1")))
                .contains("one")
                .doesNotContain("two");
    }

    @Test
    void goesOnWhereAFileCannotBeWritten() throws IOException {
        Path file = folder.resolve("later").resolve("failures.log");
        log.write(file.toString(), TIME, "one", "a", "t");
        log.write("", TIME, "nowhere", "a", "t");
        log.write("no\0path", TIME, "nowhere", "a", "t");
        Files.createDirectory(folder.resolve("later"));
        log.write(file.toString(), TIME, "two", "a", "t");
        assertThat(Files.readString(file)).contains("two").doesNotContain("one");
    }
}
