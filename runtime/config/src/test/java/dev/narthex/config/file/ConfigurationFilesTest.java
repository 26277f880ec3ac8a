// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.Configuration;
import dev.narthex.config.RuleGroupConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFilesTest {
    @TempDir
    private Path folder;

    private final ConfigurationFiles files = new ConfigurationFiles(new ConfigLoader(name -> ""));

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void rulePatternsAreRelativeToTheFolderOfTheFile() throws Exception {
        write("rules/b1.yml", "groups: [{name: b}]");
        write("rules/a1.yml", "groups: [{name: a}]");
        write("rules/ax.yml", "groups: [{name: no}]");
        write("rules/deep/c1.yml", "groups: [{name: no}]");
        write("x/one/r.yml", "groups: [{name: c}]");
        Path prometheus = write(
                "prometheus.yml", "rule_files: ['rules/[ab][0-9].yml', 'x/one/r*.yml', 'none.yml', 'none/*.yml']");
        Configuration configuration = files.load(prometheus, Optional.empty());
        assertThat(configuration.ruleGroups()).extracting(RuleGroupConfig::name).containsExactly("a", "b", "c");
        assertThat(configuration.alertmanager()).isEqualTo(AlertmanagerConfig.EMPTY);
    }

    @Test
    void aRuleFileOfSeveralPatternsIsReadOnce() throws Exception {
        write("rules/a.yml", "groups: [{name: a}]");
        write("rules/b.yml", "groups: [{name: b}]");
        Path prometheus = write(
                "prometheus.yml",
                "rule_files: [rules/b.yml, 'rules/*.yml', ./rules//b.yml, 'rules/../rules/[ab].yml']");
        assertThat(files.load(prometheus, Optional.empty()).ruleGroups())
                .extracting(RuleGroupConfig::name)
                .containsExactly("b", "a");
    }

    @Test
    void problemsOfAllFilesAreReportedTogether() throws Exception {
        write("r.yml", "groups: [{nam: a}]");
        Path prometheus = write("prometheus.yml", "rule_files: [r.yml]");
        Path alertmanager = write("alertmanager.yml", "route: {}");
        assertThatThrownBy(() -> files.load(prometheus, Optional.of(alertmanager)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("r.yml:1:11: groups[0].nam: unknown field; did you mean name?")
                .hasMessageContaining("alertmanager.yml:1:8: route.receiver: is missing");
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> files.load(folder.resolve("no.yml"), Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no.yml: cannot be read: no such file; check the path");
    }

    @Test
    void aFileThatIsNoTextIsNamed() throws Exception {
        Path broken = Files.write(folder.resolve("broken.yml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThatThrownBy(() -> files.load(broken, Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("broken.yml:1:4: not valid YAML: found the byte 0xFF, which is no UTF-8");
        assertThatThrownBy(() -> files.load(folder, Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("check that it is a file and readable");
    }
}
