// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.section.ResourceId;
import dev.narthex.operator.report.ReportAnswer.Answered;
import dev.narthex.operator.report.ReportAnswer.Unreachable;
import dev.narthex.operator.report.ResourceReport.FailedTarget;
import dev.narthex.operator.report.ResourceReport.IntegrationReport;
import dev.narthex.operator.report.ResourceReport.NoCounts;
import dev.narthex.operator.report.ResourceReport.ReceiverCounts;
import dev.narthex.operator.report.ResourceReport.RuleCounts;
import dev.narthex.operator.report.ResourceReport.RuleReport;
import dev.narthex.operator.report.ResourceReport.TargetCounts;
import dev.narthex.operator.report.RuntimeReport.StorageReport;
import dev.narthex.testkit.http.LoopbackServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportClientTest {
    private volatile int status = 200;
    private volatile String body = "";
    private volatile String asked = "";
    private LoopbackServer server;

    @BeforeEach
    void start() throws IOException {
        server = LoopbackServer.start((request, out) -> {
            asked = request.target();
            LoopbackServer.respond(out, status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ReportAnswer ask() {
        return ask(server, Duration.ofSeconds(30));
    }

    private static ReportAnswer ask(LoopbackServer server, Duration timeout) {
        return new ReportClient("http://" + server.address() + "/{namespace}/{name}", timeout)
                .ask("monitoring", "main");
    }

    @Test
    void readsTheExampleOfTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "resources-status.md"));
        int start = page.indexOf("```json") + "```json".length();
        body = page.substring(start, page.indexOf("```", start));
        assertThat(ask()).isInstanceOfSatisfying(Answered.class, answered -> {
            RuntimeReport report = answered.report();
            assertThat(report.volumeGeneration()).isEqualTo(3);
            assertThat(report.hash()).hasSize(64);
            assertThat(report.loadedAt()).isEqualTo("2026-01-01T10:00:00.123Z");
            assertThat(report.error()).isEmpty();
            assertThat(report.storage()).isEqualTo(new StorageReport(8120, 271.5, 7340032, 1767261600000L));
            assertThat(report.resources().get(new ResourceId("ScrapeTarget", "shop", "web")))
                    .isEqualTo(new ResourceReport(
                            2,
                            true,
                            "",
                            new TargetCounts(
                                    5,
                                    3,
                                    1,
                                    912,
                                    "connection refused",
                                    List.of(new FailedTarget("http://10.1.2.3:8080/metrics", "connection refused")))));
            assertThat(report.resources().get(new ResourceId("AlertRule", "shop", "web")))
                    .isEqualTo(new ResourceReport(
                            1,
                            true,
                            "",
                            new RuleCounts(
                                    1, 0, 0, List.of(new RuleReport("ShopDown", "alerting", "ok", "firing", 1, "")))));
            assertThat(report.resources().get(new ResourceId("Receiver", "shop", "page")))
                    .satisfies(receiver -> {
                        assertThat(receiver.ok()).isFalse();
                        assertThat(receiver.counts())
                                .isEqualTo(new ReceiverCounts(
                                        List.of(new IntegrationReport("webhook", 12, 0, "", "2026-01-01T09:58:10Z"))));
                    });
        });
        assertThat(asked).isEqualTo("/monitoring/main/api/v1/status/resources");
    }

    @Test
    void whatIsMissingIsEmpty() {
        body = "{\"status\":\"success\",\"data\":{\"resources\":[{\"kind\":\"AlertRule\"}],\"more\":1}}";
        assertThat(ask()).isInstanceOfSatisfying(Answered.class, answered -> {
            assertThat(answered.report().storage()).isEqualTo(StorageReport.NONE);
            assertThat(answered.report().hash()).isEmpty();
            assertThat(answered.report().resources().get(new ResourceId("AlertRule", "", "")))
                    .isEqualTo(new ResourceReport(0, false, "", new NoCounts()));
        });
    }

    @Test
    void otherAnswersAreNone() throws IOException {
        status = 503;
        assertThat(reason()).endsWith("/api/v1/status/resources: answered 503");
        status = 200;
        body = "<html>";
        assertThat(reason()).contains("/api/v1/status/resources: Unexpected character");
        body = "{\"status\":\"error\",\"error\":\"starting\"}";
        assertThat(reason()).endsWith("not a report, found status \"error\": starting");
        server.close();
        assertThat(reason()).contains("/api/v1/status/resources: ");
    }

    /** Nothing is answered, or an answer that stops in its head, or in its body. */
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{"})
    void givesUpWhereverTheAnswerStops(String start) throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        try (LoopbackServer silent = LoopbackServer.start((_, out) -> {
            out.write(start.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        })) {
            assertThat(ask(silent, Duration.ofMillis(200))).isInstanceOf(Unreachable.class);
            end.countDown();
        }
    }

    private String reason() {
        ReportAnswer answer = ask();
        assertThat(answer).isInstanceOf(Unreachable.class);
        return ((Unreachable) answer).reason();
    }
}
