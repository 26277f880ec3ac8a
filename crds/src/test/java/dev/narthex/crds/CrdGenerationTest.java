// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.golden.GoldenFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The checked-in CustomResourceDefinitions, which the Helm chart takes, are those that the Java types make. */
class CrdGenerationTest {
    private static final Path DIRECTORY = Path.of("src", "main", "resources", "META-INF", "narthex", "crds");

    @Test
    void checkedInDefinitionsFollowFromTheTypes() {
        var definitions = CrdDefinitions.generate();
        assertThat(definitions)
                .containsOnlyKeys("alertrules.yaml", "receivers.yaml", "scrapetargets.yaml", "storagevolumes.yaml");
        definitions.forEach((file, yaml) -> new GoldenFile(DIRECTORY.resolve(file)).assertMatches(yaml));
    }
}
