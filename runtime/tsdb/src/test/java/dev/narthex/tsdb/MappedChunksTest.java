// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.testkit.files.FileCall.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Full chunks leave the memory for files and are read from there. */
@ExtendWith(QuietLog.class)
class MappedChunksTest {
    private static final Path CHUNKS = TsdbFixture.DATA.resolve("chunks_head");
    private static final LabelMatcher ALL = LabelMatcher.of(MatchOp.REGEX, "__name__", ".*");
    private static final int SERIES = 20;

    private final TsdbFixture db = new TsdbFixture();

    @BeforeEach
    void open() throws IOException {
        db.open();
    }

    @AfterEach
    void closeAndCheckThatNothingIsLeft() throws IOException {
        db.close();
        assertThat(db.memory.bytes()).isZero();
        db.faulty().assertNoOpenFiles();
    }

    private static Labels series(int number) {
        return Labels.of("__name__", "m", "s", Integer.toString(number));
    }

    /** Commits so many scrapes, ten seconds apart, the last one now. */
    private void scrape(int scrapes) throws IOException {
        for (int i = 0; i < scrapes; i++) {
            db.scheduler.advance(Duration.ofSeconds(10));
            try (Appender appender = db.tsdb.appender()) {
                for (int s = 0; s < SERIES; s++) {
                    appender.append(appender.series(series(s)), db.nowMs(), Math.sin((double) (s + db.nowMs())));
                }
                appender.commit();
            }
        }
    }

    private long closedChunkBytes() {
        return db.tsdb.stats().memoryBytesByTag().getOrDefault("closed chunks", 0L);
    }

    @Test
    void theMaintenanceMovesFullChunksToFilesAndNothingElseChanges() throws IOException {
        db.scheduler.advance(Duration.ofSeconds(1));
        scrape(1);
        try (Querier early = db.tsdb.querier(0, Long.MAX_VALUE)) {
            for (int i = 0; i < 600; i++) {
                db.append(series(i % SERIES), db.nowMs() + 1 + i, i);
            }
            long chunks = db.tsdb.stats().head().chunks();
            db.tsdb.maintain();
            assertThat(db.tsdb.stats().head().chunks()).isEqualTo(chunks);
            assertThat(TsdbFixture.read(early, 0, Long.MAX_VALUE, ALL))
                    .hasSize(SERIES)
                    .allSatisfy((_, samples) -> assertThat(samples).hasSize(1));
        }
        scrape(400);
        Map<String, List<String>> before = db.all();
        db.tsdb.maintain();
        assertThat(db.files.list(CHUNKS)).hasSize(1);
        assertThat(db.tsdb.stats().headChunkBytes()).isGreaterThan(20_000);
        assertThat(db.all()).isEqualTo(before);
        long middleMs = db.nowMs() - 2_000_000;
        db.all(middleMs, middleMs + 500_000)
                .forEach((labels, samples) -> assertThat(before.get(labels)).containsSubsequence(samples));
        db.restart();
        assertThat(db.all()).isEqualTo(before);
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(before);
    }

    @Test
    void memoryComesBack() throws IOException {
        scrape(700);
        db.tsdb.maintain(); // replaced pieces are freed by the next round at the latest
        db.tsdb.maintain();
        db.restart();
        long mapped = db.memory.bytesPerTag().getOrDefault("closed chunks", 0L);
        long files = db.tsdb.stats().headChunkBytes();
        assertThat(files).isGreaterThan(100_000);
        assertThat(mapped).isLessThan(70_000); // one page
        assertThat(closedChunkBytes()).isEqualTo(mapped);
    }

    @Test
    void aReaderThatIsAtWorkKeepsWhatItSawBeforeTheMove() throws IOException {
        scrape(300);
        Map<String, List<String>> before = db.all();
        try (Querier querier = db.tsdb.querier(0, Long.MAX_VALUE)) {
            db.tsdb.maintain();
            assertThat(TsdbFixture.read(querier, 0, Long.MAX_VALUE, ALL)).isEqualTo(before);
            db.tsdb.maintain();
            assertThat(TsdbFixture.read(querier, 0, Long.MAX_VALUE, ALL)).isEqualTo(before);
        }
    }

    @Test
    void filesGoWithTheirSamplesUnlessAReaderNeedsThem() throws IOException {
        db.close();
        db.compaction = false;
        db.retention = Duration.ofHours(1);
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        scrape(300);
        db.tsdb.maintain();
        db.restart();
        scrape(300);
        db.tsdb.maintain();
        assertThat(db.files.list(CHUNKS)).containsExactly("000001", "000002");
        try (Querier querier = db.tsdb.querier(0, Long.MAX_VALUE)) {
            Map<String, List<String>> before = TsdbFixture.read(querier, 0, Long.MAX_VALUE, ALL);
            scrape(200);
            db.scheduler.advance(Duration.ofMinutes(3));
            assertThat(db.files.list(CHUNKS)).contains("000001");
            assertThat(TsdbFixture.read(querier, 0, db.nowMs() - 4_000_000, ALL).keySet())
                    .isEqualTo(before.keySet());
        }
        db.scheduler.advance(Duration.ofMinutes(3));
        assertThat(db.files.list(CHUNKS)).doesNotContain("000001").isNotEmpty();
        assertThat(db.all()).hasSize(SERIES);
    }

    @Test
    void afterAStartTheLastSampleIsKnownWhereOnlyAFileHasIt() throws IOException {
        for (int i = 0; i < 120; i++) {
            db.append(series(1), db.nowMs() + i, i);
        }
        db.append(series(1), db.nowMs() + Duration.ofHours(3).toMillis(), 1); // closes the chunk
        db.append(series(2), db.nowMs(), 7);
        db.tsdb.maintain();
        db.restart();
        long last = db.nowMs() + Duration.ofHours(3).toMillis();
        assertThat(db.append(series(1), last, 1)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(db.append(series(1), last, 2)).isEqualTo(AppendResult.DUPLICATE);
        assertThat(db.append(series(1), last - 1, 2)).isEqualTo(AppendResult.OUT_OF_ORDER);
        assertThat(db.append(series(1), last + 1, 2)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(db.all().get(series(1).toString())).hasSize(122);
    }

    @Test
    void whatAFileHasLostComesFromTheLog() throws IOException {
        scrape(500);
        db.tsdb.maintain();
        Map<String, List<String>> before = db.all();
        int size = db.faulty().content(CHUNKS.resolve("000001")).length;
        for (int at : new int[] {0, 9, 40, size / 3, size / 2, size - 2}) {
            db.close();
            db.faulty().flip(CHUNKS.resolve("000001"), at, 1);
            db.memory = new MemoryAccount(Long.MAX_VALUE);
            db.open();
            assertThat(db.tsdb.stats().headChunkDamage().damagedFiles()).isEqualTo(1);
            assertThat(db.all()).isEqualTo(before);
            db.close();
            db.files.delete(CHUNKS);
            db.memory = new MemoryAccount(Long.MAX_VALUE);
            db.open();
            assertThat(db.all()).isEqualTo(before);
            db.tsdb.maintain();
            assertThat(db.files.list(CHUNKS)).contains("000001");
        }
    }

    @Test
    void whereFilesCannotBeWrittenChunksStayInMemoryAndGoLater() throws IOException {
        db.faulty().failCalls(call -> call.path().startsWith(CHUNKS) && call.operation() == Operation.WRITE);
        scrape(300); // the maintenance runs every minute
        Map<String, List<String>> before = db.all();
        assertThat(db.tsdb.stats().failedMaintenance()).isPositive();
        assertThat(db.tsdb.stats().headChunkBytes()).isZero();
        assertThat(db.all()).isEqualTo(before);
        db.faulty().heal();
        db.tsdb.maintain();
        assertThat(db.tsdb.stats().headChunkBytes()).isGreaterThan(10_000);
        assertThat(db.all()).isEqualTo(before);
        db.restart();
        assertThat(db.all()).isEqualTo(before);
    }

    @Test
    void aReferenceThatAFileNamesIsNotGivenToAnotherSeries() throws IOException {
        scrape(300);
        db.tsdb.maintain();
        db.close();
        for (String name : db.files.list(TsdbFixture.DATA.resolve("wal"))) {
            db.files.delete(TsdbFixture.DATA.resolve("wal").resolve(name));
        }
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        assertThat(db.all()).isEmpty();
        try (Appender appender = db.tsdb.appender()) {
            assertThat(appender.series(Labels.of("__name__", "other"))).isGreaterThan(SERIES);
            appender.rollback();
        }
        db.append(Labels.of("__name__", "other"), db.nowMs(), 1);
        db.restart();
        assertThat(db.all()).hasSize(1);
    }
}
