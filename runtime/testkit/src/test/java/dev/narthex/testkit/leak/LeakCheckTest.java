// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.leak;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.testkit.files.FaultyFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LeakCheckTest {
    @TempDir
    Path directory;

    @Test
    void passesWhereNothingIsLeft() throws InterruptedException {
        LeakCheck leaks = new LeakCheck();
        Thread thread = Thread.ofPlatform().start(() -> {});
        thread.join();

        assertThatNoException().isThrownBy(leaks::close);
    }

    @Test
    void waitsForThreadsThatEnd() {
        CountDownLatch checking = new CountDownLatch(1);
        LeakCheck leaks = new LeakCheck().accounts("memory", Map::of);
        Thread.ofPlatform().start(() -> {
            try {
                checking.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        checking.countDown();

        assertThatNoException().isThrownBy(leaks::close);
    }

    @Test
    void namesTheTagWhoseMemoryIsHeld() {
        MemoryAccount account = new MemoryAccount(Long.MAX_VALUE);
        account.tag("chunks").take(64);
        account.tag("symbols").take(10);
        LeakCheck leaks = new LeakCheck().memory(account);

        account.tag("chunks").take(64);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(leaks::close)
                .withMessage("left behind:\n  memory: chunks had 64, has 128");
    }

    @Test
    void namesTheOpenFileOfAFaultyFileSystem() throws Exception {
        FaultyFiles files = new FaultyFiles();
        LeakCheck leaks = new LeakCheck().files(files);

        try (var _ = files.openWrite(Path.of("/wal"))) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(leaks::close)
                    .withMessageContaining("open files: /wal had 0, has 1");
        }

        assertThatNoException().isThrownBy(leaks::close);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void namesTheOpenFileOfTheProcess() throws IOException {
        Path file = Files.writeString(directory.resolve("chunk"), "x");
        LeakCheck leaks = new LeakCheck();

        try (FileChannel _ = FileChannel.open(file)) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(leaks::close)
                    .withMessageContaining("open file: ")
                    .withMessageContaining("chunk");
        }

        assertThatNoException().isThrownBy(leaks::close);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void namesTheMappedFileOfTheProcess() throws IOException {
        Path file = Files.writeString(directory.resolve("mapped"), "x");
        LeakCheck leaks = new LeakCheck();
        var window = map(file);

        assertThatExceptionOfType(AssertionError.class).isThrownBy(leaks::close).withMessageContaining("mapped");
        assertThatNoException().isThrownBy(() -> window.get(0));
    }

    private static java.nio.MappedByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(MapMode.READ_ONLY, 0, 1);
        }
    }
}
