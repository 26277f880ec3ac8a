// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.ReadMemoryException;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SelectionMemoryTest {
    private static final int SERIES = 2_000;
    private static final List<LabelMatcher> ALL = List.of(LabelMatcher.of(MatchOp.NOT_EQUAL, "n", ""));
    private static final List<LabelMatcher> ONE = List.of(LabelMatcher.equal("n", "7"));

    /** Room for the lists of some selections of all series, not of ten; sorting one needs 40,000 bytes. */
    private final MemoryAccount reads = new MemoryAccount(50_100);

    private final Head head = new Head(
            new MemoryAccount(Long.MAX_VALUE),
            7_200_000,
            new HeadOptions(0, false, false, _ -> {}, reads),
            (batch, maxTimeMs) -> {});

    @BeforeEach
    void fill() throws IOException {
        try (Appender appender = head.appender()) {
            for (int i = 0; i < SERIES; i++) {
                appender.append(appender.series(Labels.of("n", Integer.toString(i))), 1000, i);
            }
            appender.commit();
        }
    }

    @AfterEach
    void givesAllBack() {
        assertThat(reads.bytes()).isZero();
        head.close();
    }

    @Test
    void selectionsCountUntilTheirViewIsClosed() {
        try (Querier querier = querier()) {
            assertThat(size(querier.select(SelectHints.newest(0, 5000), ALL))).isEqualTo(SERIES);
            assertThat(reads.bytesPerTag()).containsEntry("selections", (long) Integer.BYTES * SERIES);
        }
        assertThat(reads.bytes()).isZero();
    }

    @Test
    void whatDoesNotFitBesideOthersIsRefusedByNameWhileSmallOnesGoOn() {
        List<Querier> open = new ArrayList<>();
        try (Querier small = querier()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            open.add(querier());
                            open.getLast().select(SelectHints.range(0, 5000), ALL);
                        }
                    })
                    .isInstanceOf(ReadMemoryException.class)
                    .hasMessageMatching(
                            "the selection would use too much memory: at least \\d+ bytes, all that are made"
                                    + " \\d+ bytes, their limit together is 50100 bytes; ask for less, or later");
            assertThat(open).hasSizeGreaterThan(1);
            assertThat(size(small.select(SelectHints.range(0, 5000), ONE))).isEqualTo(1);
        } finally {
            open.forEach(Querier::close);
        }
        try (Querier later = querier()) {
            assertThat(size(later.select(SelectHints.range(0, 5000), ALL))).isEqualTo(SERIES);
        }
    }

    @Test
    void valuesThatDoNotFitAreRefused() {
        refused(querier -> querier.labelValues("n", List.of()));
        refused(querier -> querier.labelValues("n", ALL));
        try (Querier querier = querier()) {
            assertThat(querier.labelNames(List.of())).containsExactly("n");
            assertThat(querier.labelValues("n", ONE)).containsExactly("7");
        }
    }

    @Test
    void theStorageItselfIsNotRefused() {
        try (Querier _ = querier();
                Querier own = head.querier(0, 5000)) {
            assertThat(own.labelValues("n", List.of())).hasSize(SERIES);
            assertThat(reads.bytes()).isZero();
        }
    }

    private void refused(Consumer<Querier> read) {
        try (Querier querier = querier()) {
            ThrowingCallable reading = () -> read.accept(querier);
            assertThatThrownBy(reading).isInstanceOf(ReadMemoryException.class);
        }
    }

    private Querier querier() {
        return head.queriers(0, 5000).getFirst();
    }

    private static int size(SeriesSet set) {
        int size = 0;
        while (set.next()) {
            size++;
        }
        return size;
    }
}
