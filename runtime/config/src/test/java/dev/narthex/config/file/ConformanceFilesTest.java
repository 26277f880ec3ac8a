// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.narthex.config.ConfigException;
import dev.narthex.config.PrometheusConfig;
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
    private final PrometheusFiles files = new PrometheusFiles(new ConfigLoader(name -> ""));

    static List<Path> files(String ending) throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(ConformanceFilesTest.class.getResource("/prometheus-config"));
        try (Stream<Path> all = Files.list(Path.of(folder.toURI()))) {
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
    void refusesWhatPrometheusRefusesAndNamesThePlace(Path file) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> files.read(file));
        assertThat(refused).isNotNull();
        assertThat(refused.problems()).allSatisfy(problem -> {
            boolean placed = problem.line() > 0 || !problem.path().isEmpty();
            assertThat(placed).as(problem.toString()).isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("good")
    void takesWhatPrometheusTakes(Path file) throws ConfigException {
        Checked<PrometheusConfig> checked = files.read(file);
        assertThat(checked.unsupported())
                .allSatisfy(problem -> assertThat(problem.line()).isPositive());
    }
}
