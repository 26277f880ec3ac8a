// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.Exemplar;
import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OpenMetricsParserTest {
    private static final String EOF = "# EOF\n";

    private final OpenMetricsParser parser = new OpenMetricsParser();
    private final SeriesDecoder decoder = new SeriesDecoder();

    /** What a real Prometheus 3.5.3 made of each body, an end added: labels, value, timestamp. */
    record Accepted(String body, List<String> samples) {
        Accepted(String body, String... samples) {
            this(body, List.of(samples));
        }
    }

    static List<Accepted> accepted() {
        return List.of(
                new Accepted(""),
                new Accepted("a 1\n", "__name__=a 1"),
                new Accepted("a{b=\"c\"\0} 1\n", "__name__=a b=c\" 1"),
                new Accepted("a{b=\"\"\0\0,d=\"e\"} 1\n", "__name__=a b=\"\0 d=e 1"),
                new Accepted("# HE\0\0LP\0 \0a x\n\0\0a 1\n", "__name__=a 1"),
                new Accepted("a 1 123\n", "__name__=a 1 @123000"),
                new Accepted("a 1 123.5\n", "__name__=a 1 @123500"),
                new Accepted("a 1 1795792198.9999\n", "__name__=a 1 @1795792198999"),
                new Accepted("a 1 1795792198.289999\n", "__name__=a 1 @1795792198289"),
                new Accepted("a 1 -0.5\n", "__name__=a 1 @-500"),
                new Accepted("a 1 1e3\n", "__name__=a 1 @1000000"),
                new Accepted("a{} 1\n", "__name__=a 1"),
                new Accepted("a{b=\"c\",} 1\n", "__name__=a b=c 1"),
                new Accepted("a{b=\"x\\ny\\\"z\\\\w\"} 1\n", "__name__=a b=x\ny\"z\\w 1"),
                new Accepted("a{b=\"\0\"} 1\n", "__name__=a b=\0 1"),
                new Accepted("{\"a\"} 1\n", "__name__=a 1"),
                new Accepted("{b=\"c\",\"a\"} 1\n", "__name__=a b=c 1"),
                new Accepted("{\"a b\"} 1\n", "__name__=a b 1"),
                new Accepted("{\"a\nb\"} 1\n", "__name__=a\nb 1"),
                new Accepted("a{\"b c\"=\"c\"} 1\n", "__name__=a b c=c 1"),
                new Accepted(
                        "a nan\nb +Inf\nc .5\nd 1.\n",
                        "__name__=a NaN",
                        "__name__=b +Inf",
                        "__name__=c 0.5",
                        "__name__=d 1"),
                new Accepted("# HELP a b\0c\na 1\n", "__name__=a 1"),
                new Accepted("# TYPE a gauge\n# TYPE a counter\n# HELP \"x y\" z\na 1\n", "__name__=a 1"),
                new Accepted("# UNIT a_b_c b_c\n# UNIT a_ \na 1\n", "__name__=a 1"),
                new Accepted(
                        "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"1e5\"} 2\na_bucket{le=\"+Inf\"} 3\n",
                        "__name__=a_bucket le=1.0 1",
                        "__name__=a_bucket le=100000.0 2",
                        "__name__=a_bucket le=+Inf 3"),
                new Accepted("# TYPE a gaugehistogram\na_bucket{le=\"1\"} 1\n", "__name__=a_bucket le=1 1"),
                new Accepted(
                        "# TYPE a counter\na_total 1\na_created 123.5\n",
                        "__name__=a_total 1",
                        "__name__=a_created 123.5"),
                new Accepted("a 1 # {} 1\n", "__name__=a 1"),
                new Accepted("a 1 5 # {b=\"c\",} NaN -5\n", "__name__=a 1 @5000"));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void readsWhatPrometheusReads(Accepted accepted) {
        assertThat(samples(accepted.body + EOF)).isEqualTo(accepted.samples);
        assertThat(samples(accepted.body + "# EOF")).isEqualTo(accepted.samples);
    }

    static List<String> refused() {
        return List.of(
                "a 1\n\n",
                "\na 1\n",
                "a 1# EOF\n",
                "#  EOF\n",
                "# eof\n",
                "a  1\n",
                "a 1 \n",
                "a\t1\n",
                " a 1\n",
                "a 1  2\n",
                "a 1 0x10\n",
                "a 1 NaN\n",
                "a 1 Inf\n",
                "a 1 1_0\n",
                "a 1 2 \n",
                "a 1 1e400\n",
                "a {} 1\n",
                "a{ } 1\n",
                "a{b=\"c\"}1\n",
                "a{b=\"c\",,} 1\n",
                "a{,} 1\n",
                "a{b=\"c\" d=\"e\"} 1\n",
                "a{b=\"c\", d=\"e\"} 1\n",
                "a{b =\"c\"} 1\n",
                "a{b= \"c\"} 1\n",
                "a{b=\"x\ny\"} 1\n",
                "a{b=\"x\\\n\"} 1\n",
                "a{b='c'} 1\n",
                "a{b} 1\n",
                "a{\"b\"} 1\n",
                "{b=\"c\"} 1\n",
                "{} 1\n",
                "{\"a\",\"b\"} 1\n",
                "{abc} 1\n",
                "{\"a\0\"} 1\n",
                "a\0 1\n",
                "a 1\0\n",
                "a{b=\"c\\\0\"} 1\n",
                "1a 1\n",
                "é 1\n",
                "a{b:c=\"d\"} 1\n",
                "a\n",
                "a \n",
                "a{\n",
                "a{b=\"\n",
                "a{b=\"c\"} 1 5 6\n",
                "a 1e400\n",
                "a 0x10\n",
                "a 1_000\n",
                "a .\n",
                "a 1d\n",
                "a 1\r\n",
                "a +nan\n",
                "# HELP a\n",
                "# HELP  a b\n",
                "#HELP a b\n",
                "# HELP\n",
                "# HELP \n",
                "# HELP a\tb\n",
                "# HELP 1a b\n",
                "# HELP \"a\"b c\n",
                "# HELP a\0b\n",
                "# TYPE a untyped\n",
                "# TYPE a  gauge\n",
                "# TYPE a gauge \n",
                "# TYPE a\n",
                "# TYPE a Gauge\n",
                "# UNIT a seconds\n",
                "# UNIT seconds seconds\n",
                "# UNIT aseconds seconds\n",
                "# UNIT a_seconds seconds \n",
                "# foo\n",
                "#\n",
                "# \n",
                "\0",
                "a 1 #{a=\"b\"} 1\n",
                "a 1  # {a=\"b\"} 1\n",
                "a 1 # {a=\"b\"}1\n",
                "a 1 # {a=\"b\"} 1 \n",
                "a 1 # { a=\"b\"} 1\n",
                "a 1 # {\"a\"} 1\n",
                "a 1 # {a=\"b\"} 1e400\n",
                "a 1 # {a=\"b\"} 1 NaN\n",
                "a 1 # {a=\"b\"} 1 5 6\n",
                "a 1 # {a=\"b\"}\n",
                "a 1 # {a=\"\0\"} 1\n",
                "a 1 # \n",
                "a 1 # {a=\"b\"} 1 # {a=\"b\"} 1\n",
                "# EOF\n",
                "# EOFx\n",
                "# EOF \n");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatPrometheusRefuses(String body) {
        assertThatThrownBy(() -> samples("z 1\n" + body + EOF))
                .isInstanceOf(ExpositionException.class)
                .hasMessageStartingWith("line ");
    }

    @ParameterizedTest
    @CsvSource({"a 1", "# HELP a b", "a", "a{", "a 1 # {", "a 1 # {} 1", "#", "# E", "# UNIT a_b b"})
    void refusesWhatIsCutOff(String body) {
        assertThatThrownBy(() -> samples(body)).isInstanceOf(ExpositionException.class);
    }

    @Test
    void saysWhereTheFaultIs() {
        assertThatThrownBy(() -> samples("a 1\nb x\n" + EOF))
                .hasMessage("line 2: value is not a number, found \"x\" in \"b x\"");
        assertThatThrownBy(() -> samples("a 1\n")).hasMessage("line 2: data does not end with # EOF");
        assertThatThrownBy(() -> samples("# UNIT a s\n" + EOF))
                .hasMessage("line 1: unit is not a suffix of the metric name, found unit \"s\" of metric \"a\"");
    }

    @Test
    void passesOverNulBytesInTheEndAsPrometheusDoes() {
        assertThat(samples("a 1\n# E\0OF\0\0\n\0\0")).containsExactly("__name__=a 1");
        assertThatThrownBy(() -> samples("a 1\n# EOF\0\n\0\n"))
                .hasMessageContaining("line 3: expected the end of the exposition after # EOF");
        assertThatThrownBy(() -> samples("a 1\0\n" + EOF)).hasMessageContaining("expected a metric name");
    }

    @Test
    void readsExemplars() {
        reset("a_total 1 # {t=\"x\\\\y\",u=\"\",\"v w\"=\"z\"} 0.5 7.25\nb 2 # {} 3\nc 4\n" + EOF);

        assertThat(parser.next()).isEqualTo(ExpositionEntry.SERIES);
        assertThat(parser.exemplarCount()).isEqualTo(1);
        assertThat(parser.isExemplarTimestamped(0)).isTrue();
        assertThat(parser.exemplar(0, 99)).isEqualTo(new Exemplar(Labels.of("t", "x\\\\y", "v w", "z"), 0.5, 7250));
        assertThat(parser.next()).isEqualTo(ExpositionEntry.SERIES);
        assertThat(parser.isExemplarTimestamped(0)).isFalse();
        assertThat(parser.exemplar(0, 99)).isEqualTo(new Exemplar(Labels.EMPTY, 3, 99));
        assertThat(parser.next()).isEqualTo(ExpositionEntry.SERIES);
        assertThat(parser.exemplarCount()).isZero();
    }

    @Test
    void tellsExemplarsApartByAllTheySay() {
        List<Long> prints = new ArrayList<>();
        for (String exemplar : List.of("{a=\"b\"} 1", "{a=\"c\"} 1", "{a=\"b\"} 2", "{a=\"b\"} 1 5", "{a=\"b\"} 1 6")) {
            reset("x 1 # " + exemplar + "\n" + EOF);
            parser.next();
            prints.add(parser.exemplarFingerprint(0));
        }
        assertThat(prints).doesNotHaveDuplicates();
    }

    @Test
    void takesCreatedLinesForStartTimestamps() {
        parser.takeStartTimestamps(true);
        reset("""
                # TYPE a counter
                a_total{x="1"} 1
                a_created{x="1"} 5.5
                a_total{x="2"} 1
                # TYPE b histogram
                b_bucket{y="{le=\\"1\\"}",le="1"} 1
                b_bucket{y="{le=\\"1\\"}",le="+Inf"} 1
                b_count{y="{le=\\"1\\"}"} 1
                b_sum{y="{le=\\"1\\"}"} 1
                b_created{y="{le=\\"1\\"}"} 6
                # TYPE c gauge
                c_created 7
                # TYPE d summary
                d{quantile="0.5"} 1
                d_created 8
                # EOF
                """);
        List<String> found = new ArrayList<>();
        for (ExpositionEntry entry = parser.next(); entry != ExpositionEntry.END; entry = parser.next()) {
            if (entry == ExpositionEntry.SERIES) {
                found.add(series() + " " + parser.startTimestampMs());
            }
        }
        assertThat(found)
                .containsExactly(
                        "a_total{x=\"1\"} 5500",
                        "a_total{x=\"2\"} 0",
                        "b_bucket{y=\"{le=\\\"1\\\"}\",le=\"1\"} 6000",
                        "b_bucket{y=\"{le=\\\"1\\\"}\",le=\"+Inf\"} 6000",
                        "b_count{y=\"{le=\\\"1\\\"}\"} 6000",
                        "b_sum{y=\"{le=\\\"1\\\"}\"} 6000",
                        "c_created 0",
                        "d{quantile=\"0.5\"} 8000");
    }

    private String series() {
        return new String(
                parser.text(), parser.seriesStart(), parser.seriesEnd() - parser.seriesStart(), StandardCharsets.UTF_8);
    }

    @Test
    void readsMetadataFromTheLead() {
        String body = """
                # TYPE a_seconds histogram
                # UNIT a_seconds seconds
                # HELP a_seconds x\\"y\\\\z
                a_seconds_count 1
                # HELP b only
                # EOF
                """;
        reset(body);
        Map<String, Metadata> metadata = new LinkedHashMap<>();
        MetadataReader reader = new MetadataReader();
        ExpositionEntry entry = parser.next();
        while (entry != ExpositionEntry.SERIES) {
            entry = parser.next();
        }
        reader.read(ExpositionFormat.OPEN_METRICS, parser.text(), parser.leadStart(), parser.seriesStart(), metadata);
        while (entry != ExpositionEntry.END) {
            entry = parser.next();
        }
        reader.read(ExpositionFormat.OPEN_METRICS, parser.text(), parser.leadStart(), parser.seriesEnd(), metadata);
        assertThat(metadata)
                .containsExactly(
                        Map.entry("a_seconds", new Metadata(MetricType.HISTOGRAM, "seconds", "x\"y\\z")),
                        Map.entry("b", new Metadata(MetricType.UNKNOWN, "", "only")));
    }

    @Test
    void readsEachLineInItsOldPlace() throws IOException {
        byte[] body = TextParserTest.resource("alltypes.5mfs.om.txt");
        List<String> parsed = samples(new String(body, StandardCharsets.UTF_8));
        List<int[]> places = new ArrayList<>();
        parser.reset(body, 0, body.length);
        for (ExpositionEntry entry = parser.next(); entry != ExpositionEntry.END; entry = parser.next()) {
            if (entry == ExpositionEntry.SERIES) {
                places.add(new int[] {parser.leadStart(), parser.seriesStart(), parser.seriesEnd()});
            }
        }
        assertThat(places).hasSameSizeAs(parsed);
        parser.reset(body, 0, body.length);
        for (int[] place : places) {
            assertThat(parser.nextIs(body, place[0], place[1], place[2])).isTrue();
            assertThat(parser.seriesStart()).isEqualTo(place[1]);
        }
        assertThat(parser.next()).isEqualTo(ExpositionEntry.END);
    }

    @Test
    void aLongerNameIsNotTheOldOne() {
        byte[] old = "a".getBytes(StandardCharsets.UTF_8);
        for (String body : List.of("ab 1\n", "a{b=\"c\"} 1\n", "b 1\n", "a")) {
            reset(body + EOF);
            assertThat(parser.nextIs(old, 0, 0, 1)).isFalse();
            assertThat(parser.seriesEnd()).isZero();
        }
    }

    private void reset(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        parser.reset(bytes, 0, bytes.length);
    }

    private List<String> samples(String body) {
        reset(body);
        List<String> samples = new ArrayList<>();
        for (ExpositionEntry entry = parser.next(); entry != ExpositionEntry.END; entry = parser.next()) {
            if (entry == ExpositionEntry.SERIES) {
                decoder.decode(parser.text(), parser.seriesStart(), parser.seriesEnd(), parser.type());
                StringBuilder sample = new StringBuilder();
                for (int i = 0; i < decoder.size(); i++) {
                    sample.append(decoder.name(i))
                            .append('=')
                            .append(decoder.value(i))
                            .append(' ');
                }
                sample.append(GoFloat.general(parser.value()));
                if (parser.hasTimestamp()) {
                    sample.append(" @").append(parser.timestampMs());
                }
                samples.add(sample.toString());
            }
        }
        return samples;
    }

    @Test
    void aSampleAtTheVeryEndIsNotGivenOut() {
        OpenMetricsParser parser = new OpenMetricsParser();
        byte[] body = "a 10".getBytes(StandardCharsets.UTF_8);
        parser.reset(body, 0, body.length);
        assertThatThrownBy(parser::next).hasMessageContaining("line 1: the exposition does not end with # EOF");
    }
}
