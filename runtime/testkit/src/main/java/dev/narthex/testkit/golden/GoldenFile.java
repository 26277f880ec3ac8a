// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;

/**
 * An expected result kept as a file of the module, by convention {@code src/test/resources/golden/<area>/<case>.out}.
 * With {@code -Dgolden.update=true} the file is written anew instead of compared; the change is then reviewed as a diff.
 *
 * @param path the file, relative to the module's directory (where the build runs its tests)
 */
public record GoldenFile(Path path) {
    /** The system property that refreshes instead of comparing. */
    public static final String UPDATE = "golden.update";

    /** The golden file of an area and a case with its ending, for example {@code of("config", "minimal.yml")}. */
    public static GoldenFile of(String area, String name) {
        return new GoldenFile(Path.of("src", "test", "resources", "golden", area, name));
    }

    /** Fails with a diff where the text is not what the file holds, or where there is no such file. */
    public void assertMatches(String actual) {
        if (refresh(actual.getBytes(StandardCharsets.UTF_8))) {
            return;
        }
        Assertions.assertThat(actual)
                .as("%s; refresh it with -D%s=true", path, UPDATE)
                .isEqualTo(new String(read(), StandardCharsets.UTF_8));
    }

    /** The same for bytes. */
    public void assertMatches(byte[] actual) {
        if (refresh(actual)) {
            return;
        }
        Assertions.assertThat(actual)
                .as("%s; refresh it with -D%s=true", path, UPDATE)
                .isEqualTo(read());
    }

    private boolean refresh(byte[] content) {
        if (!Boolean.getBoolean(UPDATE)) {
            return false;
        }
        try {
            Path directory = path.getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.write(path, content);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot write the golden file", e);
        }
    }

    private byte[] read() {
        if (!Files.exists(path)) {
            throw new AssertionError(path + ": no such golden file; make it with -D" + UPDATE + "=true");
        }
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot read the golden file", e);
        }
    }
}
