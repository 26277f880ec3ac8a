// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.differential.RealPrometheus;
import dev.narthex.promql.syntax.PromqlFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Writes the expectations of a test file: what a real Prometheus answers that holds the same samples. All else of the file
 * stays as it is.
 */
final class PrometheusScribe implements AutoCloseable {
    private final Path directory;
    private final PromqlEngine engine = PromqlTestFile.engine();
    private final List<String> differences = new ArrayList<>();
    private RealPrometheus prometheus;
    private MemoryStorage storage = new MemoryStorage();
    private int started;

    PrometheusScribe(Path directory) throws IOException {
        this.directory = directory;
        this.prometheus = start();
    }

    private RealPrometheus start() throws IOException {
        return RealPrometheus.start(
                Files.createDirectories(directory.resolve("prometheus" + started++)),
                EnumSet.complementOf(EnumSet.of(PromqlFeature.TYPE_AND_UNIT_LABELS)));
    }

    /** Whether it knows all of the language. */
    boolean isNew() throws IOException, InterruptedException {
        return prometheus
                .ask("vector(1)[step() + 1m:]", 0, 0, 0)
                .path("status")
                .asText()
                .equals("success");
    }

    /**
     * The text with the expectations that are right.
     *
     * @param text a test file, the expectations of which may be missing
     */
    String write(String text) throws IOException, InterruptedException {
        StringBuilder written = new StringBuilder();
        List<String> lines = text.lines().toList();
        for (int at = 0; at < lines.size(); ) {
            int end = at + 1;
            String line = lines.get(at);
            boolean command = line.matches("(clear|load|eval).*");
            while (command && end < lines.size() && !lines.get(end).isBlank()) {
                end++;
            }
            List<String> block = lines.subList(at, end);
            if (line.startsWith("eval")) {
                written.append(line).append('\n');
                answer(line, written);
            } else {
                block.forEach(kept -> written.append(kept).append('\n'));
                load(block);
            }
            at = end;
        }
        return written.toString();
    }

    private void load(List<String> block) throws IOException, InterruptedException {
        if (block.getFirst().equals("clear")) {
            prometheus.close();
            prometheus = start();
            storage = new MemoryStorage();
        } else if (block.getFirst().startsWith("load")) {
            MemoryStorage loaded = new MemoryStorage();
            for (Command command : CommandParser.parse("template", block)) {
                if (command instanceof Command.Load load) {
                    TestSession.load(loaded, load);
                    TestSession.load(storage, load);
                } else {
                    throw new IllegalArgumentException("not what is loaded: " + command);
                }
            }
            prometheus.write(loaded);
        }
    }

    private void answer(String line, StringBuilder into) throws IOException, InterruptedException {
        if (!(CommandParser.parse("template", List.of(line)).getFirst() instanceof Command.Eval eval)) {
            throw new IllegalArgumentException("not an evaluation: " + line);
        }
        JsonNode answer = prometheus.ask(eval.query(), eval.startMs(), eval.endMs(), eval.stepMs());
        Optional<String> difference =
                prometheus.difference(engine, storage, eval.query(), eval.startMs(), eval.endMs(), eval.stepMs());
        difference.ifPresent(text -> differences.add(line + "\n    " + text));
        HistogramAnswer histograms =
                difference.isEmpty() ? HistogramAnswer.of(engine, storage, eval) : HistogramAnswer.concluded();
        List<String> lines = new ArrayList<>();
        new AnswerText(eval, histograms).write(answer, lines);
        lines.forEach(each -> into.append("  ").append(each).append('\n'));
    }

    /** Where our engine answers otherwise, buckets compared whatever their schema. */
    List<String> differences() {
        return List.copyOf(differences);
    }

    @Override
    public void close() {
        engine.close();
        prometheus.close();
    }
}
