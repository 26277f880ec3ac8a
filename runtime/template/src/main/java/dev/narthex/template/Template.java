// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A parsed template with the templates that it defines. Immutable and safe for use by many threads. */
public final class Template {
    private final Source source;
    private final Map<String, List<Node.Statement>> templates;
    private final List<String> variables;

    private Template(Source source, Map<String, List<Node.Statement>> templates, List<String> variables) {
        this.source = source;
        this.templates = Map.copyOf(templates);
        this.variables = List.copyOf(variables);
    }

    /**
     * Parses a template.
     *
     * @param name starts every message
     * @param text the template
     * @param functions the names of the functions it may call, beside Go's own
     * @param variables the names of the variables it may use, each with a dollar sign
     * @throws TemplateException at the first error, with its line
     */
    public static Template parse(String name, String text, Set<String> functions, List<String> variables) {
        Source source = new Source(name, text);
        return new Template(source, Parser.parse(source, BuiltinFunctions.withNames(functions), variables), variables);
    }

    /**
     * Executes the template.
     *
     * @param functions at least those it was parsed with
     * @param data what dot is
     * @param values of the variables, in the order in which they were named
     * @return its output
     * @throws TemplateException when something fails, with the position
     */
    public String execute(
            Map<String, TemplateFunction> functions, @Nullable Object data, List<? extends @Nullable Object> values) {
        return new Evaluator(source, templates, BuiltinFunctions.with(functions)).run(data, variables, values);
    }
}
