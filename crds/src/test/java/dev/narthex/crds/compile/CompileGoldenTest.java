// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.Configuration;
import dev.narthex.config.file.ConfigWriter;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.config.section.SectionBuckets;
import dev.narthex.testkit.golden.GoldenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests and the files of Prometheus and Alertmanager that they mean. */
class CompileGoldenTest {
    private static final Path DIRECTORY = Path.of("src", "test", "resources", "golden", "compile");

    @ParameterizedTest
    @ValueSource(strings = {"pods", "annotated", "static", "rules", "receivers", "relabel"})
    void manifestsMeanTheseFiles(String name) throws IOException {
        CompileResult result = Compilation.compile(manifests(name));
        assertThat(result.verdicts().values()).allMatch(Verdict.Accepted.class::isInstance);
        Configuration configuration = Compilation.assemble(result.sections());
        ConfigWriter writer = ConfigWriter.withSecrets();
        golden(name, "prometheus.yml", writer.prometheus(configuration.prometheus()));
        golden(name, "rules.yml", writer.rules(configuration.ruleGroups()));
        golden(name, "alertmanager.yml", writer.alertmanager(configuration.alertmanager()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pods", "annotated", "static", "rules", "receivers", "relabel"})
    void theOrderOfTheInputHasNoPart(String name) throws IOException {
        CompileInput input = Compilation.input(manifests(name));
        CompileResult result = Compilation.compile(input);
        Random random = new Random(1);
        CompileInput shuffled = new CompileInput(
                input.storageVolume(),
                shuffle(input.scrapeTargets(), random),
                shuffle(input.alertRules(), random),
                shuffle(input.receivers(), random),
                input.secrets(),
                input.namespaces(),
                input.unreadable(),
                input.former());
        assertThat(Compilation.compile(shuffled)).isEqualTo(result);
        assertThat(SectionBuckets.pack(Compilation.compile(shuffled).sections()))
                .containsExactlyElementsOf(SectionBuckets.pack(result.sections()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pods", "annotated", "static", "rules", "receivers", "relabel"})
    void theRuntimeReadsWhatIsWritten(String name) throws Exception {
        CompileResult result = Compilation.compile(manifests(name));
        List<ResourceSection> read = new ArrayList<>();
        for (byte[] bucket : SectionBuckets.pack(result.sections())) {
            read.addAll(SectionBuckets.unpack(bucket, "bucket"));
        }
        assertThat(read).containsExactlyInAnyOrderElementsOf(result.sections());
    }

    private static <T> List<T> shuffle(List<T> list, Random random) {
        List<T> shuffled = new ArrayList<>(list);
        java.util.Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private static String manifests(String name) throws IOException {
        return Files.readString(DIRECTORY.resolve(name).resolve("in.yaml"));
    }

    private static void golden(String name, String file, String text) {
        new GoldenFile(DIRECTORY.resolve(name).resolve(file)).assertMatches(text);
    }
}
