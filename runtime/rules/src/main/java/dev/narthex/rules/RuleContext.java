// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.Labels;
import dev.narthex.template.TemplateExpander;
import dev.narthex.template.TemplateQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What rules need beside their own configuration.
 *
 * @param queries evaluates expressions
 * @param expander expands templates
 * @param externalLabels of the server
 * @param externalUrl the address under which people reach the server, without a slash at its end
 * @param observer is told of templates
 */
record RuleContext(
        QueryFunction queries,
        TemplateExpander expander,
        Labels externalLabels,
        String externalUrl,
        RuleObserver observer) {
    static RuleContext of(QueryFunction queries, Labels externalLabels, String externalUrl, RuleObserver observer) {
        TemplateQuery templateQueries = (expression, timestampMs) -> queries.query(expression, timestampMs).stream()
                .map(sample -> new TemplateQuery.Sample(sample.labels(), sample.value()))
                .toList();
        return new RuleContext(
                queries, new TemplateExpander(templateQueries, externalUrl), externalLabels, externalUrl, observer);
    }

    /** Where people can look at an expression. */
    String generatorUrl(String expr) {
        return externalUrl + "/graph?g0.expr="
                + URLEncoder.encode(expr, StandardCharsets.UTF_8)
                        .replace("*", "%2A")
                        .replace("%7E", "~") + "&g0.tab=1";
    }
}
