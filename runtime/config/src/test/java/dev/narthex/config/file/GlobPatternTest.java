// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, a.yml, true",
        "*.yml, a.yml, true",
        "*.yml, a.yaml, false",
        "a?c, abc, true",
        "a?c, ac, false",
        "[a-c]x, bx, true",
        "[^a-c]x, bx, false",
        "[^a-c]x, dx, true",
        "a\\*, a*, true",
        "a\\*, ab, false",
        "*a*b*, xaybz, true",
        "*ab, aab, true",
        "[z-a], m, false",
        "[a\\]]x, ]x, true",
        "a*b[, xb, false"
    })
    void matchesAsGoDoes(String pattern, String name, boolean expected) throws IOException {
        assertThat(new GlobPattern(pattern).matches(name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "[]", "a[", "[a-", "[a-]", "[-a]", "[^]", "a\\", "[\\]", "*[", "*\\"})
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> new GlobPattern(pattern).matches("a")).hasMessageContaining("are accepted");
    }

    @Test
    void aPatternIsLookedAtThoughThereIsNothingToMatch(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "");
        assertThat(PathGlob.expand(folder.resolve("*.txt"))).isEqualTo(List.of(file));
        assertThat(PathGlob.expand(folder.resolve("none/*["))).isEmpty();
        assertThatThrownBy(() -> PathGlob.expand(folder.resolve("none["))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> PathGlob.expand(folder.resolve("a[/]txt"))).isInstanceOf(IOException.class);
    }
}
