// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.tsdb.block.BlockMeta;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Blocks of a TSDB: how they come, what becomes of them. */
@ExtendWith(QuietLog.class)
class TsdbBlocksTest {
    private static final Labels UP = Labels.of("__name__", "up", "job", "a");
    private final TsdbFixture db = new TsdbFixture();

    @BeforeEach
    void open() throws IOException {
        db.open();
    }

    @AfterEach
    void close() throws IOException {
        db.close();
        db.faulty().assertNoOpenFiles();
    }

    /** A sample every five minutes of so many hours; what was written. */
    private List<String> write(int hours) throws IOException {
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 12 * hours; i++) {
            try (Appender appender = db.tsdb.appender()) {
                appender.append(appender.series(UP), db.nowMs(), i);
                appender.commit();
            }
            written.add(db.nowMs() + "=" + i);
            db.scheduler.advance(Duration.ofMinutes(5));
        }
        return written;
    }

    @Test
    void whatLeavesTheHeadIsInBlocksAndStaysReadable() throws IOException {
        List<String> written = write(30);
        assertThat(db.tsdb.stats().blocks().cuts()).isGreaterThan(10);
        assertThat(db.tsdb.stats().blocks().compactions()).isPositive();
        assertThat(db.tsdb.blocks()).hasSizeLessThan(10);
        assertThat(db.tsdb.stats().head().chunks()).isLessThan(5);
        assertThat(db.all()).isEqualTo(Map.of(UP.toString(), written));
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(Map.of(UP.toString(), written));
    }

    @Test
    void anOpenQuerierShowsWhatWasThereWhileBlocksAreMerged() throws IOException {
        List<String> written = write(10);
        try (Querier querier = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            write(30);
            assertThat(TsdbFixture.read(querier, Long.MIN_VALUE, Long.MAX_VALUE, LabelMatcher.equal("job", "a")))
                    .isEqualTo(Map.of(UP.toString(), written));
        }
    }

    @Test
    void blocksBeyondTheRetentionTimeGo() throws IOException {
        db.close();
        db.retention = Duration.ofHours(8);
        db.files = new FaultyFiles();
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        write(48);
        assertThat(db.tsdb.stats().blocks().timeDeletions()).isGreaterThan(10);
        long newest = db.tsdb.blocks().getLast().maxTimeMs();
        assertThat(db.tsdb.blocks()).allMatch(meta -> newest - meta.maxTimeMs() < db.retention.toMillis());
    }

    @Test
    void theOldestBlocksGoWhereAllTogetherAreTooLarge() throws IOException {
        write(30);
        long half = db.tsdb.stats().walBytes()
                + db.tsdb.stats().checkpointBytes()
                + db.tsdb.stats().blocks().sizeBytes() / 2;
        db.retentionBytes = half;
        db.restart();
        BlockMeta oldest = db.tsdb.blocks().getFirst();
        BlockMeta newest = db.tsdb.blocks().getLast();
        db.tsdb.maintain();
        assertThat(db.tsdb.stats().blocks().sizeDeletions()).isPositive();
        assertThat(db.tsdb.blocks()).contains(newest).doesNotContain(oldest);
    }

    private long bytesBesideBlocks() {
        TsdbStats stats = db.tsdb.stats();
        return stats.walBytes() + stats.checkpointBytes() + stats.headChunkBytes();
    }

    @Test
    void theOldestBlocksGoWhereAllTogetherTakeMoreThanTheirShareOfTheVolume() throws IOException {
        write(30);
        long half = bytesBesideBlocks() + db.tsdb.stats().blocks().sizeBytes() / 2;
        db.close();
        db.retentionPercentage = 20;
        db.faulty().capacityBytes(5 * half);
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        BlockMeta oldest = db.tsdb.blocks().getFirst();
        BlockMeta newest = db.tsdb.blocks().getLast();
        db.tsdb.maintain();
        assertThat(db.tsdb.blocks()).contains(newest).doesNotContain(oldest);
        assertThat(bytesBesideBlocks() + db.tsdb.stats().blocks().sizeBytes()).isLessThanOrEqualTo(half);

        // The lower limit counts, whichever it is.
        db.retentionBytes = 1;
        db.restart();
        db.tsdb.maintain();
        assertThat(db.tsdb.blocks()).isEmpty();
    }

    @Test
    void filesOfHeadChunksCountForTheSize() throws IOException {
        write(30);
        long headChunks = db.tsdb.stats().headChunkBytes();
        assertThat(headChunks).isPositive();
        long all = bytesBesideBlocks() + db.tsdb.stats().blocks().sizeBytes();
        BlockMeta oldest = db.tsdb.blocks().getFirst();
        db.retentionBytes = all;
        db.restart();
        db.tsdb.maintain();
        assertThat(db.tsdb.blocks()).contains(oldest);
        db.retentionBytes = all - headChunks;
        db.restart();
        db.tsdb.maintain();
        assertThat(db.tsdb.blocks()).doesNotContain(oldest);
    }

    @Test
    void aDamagedBlockIsSetAsideAndTheOthersAreRead() throws IOException {
        write(12);
        BlockMeta first = db.tsdb.blocks().getFirst();
        db.close();
        Path meta = TsdbFixture.DATA.resolve(first.ulid().text()).resolve("meta.json");
        db.faulty().put(meta, "{".getBytes(StandardCharsets.UTF_8));
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        assertThat(db.tsdb.stats().blocks().damaged()).isEqualTo(1);
        assertThat(db.tsdb.blocks()).isNotEmpty().doesNotContain(first);
        assertThat(db.all()).isNotEmpty();
        assertThat(db.files.list(TsdbFixture.DATA.resolve("damaged")))
                .contains(first.ulid().text());
    }

    @Test
    void leftoversOfInterruptedChangesGoAtTheStart() throws IOException {
        List<String> written = write(8);
        db.close();
        String name = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        db.faulty().put(TsdbFixture.DATA.resolve(name + ".tmp-for-creation/index"), new byte[3]);
        db.faulty().put(TsdbFixture.DATA.resolve(name + ".tmp-for-deletion/index"), new byte[3]);
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        assertThat(db.files.list(TsdbFixture.DATA)).noneMatch(file -> file.startsWith(name));
        assertThat(db.all()).isEqualTo(Map.of(UP.toString(), written));
    }

    @Test
    void aSnapshotHoldsAllOrWithoutTheHeadTheBlocks() throws IOException {
        List<String> written = write(12);
        Path whole = Path.of("/snapshot");
        Path blocks = Path.of("/blocks");
        db.tsdb.snapshot(whole, false);
        db.tsdb.snapshot(blocks, true);
        long end = db.tsdb.blocks().getLast().maxTimeMs();
        for (Path snapshot : List.of(whole, blocks)) {
            TsdbConfig config = db.config().with(b -> {
                b.directory = snapshot;
                b.memory = new MemoryAccount(Long.MAX_VALUE);
            });
            try (Tsdb copy = Tsdb.open(config)) {
                List<String> expected = snapshot.equals(whole)
                        ? written
                        : written.stream()
                                .filter(text -> Long.parseLong(text.substring(0, text.indexOf('='))) < end)
                                .toList();
                assertThat(TsdbFixture.read(copy, Long.MIN_VALUE, Long.MAX_VALUE, LabelMatcher.equal("job", "a")))
                        .isEqualTo(Map.of(UP.toString(), expected));
            }
        }
    }

    @Test
    void deletedSamplesAreGoneFromBlocksAndHead() throws IOException {
        write(12);
        db.tsdb.delete(Long.MIN_VALUE, Long.MAX_VALUE, List.of(LabelMatcher.equal("job", "a")));
        assertThat(db.all()).isEmpty();
        db.tsdb.cleanTombstones();
        db.killAndRestart();
        assertThat(db.all()).isEmpty();
    }
}
