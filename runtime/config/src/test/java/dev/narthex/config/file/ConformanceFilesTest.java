// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.ConfigException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configuration files of Prometheus' own tests (folder prometheus-config, Apache-2.0): the same decisions. */
class ConformanceFilesTest {
    private final ConfigLoader loader = new ConfigLoader(name -> "");

    private static List<Path> files(String ending) throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(ConformanceFilesTest.class.getResource("/prometheus-config"));
        try (Stream<Path> all = Files.walk(Path.of(folder.toURI()))) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    static List<Path> bad() throws IOException, URISyntaxException {
        return files(".bad.yml");
    }

    static List<Path> good() throws IOException, URISyntaxException {
        return files(".good.yml");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refusesWhatPrometheusRefuses(Path file) {
        assertThatThrownBy(() -> loader.prometheus(
                        Files.readString(file), file.getFileName().toString()))
                .isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @MethodSource("good")
    void takesWhatPrometheusTakesOrNamesTheFieldItDoesNotHaveYet(Path file) throws IOException {
        try {
            assertThat(loader.prometheus(
                            Files.readString(file), file.getFileName().toString()))
                    .isNotNull();
        } catch (ConfigException e) {
            assertThat(e.problems())
                    .allSatisfy(problem -> assertThat(problem.message()).contains("not supported by this version"));
        }
    }
}
