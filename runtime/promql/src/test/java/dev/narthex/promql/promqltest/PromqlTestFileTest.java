// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The language of test files: what passes, what fails and why. */
class PromqlTestFileTest {
    private static List<PromqlTestFile.Case> cases(String text) {
        return PromqlTestFile.parse("x.test", text).cases(PromqlTestFile.engine());
    }

    @Test
    void passesWhatComesOutAsExpected() {
        List<PromqlTestFile.Case> cases = cases("""
                # A comment.
                LOAD 1m
                  m{a="1"} 1 2 _ 4x2 stale _x2 1+2x3 9-3x2
                  h {{count:1 sum:2 buckets:[1]}}+{{count:2 sum:3 offset:1 buckets:[2]}}x3 {{}}x1
                  down {{count:9 sum:9 buckets:[9]}}-{{count:2 sum:1 buckets:[2]}}x2

                eval instant at 1m m
                  m{a="1"} 2

                eval range from 0 to 5m step 1m m
                  m{a="1"} 1 2 2 4 4 4

                eval range from 6m to 7m step 1m m

                eval instant at 3m h
                  h {{schema:0 count:7 sum:11 buckets:[1 6]}}

                eval instant at 2m down
                  down {{count:5 sum:7 buckets:[5]}}

                eval_ordered instant at 1m sort(m)
                  m{a="1"} 2

                eval_fail instant at 1m m + on() group_left

                eval instant at 0 rate(h[5m) or m
                  expect fail regex: parse error

                eval_warn instant at 1m quantile(2, m)
                  {} Inf

                eval instant at 1m "a string"
                  expect string `a string`

                eval instant at 5m m[2m]
                  expect range vector from 4m to 5m step 1m
                  m{a="1"} 4 4

                eval instant at 0 1 + 1
                  2

                clear

                eval instant at 1m m
                """);
        assertThat(cases).hasSize(13);
        cases.forEach(PromqlTestFile.Case::run);
        assertThat(cases.getFirst().name()).isEqualTo("x.test:7 m");
        assertThat(cases.getFirst().line()).isEqualTo(7);
    }

    @Test
    void convertsClassicHistogramsToCustomBuckets() {
        cases("""
                load_with_nhcb 5m
                  h_bucket{le="1"} 0+1x2
                  h_bucket{le="5"} 0+3x2
                  h_bucket{le="+Inf"} 0+4x2
                  h_sum 0+10x2
                  h_count 0+4x2

                eval instant at 10m h
                  h {{schema:-53 count:8 sum:20 custom_values:[1 5] buckets:[2 4 2]}}

                eval instant at 10m h_bucket{le="5"}
                  h_bucket{le="5"} 6
                """).forEach(PromqlTestFile.Case::run);
    }

    @Test
    void loadsStartTimestampsAsDistancesFromTheirSamples() {
        cases("""
                load 1m
                  m{a="1"}@st -30s -90s _ -30s+10sx1
                  m{a="1"} 1 2 3 4 5
                  # Counting begins anew with each sample.
                  delta@st -30s+0sx3
                  delta 5 5 5 5
                  plain 5x3

                eval range from 0 to 4m step 1m start_timestamp(m)
                  {a="1"} -30 -30 0 150 220

                eval instant at 3m resets(delta[4m])
                  {} 3

                eval instant at 3m resets(plain[4m])
                  {} 0
                """).forEach(PromqlTestFile.Case::run);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eval instant at 0 m\n  m 2\n",
                "eval instant at 0 m\n  n 1\n",
                "eval instant at 0 m\n",
                "eval instant at 0 m\n  m {{}}\n",
                "eval instant at 0 h\n  h {{count:1 sum:1 buckets:[2]}}\n",
                "eval instant at 0 h\n  h {{count:1 sum:1 buckets:[1] counter_reset_hint:gauge}}\n",
                "eval instant at 0 h\n  h {{schema:1 count:1 sum:1 buckets:[1]}}\n",
                "eval range from 0 to 1m step 1m m\n  m 1 2\n",
                "eval_fail instant at 0 m\n",
                "eval_warn instant at 0 m\n  m 1\n",
                "eval instant at 0 m\n  expect info\n  m 1\n",
                "eval instant at 0 quantile(2, m)\n  expect no_warn\n  {} Inf\n",
                "eval instant at 0 nope(m)\n  expect fail msg: other\n",
                "eval instant at 0 nope(m)\n  expect fail regex: unknown\n  expect fail regex: other\n",
                "eval instant at 0 none\n  1\n",
                "eval instant at 0 m\n  1\n",
                "eval instant at 0 1\n  {} 1\n",
                "eval instant at 0 1\n  1\n  m 1\n",
                "eval instant at 0 none\n  expect string \"a\"\n",
                "eval instant at 0 \"a\"\n  expect string \"b\"\n",
                "eval instant at 0 none\n  expect range vector from 0 to 1m step 1m\n",
                "eval instant at 0 m[1m]\n",
                "eval range from 0 to 1m step 1m none\n  expect range vector from 0 to 1m step 1m\n",
                "eval instant at 0 quantile(2, m)\n  expect warn msg: other\n  {} Inf\n",
                "eval instant at 0 sort(n)\n  expect ordered\n  n{a=\"2\"} 2\n  n{a=\"1\"} 1\n",
                // Each warning must be expected where some are.
                "eval instant at 0 quantile(2, m) + quantile(3, m)\n  expect warn regex: got 2\n  {} Inf\n",
                "eval instant at 0 sum(h) + 1\n  expect info regex: other\n  expect info regex: incompatible\n",
            })
    void failsWhatComesOutOtherwise(String eval) {
        String text =
                "load 1m\n  m 1x5\n  n{a=\"1\"} 1\n  n{a=\"2\"} 2\n  h {{count:1 sum:1 buckets:[1]}}x5\n\n" + eval;
        assertThatThrownBy(() -> cases(text).getFirst().run()).isInstanceOf(PromqlTestFailure.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eval instant at 0 quantile(2, m)\n  expect warn\n  {} Inf\n",
                "eval instant at 0 quantile(2, m)\n  expect warn regex: got 2\n  expect warn\n  {} Inf\n",
                "eval instant at 0 quantile(2, m) + quantile(3, m)\n expect warn regex: got 2\n expect warn regex:got 3\n {} Inf",
                "eval instant at 0 quantile(2, m) + quantile(3, m)\n  expect warn regex: got [23]\n  {} Inf\n",
                "eval_info instant at 0 sum(h) + 1\n  expect no_warn\n",
                "eval instant at 0 nope(m)\n  expect fail regex: unknown\n  expect fail regex: nope\n",
                "eval instant at 0 nope(m)\n  expect fail msg: \"1:1: parse error: unknown function with name \"nope\"\"\n",
                "eval instant at 0 nope(m)\n  expect fail msg:1:1: parse error: unknown function with name \"nope\"\n",
                "eval instant at 0 nope(m)\n  expect fail regex: \"unknown .*|other\"\n",
                "eval_fail instant at 0 nope(m)\n expected_fail_message 1:1: parse error: unknown function with name \"nope\"",
                "eval_fail range from 0 to 1m step 1m nope(m)\n  expected_fail_regexp unknown.*nope\n",
                "eval instant at 0 010 + 0x10\n  0x18\n",
                "eval instant at 0 -1e3\n  -1_000\n",
                "eval_ordered instant at 0 sort_desc(n)\n\tn{a=\"2\"}\t2\n\tn{a=\"1\"}  1\n",
                "eval instant at 1m30s m{} offset -1m\n  {__name__=\"m\"} 1\n",
                "eval range from -1m to 1m step 1m m\n  m _ 1 1\n",
            })
    void passesWhatComesOutSo(String eval) {
        String text =
                "load 1m\n  m 1x5\n  n{a=\"1\"} 1\n  n{a=\"2\"} 2\n  h {{count:1 sum:1 buckets:[1]}}x5\n\n" + eval;
        cases(text).getFirst().run();
    }

    @Test
    void readsTheOtherCommandsOfAFileWithOneThatIsNotInTheLanguage() {
        List<PromqlTestFile.Case> cases = PromqlTestFile.read("x.test", """
                load 1m
                  m 1 2

                evaluate this
                  m 1

                eval instant at 1m m
                  m 2

                eval instant at 0 m
                  expect something
                """).cases(PromqlTestFile.engine());
        assertThat(cases).extracting(PromqlTestFile.Case::line).containsExactly(4, 7, 10);
        cases.get(1).run();
        assertThatThrownBy(cases.getFirst()::run)
                .isInstanceOf(PromqlTestFailure.class)
                .hasMessageStartingWith("x.test:4: unknown command: evaluate this; expected load, ");
        assertThatThrownBy(cases.getLast()::run)
                .isInstanceOf(PromqlTestFailure.class)
                .hasMessageStartingWith("x.test:11: unknown expectation: expect something; expected \"expect\" with ");
    }

    @Test
    void failsWhereWhatIsLoadedIsNoHistogram() {
        assertThatThrownBy(() -> cases("load 1m\n  h {{buckets:[-1]}}\n\neval instant at 0 h\n")
                        .getFirst()
                        .run())
                .isInstanceOf(PromqlTestFailure.class)
                .hasMessageStartingWith("x.test:1: load: positive side: bucket number 1 has observation count of -1");
    }

    @Test
    void endsACommandWhereTheNextStandsAlsoBehindAComment() {
        List<PromqlTestFile.Case> cases = cases("""
                load 1m
                \tm 1 2
                # What comes out of it:
                eval instant at 1m m
                \tm 2
                # And nothing of what is not there:
                eval range from 0 to 1m step 1m other
                clear
                load_with_nhcb 1m
                  m 3
                # A comment within.
                  n 4
                eval instant m
                  m 3
                """);
        assertThat(cases).extracting(PromqlTestFile.Case::line).containsExactly(4, 7, 13);
        cases.forEach(PromqlTestFile.Case::run);
    }

    @Test
    void saysOnWhichLineOfABlockSomethingIsWrong() {
        assertThatThrownBy(() -> PromqlTestFile.parse("x.test", "load 1m\n  # A comment.\n  m 1\n  m one\n  m 2\n"))
                .hasMessage("x.test:4: value one of a series is none, in \"m one\"");
        assertThatThrownBy(() -> PromqlTestFile.parse("x.test", "eval instant at 5 m\n"))
                .hasMessage("x.test:1: not a valid duration string: \"5\"");
        assertThatThrownBy(() -> PromqlTestFile.parse("x.test", "eval range from 0 to 1m step 0 m\n"))
                .hasMessage("x.test:1: step 0; expected a duration greater than 0");
        assertThatThrownBy(() -> PromqlTestFile.parse("x.test", "eval instant at 0 \"a\"\n  expect string a\n"))
                .hasMessage("x.test:2: expected a string in quotes behind \"expect string\", in \"expect string a\"");
        assertThatThrownBy(() -> PromqlTestFile.parse("x.test", "eval instant at 0 1\n  1,5\n"))
                .hasMessageStartingWith("x.test:2: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loads 1m",
                "eval at 5m m",
                "load 1m\n  m one",
                "load 1m\n  m {{buckets:[1]",
                "load 1m\n  m {{size:1}}",
                "load 1m\n  m {{count:1 count:2}}",
                "load 1m\n  m {{counter_reset_hint:maybe}}",
                "load 1m\n  m {{schema:99}}",
                "load 1m\n  m{a=~\"b\"} 1",
                "load 1m\n  m@st 0",
                "load 1m\n  m@st 0\n  n 1",
                "load 1m\n  m@st 0\n  m@st 0\n  m 1",
                "load 1m\n  m@st 0 0\n  m 1",
                "load 1m\n  m@st 1\n  m 1",
                "load 1m\n  m@st 1h30m\n  m 1",
                "load 1m\n  m@st 0s+1s\n  m 1",
                "load 1m\n  m@st _x0\n  m",
                "load 1m\n  m 1_",
                "eval instant at 0 m\n  expect nothing",
                "eval instant at 0 m\n  expect warn other",
                "eval instant at 0 m\n  expect warn msg:",
                "eval instant at 0 m\n  expect warn regex: (",
                "eval instant at 0 m\n  expect no_warn msg: a",
                "eval instant at 0 m\n  expect ordered msg: a",
                "eval instant at 0 m\n  expect warn\n  expect no_warn",
                "eval_info instant at 0 m\n  expect no_info",
                "eval range from 0 to 1m step 1m m\n  expect ordered",
                "eval_ordered range from 0 to 1m step 1m m",
                "eval instant at 0 m\n  m 1 2",
                "eval instant at 0 m\n  m 1\n  m 2",
                "eval instant at 0 1\n  5m",
                "eval instant at 0 m[1m]\n  expect range vector from 0 to 1m",
            })
    void namesTheLineThatIsNotInTheLanguage(String text) {
        assertThatThrownBy(() -> PromqlTestFile.parse("x.test", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s)x\\.test:\\d+: .*");
    }
}
