// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.exposition.ExpositionEntry;
import dev.narthex.exposition.TextParser;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A scrape's body of 1,000 series: time for each line. The aim in its old place is 41 ns on an idle machine. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TextParserBenchmark {
    static final int LINES = 1_000;

    private final byte[] body = body();
    private final int[] entryEnds = new int[LINES];
    private final int[] seriesStarts = new int[LINES];
    private final int[] seriesEnds = new int[LINES];
    private final TextParser parser = new TextParser();

    public TextParserBenchmark() {
        parser.reset(body, 0, body.length);
        for (int line = 0; line < LINES; line++) {
            parser.next();
            seriesStarts[line] = parser.seriesStart();
            seriesEnds[line] = parser.seriesEnd();
            entryEnds[line] = parser.position();
        }
    }

    private static byte[] body() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < LINES; line++) {
            text.append(String.format(
                    Locale.ROOT,
                    "http_request_duration_seconds_bucket{method=\"GET\",path=\"/api/v1/item/%d\",code=\"200\",le=\"%d\"} %d%n",
                    line / 10,
                    line % 10,
                    random.nextInt(1_000_000)));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** As on the first scrape of a target: the series are found, not looked up. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public double parse() {
        parser.reset(body, 0, body.length);
        double sum = 0;
        while (parser.next() == ExpositionEntry.SERIES) {
            sum += parser.value();
        }
        return sum;
    }

    /** As on every later scrape: each series stands where it stood last time. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public double parseInOldPlace() {
        parser.reset(body, 0, body.length);
        double sum = 0;
        int from = 0;
        for (int line = 0; line < LINES; line++) {
            if (!parser.nextIs(body, from, seriesStarts[line], seriesEnds[line])) {
                throw new IllegalStateException("line " + line + ": not in its old place");
            }
            sum += parser.value();
            from = entryEnds[line];
        }
        return sum;
    }
}
