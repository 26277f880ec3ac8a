// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The template of one label or annotation of an alerting rule, parsed once. It knows the functions of Prometheus and
 * the variables {@code $labels}, {@code $externalLabels}, {@code $externalURL} and {@code $value}. Immutable.
 */
public final class AlertTemplate {
    static final List<String> VARIABLES = List.of("$labels", "$externalLabels", "$externalURL", "$value");

    private final String name;
    private final String text;
    private final @Nullable Template template;

    private AlertTemplate(String name, String text, @Nullable Template template) {
        this.name = name;
        this.text = text;
        this.template = template;
    }

    /**
     * Parses the text.
     *
     * @param alert the name of the rule, which messages show as {@code __alert_<name>}
     * @throws TemplateException when it cannot be parsed, with the line
     */
    public static AlertTemplate parse(String alert, String text) {
        String name = "__alert_" + alert;
        boolean plain = text.indexOf("{{") < 0;
        return new AlertTemplate(
                name, text, plain ? null : Template.parse(name, text, PrometheusFunctions.NAMES, VARIABLES));
    }

    String name() {
        return name;
    }

    /** The text as it was written. */
    public String text() {
        return text;
    }

    /** The parsed template, null where the text has no action. */
    @Nullable
    Template template() {
        return template;
    }
}
