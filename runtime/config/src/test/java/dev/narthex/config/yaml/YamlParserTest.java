// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which texts values are, and where faults are said to be; what is taken at all is recorded in {@code decisions}. */
class YamlParserTest {
    private static Object tree(String yaml) throws ConfigException {
        return YamlTree.of(YamlParser.parse(yaml, "f").orElseThrow());
    }

    private static ConfigProblem problem(String yaml) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> YamlParser.parse(yaml, "f"));
        assertThat(refused).isNotNull();
        return refused.problems().getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '^',
            quoteCharacter = '§',
            value = {
                "a\\n b\\n\\n c ^ a b\\nc",
                "'a\\n  b\\n\\n c' ^ a b\\nc",
                "\"a\\\\\\n   b\" ^ ab",
                "\"a \\n b\" ^ a b",
                "|\\n a\\n  b\\n\\n c\\n\\n ^ a\\n b\\n\\nc\\n",
                "|+\\n a\\n\\n ^ a\\n\\n",
                "|-\\n a\\n\\n ^ a",
                ">\\n a\\n b\\n\\n c\\n  d\\n e\\n ^ a b\\nc\\n d\\ne\\n",
                "|2\\n  a\\n ^ a\\n",
                "\"\\\\x41\\\\u00e9\\\\U0001F600\\\\N\" ^ Aé\uD83D\uDE00\u0085",
                "'it''s' ^ it's",
                "!!binary YQ== ^ a",
                "!!str 1 ^ 1",
                "a#b ^ a#b",
                "a #b ^ a",
                "http://x ^ http://x",
                "&x a ^ a"
            })
    void textsAreFolded(String written, String expected) throws ConfigException {
        String yaml =
                written.strip().replace("\\\\", "\u0000").replace("\\n", "\n").replace('\u0000', '\\');
        assertThat(tree("k: " + yaml)).isEqualTo(Map.of("k", expected.strip().replace("\\n", "\n")));
    }

    @Test
    void nothingBehindTheFirstDocumentIsRead() throws ConfigException {
        assertThat(tree("a: b\n---\n{")).isEqualTo(Map.of("a", "b"));
        assertThat(YamlParser.parseAll("a: b\n---\n--- c\n...\n", "f")).hasSize(2);
    }

    @Test
    void placesAreCountedFromOne() {
        assertThat(problem("a: b\n\tc: d\n"))
                .extracting(ConfigProblem::line, ConfigProblem::column)
                .containsExactly(2, 1);
        assertThat(problem("a: [b\n").toString())
                .isEqualTo("f:1:4: not valid YAML: found brackets that are not closed; ] is expected");
        assertThat(problem("a: [b\nc: d]").toString()).contains("brackets that begin in line 1; a comma or ] is");
        assertThat(problem("a: \"b\n").toString()).startsWith("f:1:4: not valid YAML: quotes that are not closed");
        assertThat(problem("x: 1\ny: *z\n").toString()).startsWith("f:2:4: ").contains("&z");
        assertThat(problem("x: &a [*a]\n").toString()).startsWith("f:1:8: ");
    }

    @Test
    void bytesThatAreNoUtf8AreRefusedInTheirPlace() throws Exception {
        byte[] bytes = "a: b\nc: ?d\n".getBytes(StandardCharsets.UTF_8);
        bytes[8] = (byte) 0xFF;
        assertThat(problem(YamlBytes.text(bytes)).toString())
                .startsWith("f:2:4: ")
                .contains("the byte 0xFF, which is no UTF-8");
        byte[] wide = "\ufeffa: é\n".getBytes(StandardCharsets.UTF_16LE);
        assertThat(tree(YamlBytes.text(wide))).isEqualTo(Map.of("a", "é"));
    }

    @Test
    void whatIsWrongFarBehindTheDocumentDoesNotMatter() throws ConfigException {
        String far = "a: b\n---\n" + "# c\n".repeat(300) + "\u0001";
        assertThat(tree(far)).isEqualTo(Map.of("a", "b"));
        assertThat(problem("a: b\n---\n\u0001").toString()).contains("U+0001");
    }

    @Test
    void whatIsIgnoredIsNotLookedAt() throws ConfigException {
        KnownFields known = new KnownFields(Set.of("a"), Map.of());
        String yaml = "a: b\nx: {c: 1, c: 2, d: !!int e}\n";
        assertThat(YamlTree.of(YamlParser.parseRules(yaml, "f", known).orElseThrow()))
                .isEqualTo(Map.of("a", "b"));
        assertThat(catchThrowableOfType(ConfigException.class, () -> YamlParser.parseRules(yaml, "f", null)))
                .hasMessageContaining("key c occurs twice");
    }

    @Test
    void deepNestingIsRefusedAndNotFatal() {
        assertThat(problem("[".repeat(100_000)).toString()).contains("nested too deeply");
        assertThat(problem("a: &a [x, x]\nb: &b [*a, *a]\n" + "c: " + "[".repeat(200) + "*b" + "]".repeat(200))
                        .toString())
                .contains("nested too deeply");
    }

    @Test
    void aPlaceIsFoundByItsPath() {
        String yaml = "a:\n- b: 1\n- b: {c: 2}\n";
        assertThat(YamlPlace.problem(yaml, "f", "a[1].b.c", "x").toString()).isEqualTo("f:3:10: a[1].b.c: x");
        assertThat(YamlPlace.problem(yaml, "f", "a[1].z", "x").toString()).isEqualTo("f:3:3: a[1].z: x");
    }
}
