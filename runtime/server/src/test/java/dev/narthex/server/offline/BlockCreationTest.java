// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.server.command.Command;
import dev.narthex.server.command.DumpFormat;
import dev.narthex.testkit.time.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockCreationTest {
    private static final int PIECE_BYTES = 1 << 20;

    private final ManualScheduler scheduler = new ManualScheduler();
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder errors = new StringBuilder();

    @TempDir
    private Path directory;

    private int create(Path input) {
        return create(input, Map.of());
    }

    private int create(Path input, Map<String, String> labels) {
        return new TsdbCommand(scheduler.clock(), out::append, errors::append)
                .run(new Command.CreateBlocks(
                        input, directory.resolve("blocks"), labels, false, true, Duration.ofHours(2)));
    }

    private List<String> dump() {
        StringBuilder dumped = new StringBuilder();
        assertThat(new TsdbCommand(scheduler.clock(), dumped::append, errors::append)
                        .run(new Command.DumpSamples(
                                directory.resolve("blocks"),
                                Long.MIN_VALUE,
                                Long.MAX_VALUE,
                                List.of("{__name__=~'.*'}"),
                                DumpFormat.SAMPLES)))
                .isZero();
        return dumped.toString().lines().toList();
    }

    /** As promtool. */
    @Test
    void anEmptyLabelTakesThatOfTheSeriesAwayUnlessItIsTheLastOne() throws IOException {
        Path in = Files.writeString(directory.resolve("in.om"), "a{x=\"1\"} 1 1700000000\n# EOF\n");
        assertThat(create(in, Map.of("x", "", "y", "", "z", "2"))).isZero();
        assertThat(dump()).containsExactly("{__name__=\"a\", z=\"2\"} 1 1700000000000");
        assertThat(create(in, Map.of("x", "", "__name__", ""))).isNotZero();
        assertThat(errors.toString()).contains("empty labelset: invalid sample");
    }

    /** The lines are those of promtool 3.15. */
    @Test
    void theLabelsOfSeriesAreDumpedAsJson() throws IOException {
        Path in = Files.writeString(directory.resolve("in.om"), """
                a{x="1",b="\\"é\\n<&>"} 1 1700000000
                {"odd name","l l"="2"} 3 1700000000
                a{x="2"} 1 1700000100
                # EOF
                """);
        assertThat(create(in)).isZero();
        StringBuilder dumped = new StringBuilder();
        assertThat(new TsdbCommand(scheduler.clock(), dumped::append, errors::append)
                        .run(new Command.DumpSamples(
                                directory.resolve("blocks"),
                                Long.MIN_VALUE,
                                Long.MAX_VALUE,
                                List.of("{__name__=~'.*'}"),
                                DumpFormat.SERIES)))
                .isZero();
        assertThat(dumped.toString().lines())
                .containsExactlyInAnyOrder(
                        "{\"__name__\":\"a\",\"b\":\"\\\"é\\n\\u003c\\u0026\\u003e\",\"x\":\"1\"}",
                        "{\"__name__\":\"a\",\"x\":\"2\"}",
                        "{\"__name__\":\"odd name\",\"l l\":\"2\"}");
    }

    @ParameterizedTest
    @CsvSource({"PT1S,2", "PT2H,2", "PT5H59M,2", "PT6H,6", "PT20H,18", "PT54H,54", "P100000D,39366"})
    void aBlockSpansTheLongestRangeThatFits(Duration most, long hours) {
        assertThat(BlockCreation.rangeMs(most))
                .isEqualTo(Duration.ofHours(hours).toMillis());
    }

    /** A histogram whose type is announced in the first piece of the file only. */
    private StringBuilder longerThanOnePiece() {
        StringBuilder text = new StringBuilder("# TYPE h histogram\n");
        for (int i = 0; text.length() < 2 * PIECE_BYTES; i++) {
            text.append("h_bucket{i=\"" + i + "\",le=\"1\"} 1 10\n");
        }
        return text;
    }

    @Test
    void theTypeOfAMetricHoldsInAllPiecesOfAFile() throws IOException {
        String text = longerThanOnePiece().append("# EOF\n").toString();
        assertThat(create(Files.writeString(directory.resolve("in.om"), text))).isZero();
        assertThat(dump())
                .hasSize((int) text.lines().count() - 2)
                .allMatch(sample -> sample.endsWith("le=\"1.0\"} 1 10000"));
        assertThat(errors).isEmpty();
    }

    @Test
    void aFaultIsNamedWithItsLineInAnyPiece() throws IOException {
        StringBuilder text = longerThanOnePiece();
        long lines = text.chars().filter(c -> c == '\n').count();
        Path in = Files.writeString(directory.resolve("in.om"), text.append("a x 5\n# EOF\n"));
        assertThat(create(in)).isEqualTo(1);
        assertThat(errors.toString()).startsWith(in + ": line " + (lines + 1) + ": value is not a number, found \"x\"");
        assertThat(directory.resolve("blocks")).doesNotExist();
    }

    @Test
    void aLineMayBeLongerThanAPiece() throws IOException {
        String value = "x".repeat(PIECE_BYTES + 10);
        Path in = Files.writeString(directory.resolve("in.om"), "a{l=\"" + value + "\"} 1 10\nb 2 10\n# EOF\n");
        assertThat(create(in)).isZero();
        assertThat(dump()).containsExactly("{__name__=\"a\", l=\"" + value + "\"} 1 10000", "{__name__=\"b\"} 2 10000");
    }

    @Test
    void timesBefore1970AreTaken() throws IOException {
        Path in = Files.writeString(directory.resolve("in.om"), "a 1 -7200.001\na 2 -0.5\na 3 0\n# EOF\n");
        assertThat(create(in)).isZero();
        assertThat(dump())
                .containsExactly("{__name__=\"a\"} 1 -7200001", "{__name__=\"a\"} 2 -500", "{__name__=\"a\"} 3 0");
    }

    @ParameterizedTest
    @CsvSource({"0,0B", "1023,1023B", "1024,1KiB", "2672938,2MiB562KiB298B", "1099511627777,1TiB1B"})
    void sizesArePrintedUnitByUnit(long bytes, String text) {
        assertThat(BlockTable.size(bytes)).isEqualTo(text);
    }
}
