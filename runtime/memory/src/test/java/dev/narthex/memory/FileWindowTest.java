// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWindowTest {
    private final LocalFiles files = new LocalFiles();

    @TempDir
    private Path directory;

    private Path file(byte... content) throws IOException {
        return Files.write(directory.resolve("file"), content);
    }

    @Test
    void readsWhatIsAskedForAndNothingBeyondTheFile() throws IOException {
        try (FileWindow window = FileWindow.open(files, file((byte) 1, (byte) 2, (byte) 3))) {
            byte[] into = new byte[4];
            window.read(1, into, 2, 2);
            assertThat(into).containsExactly(0, 0, 2, 3);
            assertThat(window.sizeBytes()).isEqualTo(3);
            for (long[] beyond : new long[][] {{2, 2}, {-1, 1}, {Long.MAX_VALUE, 1}, {0, -1}}) {
                assertThatThrownBy(() -> window.read(beyond[0], into, 0, (int) beyond[1]))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("beyond the file");
            }
        }
    }

    @Test
    void aFileThatBecameShorterIsAnErrorAndNoEndlessLoop() throws IOException {
        Path path = file(new byte[10]);
        try (FileWindow window = FileWindow.open(files, path)) {
            Files.write(path, new byte[3]);
            assertThatThrownBy(() -> window.read(0, new byte[10], 0, 10)).hasMessageContaining("became shorter");
        }
    }

    @Test
    void aReaderKeepsTheFileOpenAfterTheClose() throws IOException {
        FileWindow window = FileWindow.open(files, file((byte) 7));
        assertThat(window.acquire()).isTrue();
        window.close();
        window.close();
        assertThat(window.acquire()).isFalse();
        byte[] into = new byte[1];
        window.read(0, into, 0, 1);
        assertThat(into[0]).isEqualTo((byte) 7);
        window.release();
        assertThatThrownBy(() -> window.read(0, into, 0, 1)).isInstanceOf(IOException.class);
        assertThatThrownBy(window::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aGrowingFileIsReadUpToWhereItsWriterSays() throws IOException {
        Path path = directory.resolve("growing");
        StorageFile file = files.openWrite(path);
        try (FileWindow window = new FileWindow(path, file, 0)) {
            file.write(ByteBuffer.wrap(new byte[] {5, 6}), 0);
            assertThatThrownBy(() -> window.read(0, new byte[1], 0, 1)).hasMessageContaining("beyond the file");
            window.extend(2);
            byte[] into = new byte[2];
            window.read(0, into, 0, 2);
            assertThat(into).containsExactly(5, 6);
        }
    }

    @Test
    void aReaderThatIsInterruptedDisturbsNoOther() throws Exception {
        byte[] content = new byte[1 << 16];
        content[100] = 1;
        try (FileWindow window = FileWindow.open(files, file(content));
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int reader = 0; reader < 4; reader++) {
                boolean interrupts = reader == 0;
                Callable<Integer> task = () -> {
                    int good = 0;
                    byte[] into = new byte[200];
                    for (int i = 0; i < 2000; i++) {
                        if (interrupts) {
                            Thread.currentThread().interrupt();
                        }
                        window.read(0, into, 0, 200);
                        good += into[100];
                    }
                    return good;
                };
                readers.add(threads.submit(task));
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isEqualTo(2000);
            }
        }
    }
}
