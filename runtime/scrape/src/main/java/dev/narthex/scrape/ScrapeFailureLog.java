// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Writes failed scrapes to the files of {@code scrape_failure_log_file}, a JSON object a line with the members of
 * Prometheus: {@code time}, {@code level}, {@code msg}, {@code job_name}, {@code target}. A file is opened for each line,
 * so that it may be moved away at any time. Safe for use by many threads.
 */
final class ScrapeFailureLog {
    private static final Logger log = Logger.getLogger(ScrapeFailureLog.class);

    /** Files that could not be written last time: said once. */
    private final Set<String> broken = ConcurrentHashMap.newKeySet();

    void write(String file, Instant time, String message, String job, String target) {
        if (file.isEmpty()) {
            return;
        }
        StringBuilder line = new StringBuilder("{\"time\":");
        quote(line, time.toString());
        line.append(",\"level\":\"ERROR\",\"msg\":");
        quote(line, message);
        quote(line.append(",\"job_name\":"), job);
        quote(line.append(",\"target\":"), target);
        byte[] bytes = line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(Path.of(file), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            broken.remove(file);
        } catch (IOException | InvalidPathException e) {
            if (broken.add(file)) {
                log.errorf("failed scrapes not written file=%s err=%s", file, e);
            }
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
