// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator;

import dev.narthex.config.section.ResourceId;
import dev.narthex.crds.compile.ConfigurationCompiler;
import dev.narthex.model.time.WallClock;
import dev.narthex.operator.settings.OperatorSettings;
import dev.narthex.operator.status.StatusPacer;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.syntax.PromqlParser;
import dev.narthex.template.AlertTemplate;
import dev.narthex.template.TemplateException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;

/** Makes the objects that are not the operator's own. */
final class OperatorBeans {
    @Produces
    @Singleton
    InstantSource clock() {
        return WallClock.system();
    }

    @Produces
    @Singleton
    StatusPacer<ResourceId> pacer(OperatorSettings settings) {
        return new StatusPacer<>(settings.status().interval(), settings.status().grace());
    }

    @Produces
    @Singleton
    ConfigurationCompiler compiler() {
        return new ConfigurationCompiler(OperatorBeans::promqlProblem, OperatorBeans::templateProblem);
    }

    private static Optional<String> promqlProblem(String expression) {
        try {
            PromqlParser.parse(expression);
            return Optional.empty();
        } catch (PromqlParseException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    private static Optional<String> templateProblem(String text) {
        try {
            AlertTemplate.parse("rule", text);
            return Optional.empty();
        } catch (TemplateException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }
}
