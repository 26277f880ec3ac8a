// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.testkit.golden.GoldenFile;
import dev.narthex.testkit.peers.PeerProcess;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recorded verdicts are those of a real Prometheus of 3.14 or later; with {@code -Dgolden.update=true} it records them
 * anew. An older one, which does not know all of the language, skips the test.
 */
class ParserVerdictsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void recordsWhatPrometheusSays(@TempDir Path directory) throws IOException {
        try (PeerProcess prometheus = PeerProcess.prometheus(
                "global: {}\n",
                directory,
                "--enable-feature=promql-experimental-functions,promql-extended-range-selectors,"
                        + "promql-binop-fill-modifiers")) {
            String probe = verdict(prometheus, "foo[step() + 1m]");
            Assumptions.assumeTrue(probe.startsWith("OK"), "this Prometheus is older than the language: " + probe);
            StringBuilder verdicts = new StringBuilder();
            for (String query : Verdicts.queries()) {
                verdicts.append(verdict(prometheus, query)).append('\n');
            }
            GoldenFile.of("syntax", "verdicts.txt").assertMatches(verdicts.toString());
        }
    }

    private static String verdict(PeerProcess prometheus, String query) throws IOException {
        String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
        JsonNode answer = JSON.readTree(
                prometheus.get("/api/v1/format_query?query=" + encoded).body());
        return answer.path("status").asText().equals("success")
                ? Verdicts.good(answer.path("data").asText())
                : Verdicts.bad(answer.path("error").asText().replace("invalid parameter \"query\": ", ""));
    }
}
