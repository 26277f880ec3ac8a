// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Exemplar;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.ExemplarSeries;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.tsdb.chunk.RandomHistograms;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A start from a snapshot shows what one from the log does, and reads the log only where there is none to trust. */
@ExtendWith(QuietLog.class)
class HeadSnapshotTest {
    private static final Path DATA = TsdbFixture.DATA;
    private static final Path FIRST_SEGMENT = DATA.resolve("wal/00000000");
    private static final LabelMatcher ANY = LabelMatcher.of(MatchOp.REGEX, "__name__", ".+");
    private static final Labels UP = Labels.of("__name__", "up", "job", "shop");

    private final TsdbFixture db = new TsdbFixture();
    private Map<String, List<String>> whole = Map.of();
    private List<ExemplarSeries> exemplars = List.of();
    private Map<Labels, Metadata> metadata = Map.of();

    private static Labels labels(String kind, int i) {
        return Labels.of("__name__", kind, "i", Integer.toString(i));
    }

    /** All that a head can hold: closed chunks and open ones, of all kinds, deletions, exemplars, late samples. */
    @BeforeEach
    void write() throws IOException {
        db.headSnapshot = true;
        db.outOfOrderWindow = Duration.ofHours(1);
        db.maxExemplars = 20;
        db.open();
        write(150);
        db.tsdb.delete(db.nowMs() - 600_000, db.nowMs() - 300_000, List.of(LabelMatcher.equal("__name__", "deleted")));
        write(20);
        look();
    }

    private void write(int rounds) throws IOException {
        Random random = new Random(7);
        RandomHistograms integers = new RandomHistograms(random, false);
        RandomHistograms floats = new RandomHistograms(random, true);
        for (int round = 0; round < rounds; round++) {
            db.scheduler.advance(Duration.ofSeconds(15));
            long t = db.nowMs();
            try (Appender appender = db.tsdb.appender()) {
                long up = appender.series(UP);
                appender.append(up, t, round % 40 == 39 ? StalenessMarker.VALUE : random.nextInt(100) / 8.0);
                appender.append(up, new Exemplar(Labels.of("trace_id", "t" + round), round, t));
                appender.metadata(up, new Metadata(MetricType.GAUGE, "", "Whether it is up."));
                appender.append(appender.series(labels("deleted", 1)), t, round);
                appender.append(appender.series(labels("integers", 1)), t, integers.next());
                appender.append(appender.series(labels("floats", 1)), t, floats.next());
                appender.append(appender.series(labels("churn", round / 50)), t, round);
                long mixed = appender.series(labels("mixed", 1));
                if (round / 7 % 2 == 0) {
                    appender.append(mixed, t, round);
                } else {
                    appender.append(mixed, t, integers.next());
                }
                appender.append(appender.series(labels("late", round % 3)), t - 700_000 - 1000L * round, round);
                appender.commit();
            }
        }
    }

    private void look() {
        whole = db.all();
        assertThat(whole).hasSizeGreaterThan(10);
        exemplars = db.tsdb.exemplars().exemplars(Long.MIN_VALUE, Long.MAX_VALUE, List.of(List.of(ANY)));
        assertThat(exemplars.getFirst().exemplars()).hasSize(20);
        metadata = db.tsdb.metadata(List.of(ANY));
        assertThat(metadata).hasSize(1);
    }

    private void assertSame() {
        assertThat(db.all()).isEqualTo(whole);
        assertThat(db.tsdb.exemplars().exemplars(Long.MIN_VALUE, Long.MAX_VALUE, List.of(List.of(ANY))))
                .isEqualTo(exemplars);
        assertThat(db.tsdb.metadata(List.of(ANY))).isEqualTo(metadata);
        assertThat(db.tsdb.stats().replay().unknownSeriesSamples()).isZero();
        assertThat(db.tsdb.stats().replay().malformedRecords()).isZero();
    }

    private List<String> snapshots() throws IOException {
        return db.files.list(DATA).stream()
                .filter(name -> name.startsWith("chunk_snapshot."))
                .toList();
    }

    private Path snapshot() throws IOException {
        assertThat(snapshots()).hasSize(1);
        return DATA.resolve(snapshots().getFirst());
    }

    private void open(FaultyFiles files) throws IOException {
        db.files = files;
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
    }

    @Test
    void aStartReadsNothingOfTheLogBeforeIt() throws IOException {
        db.close();
        Path taken = snapshot();
        assertThat(taken.toString()).isEqualTo("/data/chunk_snapshot.000001.0000000000");
        byte[] segment = db.faulty().content(FIRST_SEGMENT);
        db.faulty().put(FIRST_SEGMENT, new byte[segment.length]); // so nothing could be read
        open(db.faulty());
        assertSame();
        assertThat(db.tsdb.stats().walDamage().damages()).isZero();
        assertThat(snapshots()).as("each serves one start").isEmpty();
        assertThat(db.append(UP, db.nowMs(), 12345)).isEqualTo(AppendResult.DUPLICATE);
        db.scheduler.advance(Duration.ofSeconds(15));
        db.append(UP, db.nowMs(), 1);
        db.append(labels("new", 1), db.nowMs(), 1);
        Map<String, List<String>> more = db.all();
        db.faulty().put(FIRST_SEGMENT, segment);
        db.killAndRestart();
        assertThat(db.all()).as("from the log").isEqualTo(more);
        db.close();
    }

    @Test
    void startsFromSnapshotsFollowEachOther() throws IOException {
        for (int i = 0; i < 5; i++) {
            db.restart();
            assertSame();
            write(3 + 60 * (i % 2));
            whole = db.all();
            exemplars = db.tsdb.exemplars().exemplars(Long.MIN_VALUE, Long.MAX_VALUE, List.of(List.of(ANY)));
        }
        db.killAndRestart();
        assertSame();
        db.headSnapshot = false;
        db.restart();
        assertSame();
        db.close();
        assertThat(snapshots()).isEmpty();
    }

    /** One of another program does not tell what the log before it has. */
    @Test
    void withoutOurMarkTheSeriesOfTheLogAreReadAllTheSame() throws IOException {
        db.close();
        db.files.delete(snapshot().resolve("narthex"));
        db.restart();
        assertSame();
        long next;
        try (Appender appender = db.tsdb.appender()) {
            next = appender.series(labels("new", 2));
            appender.rollback();
        }
        assertThat(next).isGreaterThan(10);
        db.close();
    }

    /** What only the snapshot has is not lost where the log is. */
    @Test
    void withoutALogItIsAllThereIs() throws IOException {
        db.close();
        Path taken = snapshot();
        db.files.delete(taken.resolve("narthex"));
        db.files.delete(DATA.resolve("wal"));
        db.restart();
        assertThat(db.all()).containsAllEntriesOf(inOrder());
        assertThat(db.append(UP, db.nowMs() + 1, 5)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(db.files.list(DATA.resolve("damaged"))).containsExactly(taken.getFileName() + "-1");
        Map<String, List<String>> now = db.all(db.nowMs(), Long.MAX_VALUE);
        db.headSnapshot = false;
        db.killAndRestart();
        assertThat(db.all(db.nowMs(), Long.MAX_VALUE))
                .as("series are written to the new log with the samples")
                .containsEntry(
                        UP.toString(),
                        now.getOrDefault(UP.toString(), List.of()).subList(1, 2));
        db.close();
    }

    private Map<String, List<String>> inOrder() {
        Map<String, List<String>> found = new TreeMap<>(whole);
        found.keySet().removeIf(labels -> labels.contains("late"));
        return found;
    }

    @Test
    void damagedAnywhereItIsSetAsideAndTheLogIsRead() throws IOException {
        db.close();
        Path segment = snapshot().resolve("00000000");
        byte[] good = db.faulty().content(segment);
        int content = good.length;
        while (good[content - 1] == 0) {
            content--;
        }
        for (int at = 0; at < content; at += 1 + at / 97) {
            byte[] hurt = good.clone();
            hurt[at] ^= (byte) (1 << at % 8);
            assertRead(segment, hurt, at);
            assertRead(segment, Arrays.copyOf(good, at), at);
        }
    }

    private void assertRead(Path segment, byte[] content, int at) throws IOException {
        FaultyFiles files = db.faulty().kill();
        files.put(segment, content);
        FaultyFiles before = db.faulty();
        open(files);
        assertSame();
        assertThat(db.files.list(DATA.resolve("damaged"))).as("at %d", at).hasSize(1);
        assertThat(snapshots()).isEmpty();
        db.headSnapshot = false;
        db.close();
        db.headSnapshot = true;
        db.files = before;
    }

    @Test
    void whereChunksAreMissingTheLogIsRead() throws IOException {
        db.close();
        db.files.delete(DATA.resolve("chunks_head"));
        db.restart();
        assertSame();
        db.close();
    }

    @Test
    void olderThanTheCheckpointItIsNotUsed() throws IOException {
        db.close();
        Path taken = snapshot();
        Map<String, byte[]> kept = new TreeMap<>();
        for (String name : db.files.list(taken)) {
            kept.put(name, db.faulty().content(taken.resolve(name)));
        }
        db.compaction = false;
        db.retention = Duration.ofHours(1);
        db.restart();
        for (int i = 0; i < 5; i++) {
            db.scheduler.advance(Duration.ofHours(2));
            db.append(UP, db.nowMs(), i);
            db.tsdb.maintain();
        }
        assertThat(db.tsdb.stats().checkpoints()).isPositive();
        whole = db.all();
        db.files.createDirectories(taken);
        kept.forEach((name, content) -> db.faulty().put(taken.resolve(name), content));
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(whole);
        assertThat(snapshots()).isEmpty();
        db.close();
    }

    @Test
    void whereItCannotBeWrittenNothingIsLeftAndTheLogIsRead() throws IOException {
        FaultyFiles good = db.faulty().kill();
        open(good.kill());
        int first = db.faulty().calls();
        db.close();
        int last = db.faulty().calls();
        assertThat(last - first).isGreaterThan(10);
        for (int call = 1; call <= last - first; call++) {
            open(good.kill());
            assertSame();
            int failing = db.faulty().calls() + call;
            db.faulty()
                    .failCalls(one -> one.number() >= failing && one.operation().isWriting());
            try {
                db.close();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining(""); // the log, or files of chunks, may tell
            }
            db.faulty().heal();
            db.faulty().assertNoOpenFiles();
            assertThat(db.memory.bytes()).isZero();
            open(db.faulty());
            assertSame();
            assertThat(snapshots()).isEmpty();
            db.headSnapshot = false;
            db.close();
            db.headSnapshot = true;
        }
    }

    @Test
    void aKillWhileItIsWrittenLeavesNothingThatCounts() throws IOException {
        FaultyFiles good = db.faulty().kill();
        open(good.kill());
        int first = db.faulty().calls();
        db.close();
        int calls = db.faulty().calls() - first;
        for (int call = 1; call <= calls; call++) {
            open(good.kill());
            int failing = db.faulty().calls() + call;
            db.faulty().failFrom(failing);
            try {
                db.close();
            } catch (IOException e) {
                assertThat(e).isNotNull();
            }
            open(db.faulty().kill());
            assertSame();
            assertThat(snapshots()).isEmpty();
            db.headSnapshot = false;
            db.close();
            db.headSnapshot = true;
        }
    }
}
