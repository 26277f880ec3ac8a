// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

/** Expands the templates of alerting rules. Safe for use by many threads. */
public final class TemplateExpander {
    private final TemplateQuery query;
    private final String externalUrl;

    /**
     * Makes an expander.
     *
     * @param query answers the template function {@code query}
     * @param externalUrl the address under which people reach the server, empty where there is none
     */
    public TemplateExpander(TemplateQuery query, String externalUrl) {
        this.query = query;
        this.externalUrl = externalUrl;
    }

    /**
     * Expands a template.
     *
     * @param timestampMs the evaluation time, at which its queries are evaluated, milliseconds since 1970
     * @throws TemplateException when it fails, with the position and Prometheus' words
     */
    public String expand(AlertTemplate template, AlertTemplateValues values, long timestampMs) {
        Template parsed = template.template();
        if (parsed == null) {
            return template.text();
        }
        GoStruct data = values.data(externalUrl);
        return parsed.execute(
                PrometheusFunctions.bind(query, externalUrl, timestampMs), data, AlertTemplateValues.variables(data));
    }
}
