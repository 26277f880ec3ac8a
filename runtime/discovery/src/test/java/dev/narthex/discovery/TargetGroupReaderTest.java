// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.ConfigException;
import dev.narthex.model.Labels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of target groups in JSON; decisions as of Prometheus 3.15, see {@code DiscoveryDifferentialIT} in the server. */
class TargetGroupReaderTest {
    private static List<TargetGroupReader.Group> json(String text) throws ConfigException {
        return TargetGroupReader.read(text, true, "list.json");
    }

    @Test
    void readsGroups() throws ConfigException {
        assertThat(json("\r\n[\t{\"targets\": [\"a:1\", null], \"labels\": {\"b\": \"c\", \"d\": null}},{}]\n"))
                .containsExactly(
                        new TargetGroupReader.Group(
                                Labels.of("b", "c"), List.of(Labels.of("__address__", "a:1"), Labels.EMPTY)),
                        new TargetGroupReader.Group(Labels.EMPTY, List.of()));
        assertThat(json("null")).isEmpty();
        assertThat(json("[]")).isEmpty();
    }

    @Test
    void takesTheLastOfMembersThatAreThereTwiceAndNamesInAnyCase() throws ConfigException {
        assertThat(json("[{\"targets\":[\"a:1\"],\"TARGETS\":[\"b:1\"],\"Labels\":{\"x\":\"1\",\"x\":\"2\"}}]"))
                .containsExactly(
                        new TargetGroupReader.Group(Labels.of("x", "2"), List.of(Labels.of("__address__", "b:1"))));
    }

    @Test
    void resolvesEscapes() throws ConfigException {
        assertThat(json("[{\"labels\": {\"u\": \"\\u0041\\n\\/\\ud83d\\ude00\\ud800x\\\"\"}}]"))
                .containsExactly(new TargetGroupReader.Group(Labels.of("u", "A\n/\ud83d\ude00\ufffdx\""), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                "{}",
                "[null]",
                "[{}",
                "[{}] x",
                "[{},]",
                "[{'targets': []}]",
                "[{targets: []}]",
                "# none\n[]",
                "- targets: ['a:1']\n",
                "\ufeff[]",
                "[{\"targets\": \"a:1\"}]",
                "[{\"targets\": [1]}]",
                "[{\"targets\": [\"a\tb\"]}]",
                "[{\"targets\": [\"a\\x\"]}]",
                "[{\"targets\": [\"\\u12g4\"]}]",
                "[{\"targets\": [\"a]}]",
                "[{\"labels\": {\"a\": true}}]",
                "[{\"labels\": {\"\": \"a\"}}]",
                "[{\"labels\": []}]",
            })
    void refusesWhatIsNoList(String text) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> json(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"targets\": [1]}]|list.json:1:15: no JSON that is accepted here, found \"1\"; a target: a text in quotes is accepted",
                "[{\"other\": 1}]|list.json:1:11: unknown member \"other\"; accepted are targets and labels",
            })
    void saysWhereAndWhatIsAccepted(String text, String problem) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> json(text))
                .withMessageContaining(problem);
    }

    /** As Prometheus 3.15. */
    @Test
    void readsFilesInOtherEncodings(@TempDir Path folder) throws Exception {
        byte[] damaged =
                "[{\"targets\": [\"a\"], \"labels\": {\"b\": \"\u00ff\"}}]".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(TargetGroupReader.readFile(Files.write(folder.resolve("a.JSON"), damaged)))
                .singleElement()
                .satisfies(group -> assertThat(group.labels()).isEqualTo(Labels.of("b", "\ufffd")));
        assertThatThrownBy(() -> TargetGroupReader.readFile(Files.write(folder.resolve("a.yml"), damaged)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a.yml:1:38: not valid YAML: found the byte 0xFF, which is no UTF-8");
        byte[] wide = "- targets: [a, b]".getBytes(StandardCharsets.UTF_16);
        assertThat(TargetGroupReader.readFile(Files.write(folder.resolve("b.yml"), wide)))
                .singleElement()
                .satisfies(group -> assertThat(group.targets()).hasSize(2));
    }
}
