// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a writer in a process of its own has said until it was killed. It is given a data directory and the number of its first
 * transaction, and prints the number of each that it has committed.
 *
 * @param acknowledged the last transaction that it has committed
 * @param notes what else it has printed, of the words that were asked for
 */
record WriterProcess(int acknowledged, List<String> notes) {
    /** Starts a writer and kills it when it has acknowledged so many transactions. */
    static WriterProcess runUntilKilled(Class<?> writer, Path directory, int first, int transactions, String... words)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        writer.getName(),
                        directory.resolve("data").toString(),
                        Integer.toString(first))
                .redirectError(directory.resolve("writer.log").toFile())
                .start();
        int acknowledged = first - 1;
        List<String> notes = new ArrayList<>();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            while (line != null) {
                if (List.of(words).contains(line)) {
                    notes.add(line);
                } else {
                    acknowledged = Integer.parseInt(line);
                }
                if (acknowledged >= first + transactions) {
                    process.toHandle().destroyForcibly(); // leaves the output to be read to its end
                }
                line = output.readLine();
            }
        } catch (NumberFormatException e) {
            // The last line was cut by the kill.
        }
        process.waitFor();
        assertThat(acknowledged).isGreaterThanOrEqualTo(first + transactions);
        return new WriterProcess(acknowledged, notes);
    }
}
