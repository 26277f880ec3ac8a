// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    private static String page(MetricSource source) {
        ExpositionWriter page = new ExpositionWriter();
        source.writeTo(page);
        return page.toString();
    }

    @Test
    void countsByLabels() {
        CounterFamily requests = new CounterFamily("requests_total", "Requests.");
        requests.with(Labels.of("code", "200")).add(2);
        requests.with(Labels.of("code", "500")).increment();

        assertThat(page(requests)).isEqualTo("""
                        # HELP requests_total Requests.
                        # TYPE requests_total counter
                        requests_total{code="200"} 2
                        requests_total{code="500"} 1
                        """);
    }

    @Test
    void sumsBucketsUpToInfinity() {
        HistogramFamily durations = new HistogramFamily("seconds", "", 0.1, 1);
        HistogramFamily.Histogram histogram = durations.with(Labels.EMPTY);
        histogram.observe(0.1);
        histogram.observe(0.5);
        histogram.observe(7);

        assertThat(page(durations)).isEqualTo("""
                        # TYPE seconds histogram
                        seconds_bucket{le="0.1"} 1
                        seconds_bucket{le="1"} 2
                        seconds_bucket{le="+Inf"} 3
                        seconds_sum 7.6
                        seconds_count 3
                        """);
    }

    @Test
    void countsRequestsByRouteAndCode() {
        HttpMetrics http = new HttpMetrics();
        http.answered("/api/v1/query", 200, 300_000_000, 500);

        assertThat(page(http))
                .contains("prometheus_http_requests_total{code=\"200\",handler=\"/api/v1/query\"} 1\n")
                .contains("prometheus_http_request_duration_seconds_bucket{handler=\"/api/v1/query\",le=\"0.2\"} 0\n")
                .contains("prometheus_http_request_duration_seconds_bucket{handler=\"/api/v1/query\",le=\"0.4\"} 1\n")
                .contains("prometheus_http_response_size_bytes_bucket{handler=\"/api/v1/query\",le=\"1000\"} 1\n");
    }

    @Test
    void readsWhatLinuxSaysOfTheProcess(@TempDir Path self) throws IOException {
        String stat = "42 (a b) c) S" + " 0".repeat(10) + " 150 50" + " 0".repeat(30);
        Files.writeString(self.resolve("stat"), stat);
        Files.writeString(self.resolve("status"), "Name:\tx\nVmSize:\t    2048 kB\nVmRSS:\t    1024 kB\n");
        Files.writeString(self.resolve("limits"), """
                Limit                     Soft       Hard       Units
                Max open files            20000      30000      files
                Max address space         unlimited  unlimited  bytes
                """);
        Path network = Files.createDirectories(self.resolve("net"));
        Files.writeString(network.resolve("netstat"), """
                TcpExt: A B
                TcpExt: 1 2
                IpExt: InMcastPkts InOctets OutOctets
                IpExt: 0 12345 678
                """);
        Files.createDirectories(self.resolve("fd").resolve("0"));

        assertThat(page(new ProcessMetrics(self, Instant.ofEpochMilli(1_500))))
                .contains("process_start_time_seconds 1.5\n")
                .contains("process_cpu_seconds_total 2\n")
                .contains("process_virtual_memory_bytes 2.097152e+06\n")
                .contains("process_resident_memory_bytes 1.048576e+06\n")
                .contains("process_open_fds 1\n")
                .contains("process_virtual_memory_max_bytes 1.8446744073709552e+19\n")
                .contains("process_network_receive_bytes_total 12345\n")
                .contains("process_network_transmit_bytes_total 678\n")
                .contains("process_max_fds 20000\n");
    }

    @Test
    void leavesOutWhatTheSystemDoesNotTell(@TempDir Path self) {
        assertThat(page(new ProcessMetrics(self, Instant.ofEpochMilli(1_500))))
                .contains("process_start_time_seconds 1.5\n")
                .doesNotContain("process_resident_memory_bytes");
    }
}
