// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Data directories with what is not of us, or that are not quite directories. */
@ExtendWith(QuietLog.class)
class ForeignDirectoryTest {
    private static final Labels UP = Labels.of("__name__", "up");

    @TempDir
    private Path directory;

    private final TsdbFixture db = new TsdbFixture();
    private Path data = Path.of("");

    @BeforeEach
    void choose() {
        data = directory.resolve("data");
        db.files = new LocalFiles();
        db.directory = data;
    }

    private void fill(int hours) throws IOException {
        for (int i = 0; i < 4 * hours; i++) {
            db.append(UP, db.nowMs(), i);
            db.scheduler.advance(Duration.ofMinutes(15));
        }
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsNamed() throws IOException {
        Files.writeString(data, "no directory");
        assertThatThrownBy(db::open)
                .isInstanceOf(IOException.class)
                .hasMessage(data + ": a file of that name is there already; move it away");
        assertThat(data).hasContent("no directory");
        assertThat(db.memory.bytes()).isZero();
    }

    @Test
    void aFileInThePlaceOfTheLogIsNamed() throws IOException {
        Files.createDirectory(data);
        Files.writeString(data.resolve("wal"), "no directory");
        assertThatThrownBy(db::open)
                .hasMessage(data.resolve("wal") + ": a file of that name is there already; move it away");
        Files.delete(data.resolve("wal"));
        db.open();
        db.append(UP, db.nowMs(), 1);
        db.close();
    }

    @Test
    void aSecondOneOnTheDirectoryIsRefusedAndTheFirstGoesOn() throws IOException {
        db.open();
        db.append(UP, db.nowMs(), 1);
        TsdbFixture second = new TsdbFixture();
        second.files = new LocalFiles();
        second.directory = data;
        assertThatThrownBy(second::open).hasMessageContaining("another process uses this data directory");
        assertThat(second.memory.bytes()).isZero();
        db.append(UP, db.nowMs() + 1, 2);
        db.restart();
        assertThat(db.all().get(UP.toString())).hasSize(2);
        db.close();
    }

    /** By a link the same directory is still the same. */
    @Test
    void aLinkToADirectoryIsAsGoodAsTheDirectory() throws IOException {
        Path real = Files.createDirectory(directory.resolve("volume"));
        Files.createSymbolicLink(data, real);
        db.open();
        TsdbFixture second = new TsdbFixture();
        second.files = new LocalFiles();
        second.directory = real;
        assertThatThrownBy(second::open).hasMessageContaining("another process uses this data directory");
        fill(8);
        Map<String, List<String>> before = db.all();
        assertThat(db.tsdb.blocks()).isNotEmpty();
        db.restart();
        assertThat(db.all()).isEqualTo(before);
        db.close();
        assertThat(real.resolve("wal")).isDirectory();
    }

    /** A block on another volume, in the place of which a link stands: when it goes, what the link names stays. */
    @Test
    void aBlockBehindALinkIsReadAndWhatIsThereIsNotRemoved() throws IOException {
        db.retention = Duration.ofHours(8);
        db.open();
        fill(6);
        Map<String, List<String>> before = db.all();
        String block = db.tsdb.blocks().getFirst().ulid().text();
        db.close();
        Path moved = directory.resolve("other-volume").resolve(block);
        Files.createDirectory(moved.getParent());
        Files.move(data.resolve(block), moved);
        Files.createSymbolicLink(data.resolve(block), moved);
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        assertThat(db.all()).isEqualTo(before);
        fill(30);
        assertThat(data.resolve(block)).doesNotExist();
        assertThat(moved.resolve("index")).exists();
        db.close();
    }

    @Test
    void foreignFilesAndDirectoriesAreLeftAlone() throws IOException {
        db.open();
        fill(8);
        Map<String, List<String>> before = db.all();
        db.close();
        List<Path> foreign = Stream.of(
                        "README",
                        "lost+found/x",
                        ".snapshot/y",
                        "notes.tmp",
                        "chunk_snapshot.old",
                        "wal/notes.tmp",
                        "wal/README",
                        "wal/checkpoint.old/x",
                        "chunks_head/x.txt",
                        "chunks_head/sub/x")
                .map(data::resolve)
                .toList();
        for (Path path : foreign) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, "not ours");
        }
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.headSnapshot = true;
        db.open();
        assertThat(db.all()).isEqualTo(before);
        fill(30);
        before = db.all();
        db.restart();
        assertThat(db.all()).isEqualTo(before);
        db.close();
        assertThat(foreign).allSatisfy(path -> assertThat(path).hasContent("not ours"));
    }
}
