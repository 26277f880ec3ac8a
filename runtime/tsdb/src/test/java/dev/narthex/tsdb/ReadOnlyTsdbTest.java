// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.Appender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLog.class)
class ReadOnlyTsdbTest {
    private static final LabelMatcher ALL = LabelMatcher.of(MatchOp.REGEX, "__name__", ".*");

    private final TsdbFixture db = new TsdbFixture();
    private final MemoryAccount memory = new MemoryAccount(Long.MAX_VALUE);

    @BeforeEach
    void open() throws IOException {
        db.segmentBytes = 32 * 1024;
        db.open();
    }

    @AfterEach
    void close() throws IOException {
        db.close();
        assertThat(memory.bytes()).isZero();
        db.faulty().assertNoOpenFiles();
    }

    /** Samples of so many hours, one each minute, of three series. */
    private void write(int hours) throws IOException {
        for (int i = 0; i < 60 * hours; i++) {
            try (Appender appender = db.tsdb.appender()) {
                for (int s = 0; s < 3; s++) {
                    long ref = appender.series(Labels.of("__name__", "m", "s", Integer.toString(s)));
                    appender.append(ref, db.nowMs(), i * 7919 % 100 + s);
                }
                appender.commit();
            }
            db.scheduler.advance(Duration.ofMinutes(1));
        }
    }

    private Map<String, List<String>> readOnly() throws IOException {
        try (ReadOnlyTsdb tsdb = ReadOnlyTsdb.open(db.files, TsdbFixture.DATA, memory)) {
            return TsdbFixture.read(tsdb, Long.MIN_VALUE, Long.MAX_VALUE, ALL);
        }
    }

    private Map<Path, byte[]> content(Path directory) throws IOException {
        Map<Path, byte[]> all = new HashMap<>();
        for (String name : db.files.list(directory)) {
            Path path = directory.resolve(name);
            if (db.files.list(path).isEmpty()) {
                if (!name.startsWith("chunks_head") && !name.equals("lock")) {
                    all.put(path, db.faulty().content(path));
                }
            } else {
                all.putAll(content(path));
            }
        }
        return all;
    }

    @Test
    void blocksCheckpointAndLogAreReadBesideARunningServer() throws IOException {
        write(9);
        assertThat(db.tsdb.blocks()).isNotEmpty();
        assertThat(db.tsdb.stats().checkpoints()).isPositive();
        Map<Path, byte[]> before = content(TsdbFixture.DATA);
        assertThat(readOnly()).isEqualTo(db.all());
        Map<Path, byte[]> after = content(TsdbFixture.DATA);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((path, bytes) -> assertThat(bytes).isEqualTo(before.get(path)));
    }

    @Test
    void damageInTheLogIsReadAroundAndNotMended() throws IOException {
        write(1);
        Map<String, List<String>> whole = db.all();
        Path segment = TsdbFixture.DATA.resolve("wal/00000000");
        byte[] damaged = db.faulty().content(segment);
        damaged[damaged.length - 1] ^= 1; // in the data of the last record
        db.close();
        db.faulty().put(segment, damaged);
        Map<String, List<String>> found = readOnly();
        assertThat(found.keySet()).isEqualTo(whole.keySet());
        found.forEach((series, samples) -> {
            assertThat(whole.get(series)).containsAll(samples);
            assertThat(samples).hasSize(59);
        });
        assertThat(db.faulty().content(segment)).isEqualTo(damaged);
        assertThat(db.files.list(TsdbFixture.DATA)).doesNotContain("damaged");
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
    }

    @Test
    void aDirectoryThatIsNotThereIsAnErrorWithItsName() {
        assertThatIOException()
                .isThrownBy(() -> ReadOnlyTsdb.open(db.files, Path.of("/none"), memory))
                .withMessage("opening the db dir: stat /none: no such file or directory");
    }
}
