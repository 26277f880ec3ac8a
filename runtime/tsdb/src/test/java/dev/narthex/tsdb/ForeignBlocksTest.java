// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.tsdb.block.BlockMeta;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Blocks that somebody else puts into the data directory or takes from it, and a clock that is put back. */
@ExtendWith(QuietLog.class)
class ForeignBlocksTest {
    private static final Labels UP = Labels.of("__name__", "up", "job", "a");
    private static final Labels OLD = Labels.of("__name__", "up", "job", "old");

    private final TsdbFixture db = new TsdbFixture();

    @BeforeEach
    void open() throws IOException {
        db.open();
    }

    @AfterEach
    void close() throws IOException {
        db.close();
        assertThat(db.scheduler.failures()).isEmpty();
        db.faulty().assertNoOpenFiles();
    }

    /** A sample every minute. */
    private void write(Labels labels, Duration time) throws IOException {
        for (int minute = 0; minute < time.toMinutes(); minute++) {
            db.append(labels, db.nowMs(), minute);
            db.scheduler.advance(Duration.ofMinutes(1));
        }
    }

    /** The files of a block of another TSDB, a day older than what this one has. */
    private Map<String, byte[]> foreignBlock() throws IOException {
        try (TsdbFixture other = new TsdbFixture()) {
            other.open();
            long startMs = db.nowMs() - Duration.ofDays(1).toMillis();
            for (int minute = 0; minute < 200; minute++) {
                other.append(OLD, startMs + 60_000L * minute, minute);
            }
            other.tsdb.maintain();
            String ulid = other.tsdb.blocks().getFirst().ulid().text();
            Map<String, byte[]> files = new TreeMap<>();
            for (String name : List.of("chunks/000001", "index", "meta.json", "tombstones")) {
                files.put(
                        ulid + "/" + name,
                        other.faulty().content(TsdbFixture.DATA.resolve(ulid).resolve(name)));
            }
            return files;
        }
    }

    private void put(Map<String, byte[]> files) {
        files.forEach((name, content) -> db.faulty().put(TsdbFixture.DATA.resolve(name), content));
    }

    private void minutes(int minutes) {
        db.scheduler.advance(Duration.ofMinutes(minutes));
    }

    @Test
    void aBlockThatIsPutIntoTheDirectoryIsTakenUp() throws IOException {
        write(UP, Duration.ofHours(5));
        int before = db.tsdb.blocks().size();
        put(foreignBlock());
        minutes(3);
        assertThat(db.tsdb.blocks()).hasSize(before + 1);
        Map<String, List<String>> found = db.all();
        assertThat(found).containsOnlyKeys(UP.toString(), OLD.toString());
        assertThat(found.get(UP.toString())).hasSize(300);
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(found);
    }

    @Test
    void aBlockThatIsCopiedSlowlyIsTakenUpWhenItIsWhole() throws IOException {
        write(UP, Duration.ofHours(1));
        Map<String, byte[]> whole = foreignBlock();
        // Each file grows from one look to the next.
        for (Map.Entry<String, byte[]> file : whole.entrySet()) {
            for (int part = 1; part <= 3; part++) {
                byte[] content = file.getValue();
                put(Map.of(file.getKey(), Arrays.copyOf(content, content.length * part / 3)));
                minutes(1);
                assertThat(db.tsdb.stats().failedMaintenance()).isZero();
                assertThat(db.all()).containsOnlyKeys(UP.toString());
            }
        }
        minutes(3);
        assertThat(db.all()).containsOnlyKeys(UP.toString(), OLD.toString());
    }

    @Test
    void aBlockThatCannotBeReadIsLeftAloneUntilItChanges() throws IOException {
        write(UP, Duration.ofHours(1));
        Map<String, byte[]> whole = foreignBlock();
        Map<String, byte[]> broken = new TreeMap<>(whole);
        String index = whole.keySet().stream()
                .filter(name -> name.endsWith("index"))
                .findFirst()
                .orElseThrow();
        broken.put(index, Arrays.copyOf(whole.get(index), 100));
        put(broken);
        minutes(10);
        assertThat(db.all()).containsOnlyKeys(UP.toString());
        assertThat(db.files.exists(TsdbFixture.DATA.resolve(index))).isTrue();
        put(whole);
        minutes(3);
        assertThat(db.all()).containsOnlyKeys(UP.toString(), OLD.toString());
    }

    @Test
    void aBlockThatIsTakenAwayIsLeftOut() throws IOException {
        write(UP, Duration.ofHours(5));
        put(foreignBlock());
        minutes(3);
        BlockMeta old = db.tsdb.blocks().getFirst();
        assertThat(db.all()).containsKey(OLD.toString());
        db.files.delete(TsdbFixture.DATA.resolve(old.ulid().text()));
        minutes(1);
        assertThat(db.tsdb.blocks()).doesNotContain(old);
        assertThat(db.all()).containsOnlyKeys(UP.toString());
        assertThat(db.tsdb.stats().failedMaintenance()).isZero();
        minutes(60 * 24);
        assertThat(db.tsdb.stats().failedMaintenance()).isZero();
    }

    /** What readers hold of blocks that were merged, or have expired, is no foreign block. */
    @Test
    void whatWaitsToBeRemovedIsNotTakenUpAgain() throws IOException {
        write(UP, Duration.ofHours(5));
        try (var querier = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            write(UP, Duration.ofHours(40));
            int blocks = db.tsdb.blocks().size();
            minutes(5);
            assertThat(db.tsdb.blocks()).hasSize(blocks);
            assertThat(querier.labelNames(List.of())).isNotEmpty();
        }
        assertThat(db.all().get(UP.toString())).hasSize(45 * 60).doesNotHaveDuplicates();
    }

    @Test
    void aBlockOfAnotherVersionIsLeftWhereItIs() throws IOException {
        write(UP, Duration.ofHours(1));
        Map<String, byte[]> block = foreignBlock();
        String meta = block.keySet().stream()
                .filter(name -> name.endsWith("meta.json"))
                .findFirst()
                .orElseThrow();
        String text = new String(block.get(meta), StandardCharsets.UTF_8);
        block.put(meta, text.replace("\"version\": 1", "\"version\": 2").getBytes(StandardCharsets.UTF_8));
        put(block);
        db.killAndRestart();
        minutes(5);
        assertThat(db.tsdb.stats().blocks().damaged()).isEqualTo(1);
        assertThat(db.all()).containsOnlyKeys(UP.toString());
        assertThat(db.faulty().content(TsdbFixture.DATA.resolve(meta))).isEqualTo(block.get(meta));
    }

    @Test
    void fieldsOfMetaJsonThatAreNotKnownAreNoHindrance() throws IOException {
        write(UP, Duration.ofHours(1));
        Map<String, byte[]> block = foreignBlock();
        String meta = block.keySet().stream()
                .filter(name -> name.endsWith("meta.json"))
                .findFirst()
                .orElseThrow();
        String text = new String(block.get(meta), StandardCharsets.UTF_8);
        String more =
                "{\"thanos\": {\"labels\": {\"a\": \"b\"}, \"files\": [{\"rel_path\": \"index\"}]}, \"new\": null,";
        block.put(meta, text.replaceFirst("\\{", more).getBytes(StandardCharsets.UTF_8));
        put(block);
        minutes(3);
        assertThat(db.all()).containsOnlyKeys(UP.toString(), OLD.toString());
    }

    @Test
    void aDirectoryThatIsGoneIsToldOfAndBlocksInUseGoOn() throws IOException {
        write(UP, Duration.ofHours(5));
        List<String> before = db.all().get(UP.toString());
        FaultyFiles files = db.faulty();
        files.delete(TsdbFixture.DATA);
        db.tsdb.maintain();
        assertThat(db.tsdb.stats().failedMaintenance()).isPositive();
        assertThat(db.tsdb.blocks()).isNotEmpty();
        assertThat(db.all().get(UP.toString())).isEqualTo(before);
    }

    /** As in Prometheus: what is older than the newest samples is refused until the clock has caught up. */
    @Test
    void aClockThatIsPutBackLosesNothingThatWasTaken() throws IOException {
        write(UP, Duration.ofHours(5));
        List<String> before = db.all().get(UP.toString());
        var now = db.scheduler.clock().instant();
        db.scheduler.manualClock().jumpTo(now.minus(Duration.ofDays(3)));
        assertThat(db.append(UP, db.nowMs(), 1).isAccepted()).isFalse();
        minutes(60);
        db.killAndRestart();
        assertThat(db.all().get(UP.toString())).isEqualTo(before);
        db.scheduler.manualClock().jumpTo(now);
        write(UP, Duration.ofHours(5));
        assertThat(db.all().get(UP.toString())).hasSize(600);
    }
}
