// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.http.HttpAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever reads that a scrape failed reads of which target, at which place and for which text. */
class ParseErrorsTest {
    private static final String TEXT = "text/plain; version=0.0.4";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
    private static final String PROTOBUF =
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    private final ScrapeScenario scenario = new ScrapeScenario();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        scenario.close();
    }

    /** Scrapes a body once; what is said of it. */
    private String errorOf(String contentType, byte[] body) throws IOException {
        Path file = directory.resolve("failures.log");
        ScrapeConfig config = ScrapeScenario.job().target("a:1").build().toBuilder()
                .scrapeFailureLogFile(file.toString())
                .build();
        scenario.manager.apply(List.of(config), GlobalConfig.DEFAULT);
        scenario.client.serve(ScrapeScenario.URL, new HttpAnswer(200, contentType, ""), body);
        scenario.pass();
        TargetView target = scenario.target();
        assertThat(target.health()).isEqualTo(TargetHealth.DOWN);
        assertThat(target.scrapeUrl()).isEqualTo(ScrapeScenario.URL);
        assertThat(Files.readAllLines(file))
                .singleElement()
                .asString()
                .contains(
                        "\"msg\":\"" + target.lastError().replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .contains("\"target\":\"" + ScrapeScenario.URL + "\"");
        return target.lastError();
    }

    /** Of an exposition whose third line is a bad one, with {@code @} for each quote. */
    private void assertNamesLineAndText(String contentType, String line, String lastLine, String text)
            throws IOException {
        String body = "a 1\n# HELP b Of b.\n" + line.replace('@', '"') + "\n" + lastLine + "\n";
        assertThat(errorOf(contentType, body.getBytes(StandardCharsets.UTF_8)))
                .startsWith("line 3: ")
                .contains(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "b{x=@y@} @z@ | b{x=",
                "b{x=@y@ 1 | b{x=",
                "b{x=@y@} | b{x=",
                "b{x=@y 1 | y 1",
                "{@no name=1 | no name=1",
                "# TYPE b nonsense | nonsense",
            })
    void namesLineAndTextOfATextExposition(String line, String text) throws IOException {
        assertNamesLineAndText(TEXT, line, "c 1", text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "b{x=@y@} @z@ | b{x=",
                "b{x=@y@ 1 | b{x=",
                "b{x=@y 1 | y 1",
                "{@no name=1 | no name=1",
                "b{x=@y@} 1 # {a=@b@} | b{x=",
                "# TYPE b nonsense | nonsense",
                "# UNIT b seconds | seconds",
            })
    void namesLineAndTextOfAnOpenMetricsExposition(String line, String text) throws IOException {
        assertNamesLineAndText(OPEN_METRICS, line, "# EOF", text);
    }

    @Test
    void namesPlaceAndMetricOfAProtobufExposition() throws IOException {
        MetricFamilyBytes bad = new MetricFamilyBytes()
                .text(1, "bad")
                .varint(3, 0)
                .message(
                        4,
                        new MetricFamilyBytes()
                                .label("0\u0000", "\u0001")
                                .append(new MetricFamilyBytes()
                                        .bytes(1, new byte[] {0xa, 1, 'l', 0x12, 1, (byte) 0xff}))
                                .message(3, new MetricFamilyBytes().fixed(1, 1)));
        assertThat(errorOf(PROTOBUF, bad.delimited())).startsWith("byte ").contains("\"bad\"");
    }

    @Test
    void namesThePlaceWhereAProtobufExpositionIsCutOff() throws IOException {
        byte[] whole = new MetricFamilyBytes().text(1, "cut").varint(3, 0).delimited();
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        assertThat(errorOf(PROTOBUF, cut)).matches("byte \\d+: message of 7 bytes where 6 .*");
    }
}
