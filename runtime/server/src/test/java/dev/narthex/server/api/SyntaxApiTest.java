// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Queries as texts and as trees, byte for byte as Prometheus 3.15 answered: {@code answers.txt} has the query, the answer of
 * {@code format_query} and that of {@code parse_query}, each on a line.
 */
class SyntaxApiTest {
    private static final Path RECORDED = Path.of("src", "test", "resources", "golden", "syntax", "answers.txt");

    /**
     * Prometheus shows conditions on the metric name in an order of its own, and bytes that are no UTF-8 as an escape where
     * this server has replaced them before.
     */
    private static boolean isOtherwise(String query) {
        return query.startsWith("{\"foo\"")
                || query.startsWith("{__name__=\"foo\", __name__")
                || query.contains("\\xff");
    }

    private final PromqlEngine engine =
            new PromqlEngine(PromqlEngineConfig.defaults().withFeatures(EnumSet.allOf(PromqlFeature.class)), () -> 0);
    private final SyntaxApi api = new SyntaxApi(() -> engine);

    private static String answer(Function<Request, Response> endpoint, String query) {
        String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
        try {
            return Answers.text(endpoint.apply(Request.get("/api/v1/x", "query=" + encoded)));
        } catch (Exception e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void answersAsPrometheus() throws IOException {
        List<String> lines = Files.readAllLines(RECORDED);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < lines.size(); i += 3) {
            String query = lines.get(i);
            String formatted = answer(api::format, query);
            String tree = answer(api::tree, query);
            if (!isOtherwise(query) && !formatted.equals(lines.get(i + 1))) {
                differences.add(query + "\n  " + formatted + "\n  " + lines.get(i + 1));
            }
            if (!isOtherwise(query) && !tree.equals(lines.get(i + 2))) {
                differences.add(query + "\n  " + tree + "\n  " + lines.get(i + 2));
            }
        }
        assertThat(lines.size() / 3).isGreaterThan(500);
        assertThat(differences).isEmpty();
    }

    @Test
    void refusesWhatIsNoQuery() {
        assertThatThrownBy(() -> api.format(Request.get("/api/v1/format_query", "query=sum(")))
                .hasMessage("invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis");
        assertThatThrownBy(() -> api.tree(Request.get("/api/v1/parse_query", "")))
                .hasMessage("invalid parameter \"query\": unknown position: parse error: no expression found in input");
        assertThatThrownBy(() -> api.tree(Request.get("/api/v1/parse_query", "query=a%20%2B%20fill(NaN)%20b")))
                .hasMessageContaining("not finite");
    }
}
