// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.GoFloat;
import dev.narthex.model.MetricType;
import dev.narthex.model.StalenessMarker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextParserTest {
    private final TextParser parser = new TextParser();
    private final SeriesDecoder decoder = new SeriesDecoder();

    /** What a real Prometheus 3.5.3 made of each body: labels as name=value, then value and timestamp. */
    record Accepted(String body, List<String> samples) {
        Accepted(String body, String... samples) {
            this(body, List.of(samples));
        }
    }

    static List<Accepted> accepted() {
        return List.of(
                new Accepted("a 1\n", "__name__=a 1"),
                new Accepted("a 1", "__name__=a 1"),
                new Accepted("a{b=\"c\"\0} 1\n", "__name__=a b=c\" 1"),
                new Accepted("a{b=\"\\\"\"\0\0 ,d=\"\"\0} 1\n", "__name__=a b=\"\"\0 d=\" 1"),
                new Accepted("# \tH\0\0ELP\0\t\0a x\na 1\n# H\0\nb 2\n", "__name__=a 1", "__name__=b 2"),
                new Accepted("# HELP\0a\na 1\n# \0\nb{", "__name__=a 1"),
                new Accepted("  a 1\n", "__name__=  a 1"),
                new Accepted("\ta{b=\"c\"} 1\n", "__name__=\ta b=c 1"),
                new Accepted("a\t1\n", "__name__=a 1"),
                new Accepted("a  1  \n", "__name__=a 1"),
                new Accepted("a 1 123\n", "__name__=a 1 @123"),
                new Accepted("a 1 \t 5\t\n", "__name__=a 1 @5"),
                new Accepted("a 1 9223372036854775807\n", "__name__=a 1 @9223372036854775807"),
                new Accepted("a 1 00000000000000000000000000001\n", "__name__=a 1 @1"),
                new Accepted("a{} 1\n", "__name__=a 1"),
                new Accepted("a { } 1\n", "__name__=a 1"),
                new Accepted("a{b=\"c\"}1\n", "__name__=a b=c 1"),
                new Accepted("a{b=\"c\",} 1\n", "__name__=a b=c 1"),
                new Accepted("a{b=\"c\" d=\"e\"} 1\n", "__name__=a b=c d=e 1"),
                new Accepted("a{ b = \"c\" } 1\n", "__name__=a b=c 1"),
                new Accepted("a{\tb\t=\t\"c\"\t,\td=\"e\"\t}\t1\t2\n", "__name__=a b=c d=e 1 @2"),
                new Accepted("{\"a\"} 1\n", "__name__=a 1"),
                new Accepted("  {\"a\",} 1\n", "__name__=a 1"),
                new Accepted("{\"a\",b=\"c\"} 1\n", "__name__=a b=c 1"),
                new Accepted("{b=\"c\",\"a\"} 1\n", "__name__=a b=c 1"),
                new Accepted("a{\"b c\"=\"c\"} 1\n", "__name__=a b c=c 1"),
                new Accepted("{\"a b\"} 1\n", "__name__=a b 1"),
                new Accepted("{\"a\\\"b\"} 1\n", "__name__=a\"b 1"),
                new Accepted("{\"a\\nb\"} 1\n", "__name__=a\nb 1"),
                new Accepted("{\"a\\tb\"} 1\n", "__name__=a\\tb 1"),
                new Accepted("{\"a\\\\b\"} 1\n", "__name__=a\\b 1"),
                new Accepted("a{b=\"é\"} 1\n", "__name__=a b=é 1"),
                new Accepted("a{b=\"x\\ny\\\"z\\\\w\"} 1\n", "__name__=a b=x\ny\"z\\w 1"),
                new Accepted("a{b=\"x\ny\"} 1\n", "__name__=a b=x\ny 1"),
                new Accepted("a{b=\"}\"} 1\n", "__name__=a b=} 1"),
                new Accepted("a{b=\"x\0y\"} 1\n", "__name__=a b=x\0y 1"),
                new Accepted("a:b 1\n:a 2\n", "__name__=a:b 1", "__name__=:a 2"),
                new Accepted("a NaN\nb -inf\nc +Infinity\n", "__name__=a NaN", "__name__=b -Inf", "__name__=c +Inf"),
                new Accepted("# HELP\na 1\n", "__name__=a 1"),
                new Accepted("#HELP 1a b\n#\n# \n# x\n#\tHELP a b\na 1\n", "__name__=a 1"),
                new Accepted("# EOF\n# TYPEa b\n# UNIT a seconds\na 1\n", "__name__=a 1"),
                new Accepted("# HELP"),
                new Accepted("# HELP a"),
                new Accepted(""),
                new Accepted("\n\n   \na 1\n\n", "__name__=a 1"),
                new Accepted("\0a 1\n"),
                new Accepted("a 1\n\0\nb 2\n", "__name__=a 1"),
                new Accepted("#\0\na 1\n"),
                new Accepted("# foo \0\na 1\n", "__name__=a 1"),
                new Accepted(
                        "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"1000000\"} 2\na_bucket{le=\"+Inf\"} 3\n",
                        "__name__=a_bucket le=1.0 1",
                        "__name__=a_bucket le=1e+06 2",
                        "__name__=a_bucket le=+Inf 3"),
                new Accepted("# TYPE a histogram\n# TYPE b gauge\na{le=\"1\"} 1\n", "__name__=a le=1 1"),
                new Accepted(
                        "# TYPE a summary\na{quantile=\"1\"} 1\na{quantile=\"x\"} 2\na{quantile=\"-0\"} 3\na{le=\"1\"} 4",
                        "__name__=a quantile=1.0 1",
                        "__name__=a quantile=x 2",
                        "__name__=a quantile=0.0 3",
                        "__name__=a le=1 4"));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void readsWhatPrometheusReads(Accepted accepted) {
        assertThat(samples(accepted.body().getBytes(StandardCharsets.UTF_8)))
                .containsExactlyElementsOf(accepted.samples());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\1',
            value = {
                "a 1 -123|line 1: expected a timestamp in milliseconds or the end of the line, found \"-\" in \"a 1 \"",
                "a 1 99999999999999999999|line 1: timestamp is out of range",
                "a 1 1 1|expected the end of the line after the timestamp, found \"1\"",
                "a 1 1.5|expected the end of the line after the timestamp, found \".\"",
                "a{b=\"c\",,} 1|expected a label name, found \",\" in \"a{b=\\\"c\\\",\"",
                "a{,} 1|expected a label name, found \",\"",
                "a{b=\"c\"\\n} 1|expected a label name, found \"\\n\"",
                "{b=\"c\"} 1|expected a metric name, found \"}\"",
                "{} 1|expected a metric name",
                "{abc} 1|a metric name in braces needs quotes",
                "a{\"x\"} 1|the series has a metric name already",
                "a{b=\"\\xff\"} 1|label value is not valid UTF-8",
                "\\xc3\\xa9 1|line 1: expected a metric name, a comment or a blank line",
                "a{b=c} 1|expected a label value in quotes, found \"c\"",
                "a{b:c=\"d\"} 1|expected '=', found \":\"",
                "a{b!=\"c\"} 1|expected '=', found \"!\"",
                "a{1=\"d\"} 1|expected a label name, found \"1\"",
                "a{b=\"\\\\|expected a closing quote of the label value, found the end",
                "a{b=\"c|expected a closing quote of the label value",
                "{\"a\\0b\"} 1|expected a label name",
                "a{b=\"c\"|expected a label name or '}', found the end",
                "a{|expected a label name or '}', found the end",
                "a|expected a value after the series",
                "a{b=\"c\"}{d=\"e\"} 1|expected a value after the series, found \"{\"",
                "a +nan|invalid value, found \"+nan\" in \"a +nan\"",
                "a 0x10|invalid value, found \"0x10\"",
                "a 1_000|invalid value, found \"1_000\"",
                "a 1\\r|invalid value, found \"1\\r\"",
                "a-b 1|invalid value, found \"-b\" in \"a-b\"",
                "a 1#foo|invalid value",
                "a 1{ 2|invalid value",
                "a 1\\0|invalid value",
                "a 1e400|value is out of range, found \"1e400\"",
                "1a 1|expected a metric name, a comment or a blank line, found \"1\"",
                "\"a\" 1|expected a metric name, a comment or a blank line, found \"\\\"\"",
                "# HELP \\na 1|expected a metric name after HELP, found \"\\n\"",
                "# HELP {a} b|expected a metric name after HELP, found \"{\"",
                "# HELP a b\\xff|help text is not valid UTF-8",
                "# TYPE a  counter|invalid metric type, found \" counter\"; accepted are counter, gauge",
                "# TYPE a counter\\r|invalid metric type, found \"counter\\r\"",
                "# TYPE a|invalid metric type, found \"\"",
                "# TYPE a info|invalid metric type, found \"info\"",
                "# TYPE \"a counter|expected a closing quote of the metric name after TYPE",
                "ok 1\\n# c\\nbad{ 1|line 3: expected a label name, found \"1\" in \"bad{ \"",
            })
    void refusesWhatPrometheusRefuses(String body, String message) {
        assertThatThrownBy(() -> samples(unescaped(body)))
                .isInstanceOf(ExpositionException.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> samples(unescaped(body + "\\n"))).isInstanceOf(ExpositionException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " \t", " \0", " \t\0\0 \0"})
    void takesBlanksAndNulBytesForNoHelp(String text) {
        reset("# HELP a" + text + "\n");
        assertThat(parser.next()).isEqualTo(ExpositionEntry.HELP);
        assertThat(parser.helpText()).isEmpty();
    }

    @Test
    void givesTypesAndHelp() {
        reset("# HELP a_total a\\\\b\\nc \\\"d\n# TYPE a_total counter\na_total 1\n# HELP \"b c\" x\n");
        assertThat(parser.next()).isEqualTo(ExpositionEntry.HELP);
        assertThat(parser.familyName()).isEqualTo("a_total");
        assertThat(parser.helpText()).isEqualTo("a\\b\nc \\\"d");
        assertThat(parser.next()).isEqualTo(ExpositionEntry.TYPE);
        assertThat(parser.type()).isEqualTo(MetricType.COUNTER);
        assertThat(parser.next()).isEqualTo(ExpositionEntry.SERIES);
        assertThat(parser.next()).isEqualTo(ExpositionEntry.HELP);
        assertThat(parser.familyName()).isEqualTo("b c");
        assertThat(parser.next()).isEqualTo(ExpositionEntry.END);
    }

    @Test
    void makesEveryNotANumberTheSame() {
        reset("a nan\n");
        parser.next();
        assertThat(Double.doubleToRawLongBits(parser.value())).isEqualTo(StalenessMarker.NORMAL_NAN_BITS);
    }

    @ParameterizedTest
    @CsvSource({
        "'# HELP a x\na 1\n', '# HELP a x\na', true",
        "'a 1\n', 'a', true",
        "'a\t1\n', 'a', true",
        "'ab 1\n', 'a', false",
        "'a{b=\"c\"} 1\n', 'a', false",
        "'a {b=\"c\"} 1\n', 'a', false",
        "'a{b=\"c\"}1\n', 'a{b=\"c\"}', true",
        "'a{b=\"cd\"} 1\n', 'a{b=\"c\"}', false",
        "'a', 'a', false",
        "'b 1\n', 'a', false",
        "'', 'a', false",
    })
    void recognisesExpectedBytes(String body, String expected, boolean found) {
        reset(body);
        byte[] text = expected.getBytes(StandardCharsets.UTF_8);
        int series = expected.lastIndexOf('\n') + 1;
        assertThat(parser.nextIs(text, 0, series, text.length)).isEqualTo(found);
        if (found) {
            assertThat(parser.value()).isEqualTo(1);
            assertThat(body.substring(parser.seriesStart(), parser.seriesEnd())).isEqualTo(expected.substring(series));
            assertThat(parser.next()).isEqualTo(ExpositionEntry.END);
        } else {
            assertThat(parser.position()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"alltypes.237mfs.prom.txt,1857"})
    void readsARealExposition(String file, int count) throws IOException {
        byte[] body = resource(file);
        assertThat(samples(body)).hasSize(count);
    }

    @Test
    void survivesEveryTruncationAndEveryByteFlipped() throws IOException {
        byte[] body = resource("alltypes.5mfs.om.txt");
        for (int cut = 0; cut < body.length; cut++) {
            tryParse(body, cut);
            byte[] flipped = body.clone();
            flipped[cut] ^= (byte) (1 << (cut % 8));
            tryParse(flipped, flipped.length);
        }
    }

    private void tryParse(byte[] body, int length) {
        try {
            parser.reset(body, 0, length);
            while (parser.next() != ExpositionEntry.END) {
                assertThat(parser.position()).isPositive();
            }
        } catch (ExpositionException e) {
            assertThat(e.line()).isPositive();
        }
    }

    private List<String> samples(byte[] body) {
        List<String> samples = new ArrayList<>();
        parser.reset(body, 0, body.length);
        for (ExpositionEntry entry = parser.next(); entry != ExpositionEntry.END; entry = parser.next()) {
            if (entry == ExpositionEntry.SERIES) {
                decoder.decode(body, parser.seriesStart(), parser.seriesEnd(), parser.type());
                StringBuilder sample = new StringBuilder();
                for (int i = 0; i < decoder.size(); i++) {
                    sample.append(decoder.name(i))
                            .append('=')
                            .append(decoder.value(i))
                            .append(' ');
                }
                sample.append(GoFloat.general(parser.value()));
                samples.add(parser.hasTimestamp() ? sample + " @" + parser.timestampMs() : sample.toString());
            }
        }
        return samples;
    }

    private void reset(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        parser.reset(bytes, 0, bytes.length);
    }

    private static byte[] unescaped(String text) {
        String plain = text.replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\0", "\0")
                .replace("\\xff", "\u00ff")
                .replace("\\xc3\\xa9", "\u00c3\u00a9")
                .replace("\\\\", "\\");
        return plain.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in = TextParserTest.class.getResourceAsStream("/exposition/" + name)) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }
}
