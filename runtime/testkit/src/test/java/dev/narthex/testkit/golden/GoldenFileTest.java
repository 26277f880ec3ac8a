// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenFileTest {
    @TempDir
    Path directory;

    private final String given = System.getProperty(GoldenFile.UPDATE, "");

    @BeforeEach
    void compare() {
        System.clearProperty(GoldenFile.UPDATE);
    }

    @AfterEach
    void restore() {
        System.setProperty(GoldenFile.UPDATE, given);
    }

    @Test
    void passesWhereTheTextIsTheFile() throws IOException {
        Path file = Files.writeString(directory.resolve("a.out"), "grün\n");

        assertThatNoException().isThrownBy(() -> new GoldenFile(file).assertMatches("grün\n"));
    }

    @Test
    void failsWithTheFileAndTheFlagWhereTheTextDiffers() throws IOException {
        Path file = Files.writeString(directory.resolve("a.out"), "old");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> new GoldenFile(file).assertMatches("new"))
                .withMessageContaining("a.out; refresh it with -Dgolden.update=true");
    }

    @Test
    void failsWhereThereIsNoFile() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> new GoldenFile(directory.resolve("b.out")).assertMatches(new byte[] {1}))
                .withMessageContaining("no such golden file; make it with -Dgolden.update=true");
    }

    @Test
    void refreshesByOneFlag() throws IOException {
        System.setProperty(GoldenFile.UPDATE, "true");
        Path file = directory.resolve("new/a.out");

        new GoldenFile(file).assertMatches("new");

        assertThat(file).hasContent("new");
    }

    @Test
    void liesAmongTheTestResourcesOfItsModule() {
        assertThat(GoldenFile.of("config", "minimal.yml").path())
                .isEqualTo(Path.of("src/test/resources/golden/config/minimal.yml"));
    }
}
