// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnchoredRegexTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "(a{500}){3} {3}",
                "((a{1000}){1000}){1000} {1000}",
                "(a{2}b{400}){3} {3}",
                "((a{11}|b)*c){1,100} {1,100}",
                "(x[]{]a{40}){26} {26}",
                "(\\{a{501}\\}){2,} {2,}",
            })
    void refusesRepeatsWithinRepeatsThatAreTooMany(String regex, String repeat) {
        assertThatThrownBy(() -> LabelMatcher.of(MatchOp.REGEX, "a", regex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("error parsing regexp: invalid repeat count: `" + repeat + "`");
    }

    /** As promtool 3.15 decides: the anchors and what is innermost are a level each. */
    @Test
    void refusesWhatNestsTooDeeply() {
        for (String[] level : new String[][] {{"(", ")"}, {"(?:", ")*"}, {"(?P<a>", ")"}}) {
            assertThat(RegexFaults.find(nested(level, 999))).isNull();
            String deep = nested(level, 1000);
            assertThat(RegexFaults.find(deep)).isEqualTo("expression nests too deeply: `" + deep + "`");
        }
        String[] group = {"(", ")"};
        assertThat(AnchoredRegex.compile(nested(group, 998)).matches("a")).isTrue();
        assertThatThrownBy(() -> AnchoredRegex.compile(nested(group, 999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("error parsing regexp: expression nests too deeply: `^(?s:((");
        assertThatThrownBy(() -> AnchoredRegex.compileAsItIs(nested(group, 100_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Groups that do not capture are none in the tree; a choice in a choice, or a sequence in one, is part of it. */
    @Test
    void takesWhatOnlyLooksAsIfItNested() {
        for (String[] level : new String[][] {{"(?:", ")"}, {"(?:b|", ")"}, {"(?:b", "c)"}, {"(?i:", ")"}}) {
            assertThat(RegexFaults.find(nested(level, 1900))).isNull();
        }
        assertThat(RegexFaults.find("(a)?".repeat(200))).isNull();
        assertThat(RegexFaults.find("((a))|".repeat(200))).isNull();
        assertThat(RegexFaults.find("a*?".repeat(900))).isNull();
    }

    /** Each level is a group, and a sequence in it. */
    @Test
    void countsSequencesAndChoicesInGroups() {
        for (String[] level : new String[][] {{"(a", ")"}, {"(a|", ")"}, {"(a{2}", ")"}}) {
            assertThat(RegexFaults.find(nested(level, 499))).isNull();
            assertThat(RegexFaults.find(nested(level, 501))).startsWith("expression nests too deeply");
        }
    }

    /** Our engine needs stack for each of them, also at the end of a long text. */
    @ParameterizedTest
    @ValueSource(strings = {"a?", "a*", "(a)?", "(a*)+", "\\b", "$", "()", "a|", "(?:a|b?)", "x{0,3}", "(b|)"})
    void refusesWhatItWouldRunOutOfStackOver(String part) {
        for (String regex :
                List.of(part.repeat(20_000), "x" + part.repeat(20_000), "(?:" + part.repeat(900) + "){0,40}")) {
            assertThatThrownBy(() -> AnchoredRegex.compile(regex))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("error parsing regexp: expression has too many parts that are optional or"
                            + " alternatives: `")
                    .hasMessageMatching(".{100,250}");
        }
    }

    /** On a thread with the stack of a server's: the heaviest of each sort, and long ones that are not heavy. */
    @ParameterizedTest
    @CsvSource({
        "a?, 990",
        "a*, 990",
        "(a)?, 330",
        "(a*)+, 240",
        "'\\b', 990",
        "(), 490",
        "a|, 1900",
        "'x{0,3}', 300",
        "(a*)b, 20000",
        "(a)bc+, 10000",
        "(?:a|b), 900",
        "'[0-9]{1,30}[.]', 300",
        "ab, 40000"
    })
    void matchesWhatItTakesOnASmallStack(String part, int times) throws InterruptedException {
        Pattern pattern = AnchoredRegex.compile(part.repeat(times));
        AtomicReference<Object> matched = new AtomicReference<>("nothing");
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        matched.set(pattern.matcher("aaxb").matches()
                                || pattern.matcher("").matches());
                    } catch (StackOverflowError e) {
                        matched.set(e);
                    }
                },
                "small",
                448 << 10);
        thread.start();
        thread.join();
        assertThat(matched.get()).isInstanceOf(Boolean.class);
    }

    @Test
    void aChoiceOfTextsMayBeAsLongAsItIs() {
        String many = IntStream.range(0, 50_000).mapToObj(i -> "pod-" + i).collect(Collectors.joining("|"));
        LabelMatcher matcher = LabelMatcher.of(MatchOp.REGEX, "pod", many);
        assertThat(matcher.matches("pod-49999")).isTrue();
        assertThat(matcher.matches("pod-50000")).isFalse();
        assertThat(LabelMatcher.of(MatchOp.NOT_REGEX, "pod", many).matches("pod-7"))
                .isFalse();
        assertThat(LabelMatcher.of(MatchOp.REGEX, "pod", "a||b").matchesEmpty()).isTrue();
        String escaped = IntStream.range(0, 5000)
                .mapToObj(i -> "10\\.0\\.0\\." + i + ":9100")
                .collect(Collectors.joining("|"));
        assertThat(LabelMatcher.of(MatchOp.REGEX, "pod", escaped).matches("10.0.0.4999:9100"))
                .isTrue();
        assertThat(LabelMatcher.of(MatchOp.REGEX, "pod", escaped).matches("10.0.0x7:9100"))
                .isFalse();
        assertThat(LabelMatcher.of(MatchOp.REGEX, "pod", "a\\||b\\\\").matches("a|"))
                .isTrue();
        assertThat(LabelMatcher.of(MatchOp.REGEX, "pod", "a\\||b\\\\").matches("b\\"))
                .isTrue();
        assertThat(LabelMatcher.of(MatchOp.REGEX, "pod", "\\d|b").matches("7")).isTrue();
        assertThat(LabelMatcher.of(MatchOp.REGEX, "pod", "a|b|").matches("")).isTrue();
        assertThat(LabelMatcher.of(MatchOp.REGEX, "pod", "a|b").matches("")).isFalse();
    }

    private static String nested(String[] level, int times) {
        return level[0].repeat(times) + "a" + level[1].repeat(times);
    }

    @Test
    void leavesARepeatOfARepeatToTheCompiler() {
        assertThat(RegexFaults.find("x{1000}{1000}")).isNull();
        assertThat(RegexFaults.find("a{500}{{3}")).isNull();
        assertThat(RegexFaults.find("x{2}{y(a{1000}){2}")).isEqualTo("invalid repeat count: `{2}`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\é", "a\\é(b{1000}){2}", "[\\é]", "[a\\é\\ü]", "(\\é"})
    void refusesEscapedLettersBeyondAscii(String regex) {
        assertThatThrownBy(() -> LabelMatcher.of(MatchOp.REGEX, "a", regex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("error parsing regexp: invalid escape sequence: `\\é`");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{500}){2}",
                "a{1000}b{1000}",
                "a{600}(b{600})c{600}",
                "([{5}]{500}){2}",
                "(\\Qa{900}\\E){900}",
                "(\\p{Greek}\\x{41}){900}",
                "(a{500}|b){2}(c{500}){2}",
                "a{,5}{",
            })
    void takesWhatRe2Takes(String regex) {
        assertThat(RegexFaults.find(regex)).isNull();
        assertThat(LabelMatcher.of(MatchOp.REGEX, "a", regex).value()).isEqualTo(regex);
    }
}
