// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.Querier;
import dev.narthex.storage.ReadCanceledException;
import dev.narthex.storage.SelectHints;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes over many series, names or values ends where the thread is interrupted for which it does. */
class CanceledReadsTest {
    private static final int MANY = 3_000;
    private static final LabelMatcher FEW = LabelMatcher.equal("__name__", "few");
    private static final LabelMatcher FLOOD = LabelMatcher.of(MatchOp.REGEX, "__name__", "flo+d");

    private final HeadFixture db = new HeadFixture();

    /** A read by its name. */
    record Read(String name, Consumer<Querier> run) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Read> reads() {
        return List.of(
                new Read("names", querier -> querier.labelNames(List.of())),
                new Read("names of series", querier -> querier.labelNames(List.of(FLOOD))),
                new Read("values", querier -> querier.labelValues("n", List.of())),
                new Read("values of series", querier -> querier.labelValues("job", List.of(FLOOD))),
                new Read("series", querier -> querier.select(SelectHints.range(0, 2_000), List.of(FLOOD))));
    }

    @BeforeEach
    void fill() {
        db.commit(
                1_000,
                1,
                IntStream.range(0, MANY)
                        .mapToObj(i -> Labels.of("__name__", "flood", "job", "j", "l" + i, "x", "n", "v" + i))
                        .toArray(Labels[]::new));
        db.commit(1_000, 1, Labels.of("__name__", "few"));
    }

    @AfterEach
    void close() {
        assertThat(Thread.interrupted()).isFalse();
        db.close();
        assertThat(db.memory.bytes()).isZero();
    }

    @ParameterizedTest
    @MethodSource("reads")
    void endWithTheirThread(Read read) {
        try (Querier querier = db.head.querier(0, 2_000)) {
            read.run().accept(querier);
            Thread.currentThread().interrupt();
            try {
                assertThatExceptionOfType(ReadCanceledException.class)
                        .isThrownBy(() -> read.run().accept(querier));
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(querier.labelNames(List.of(FEW))).containsExactly("__name__");
        }
    }
}
