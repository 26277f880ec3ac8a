// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random expressions are formatted as a real Prometheus of 3.14 or later does; an older one skips the test. */
class PrinterIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EXPRESSIONS = Integer.getInteger("printer.expressions", 1500);
    private static final Pattern SUBQUERY = Pattern.compile("\\[[^\\]]*:");

    /** Prometheus cuts durations within arithmetic and numbers to milliseconds, from floats: some lose one. */
    private static final int OPERAND_UNIT_MS = 1000;

    private static final long SEED = Long.getLong("printer.seed", 20_261_130L);

    @Test
    void formatsAsPrometheusDoes(@TempDir Path directory) throws IOException {
        Optional<Path> program = Peers.newestPrometheus();
        Assumptions.assumeTrue(program.isPresent(), "no Prometheus of 3.14 or later is built on this machine");
        try (PeerProcess prometheus = PeerProcess.prometheus(
                program.orElseThrow(),
                "global: {}\n",
                directory,
                "--enable-feature=promql-experimental-functions,promql-extended-range-selectors,"
                        + "promql-binop-fill-modifiers")) {
            Assumptions.assumeTrue(
                    format(prometheus, "foo[step() + 1m]").startsWith("foo["),
                    "this Prometheus is older than the language");
            RandomExpr random = new RandomExpr(SEED, OPERAND_UNIT_MS);
            List<String> differences = new ArrayList<>();
            for (int i = 0; i < EXPRESSIONS; i++) {
                Expr expr = random.next();
                String line = PromqlPrinter.print(expr);
                if (line.contains("\"inf\"")) {
                    continue; // Prometheus leaves out the quotes of such a label, and cannot read it again.
                }
                String theirs = format(prometheus, line);
                String ours = PrettyPrinter.print(expr);
                if (!indentationAside(theirs).equals(indentationAside(ours))) {
                    differences.add(line + "\n--- Prometheus\n" + theirs + "\n--- Narthex\n" + ours);
                }
            }
            assertThat(differences).as("-Dprinter.seed=" + SEED).isEmpty();
        }
    }

    /** Prometheus does not indent a subquery that stands on a line of its own. */
    private static String indentationAside(String formatted) {
        return SUBQUERY.matcher(formatted).find() ? formatted.replaceAll("(?m)^ +", "") : formatted;
    }

    private static String format(PeerProcess prometheus, String query) throws IOException {
        String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
        JsonNode answer = JSON.readTree(
                prometheus.get("/api/v1/format_query?query=" + encoded).body());
        return answer.path("data").asText(answer.path("error").asText());
    }
}
