// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.QuotedString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a template (Go documentation, text/template; option {@code missingkey=zero}). For one thread.
 *
 * <p>A template of one user must not hold up the rules of others, so that steps, depth and output are limited.
 */
final class Evaluator {
    private static final int MAX_DEPTH = 500;
    private static final int MAX_STEPS = 5_000_000;
    private static final int MAX_OUTPUT = 4 << 20;

    /** The argument that a pipeline hands to its next command where there is none. */
    private static final Object NOTHING = new Object();

    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private record Binding(String name, @Nullable Object value) {}

    private final Source source;
    private final Map<String, List<Node.Statement>> templates;
    private final Map<String, TemplateFunction> functions;
    private final StringBuilder out = new StringBuilder();
    private String template;
    private List<Binding> variables = new ArrayList<>();
    private Node here = new Node.Dot(0);
    private int depth;
    private int steps;

    Evaluator(Source source, Map<String, List<Node.Statement>> templates, Map<String, TemplateFunction> functions) {
        this.source = source;
        this.templates = templates;
        this.functions = functions;
        this.template = source.name();
    }

    String run(@Nullable Object data, List<String> names, List<? extends @Nullable Object> values) {
        variables.add(new Binding("$", data));
        for (int i = 0; i < names.size(); i++) {
            variables.add(new Binding(names.get(i), values.get(i)));
        }
        try {
            walk(data, templates.getOrDefault(source.name(), List.of()));
        } catch (StackOverflowError _) {
            // Templates that call each other from deep within.
            throw error("nested too deep");
        }
        return out.toString();
    }

    private Flow walk(@Nullable Object dot, List<Node.Statement> statements) {
        for (Node.Statement statement : statements) {
            Flow flow = walk(dot, statement);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow walk(@Nullable Object dot, Node.Statement statement) {
        here = statement;
        if (++steps > MAX_STEPS) {
            throw error("exceeded " + MAX_STEPS + " steps");
        }
        switch (statement) {
            case Node.Text(int _, String text) -> write(text);
            case Node.Action action -> {
                Object value = pipeline(dot, action.pipeline());
                if (action.pipeline().variables().isEmpty()) {
                    write(value == null ? "<no value>" : GoPrinter.text(value));
                }
            }
            case Node.If branch -> {
                return scoped(() -> GoValues.isTrue(pipeline(dot, branch.condition()))
                        ? walk(dot, branch.then())
                        : walk(dot, branch.otherwise()));
            }
            case Node.With branch -> {
                return scoped(() -> {
                    Object value = pipeline(dot, branch.value());
                    return GoValues.isTrue(value) ? walk(value, branch.then()) : walk(dot, branch.otherwise());
                });
            }
            case Node.Range range -> {
                return scoped(() -> range(dot, range));
            }
            case Node.Break _ -> {
                return Flow.BREAK;
            }
            case Node.Continue _ -> {
                return Flow.CONTINUE;
            }
            case Node.Invocation invocation -> invoke(dot, invocation);
        }
        return Flow.ON;
    }

    private Flow scoped(Supplier<Flow> body) {
        int scope = variables.size();
        Flow flow = body.get();
        dropVariables(scope);
        return flow;
    }

    private void dropVariables(int size) {
        variables.subList(size, variables.size()).clear();
    }

    private void write(String text) {
        if (out.length() + text.length() > MAX_OUTPUT) {
            throw error("exceeded " + MAX_OUTPUT + " characters of output");
        }
        out.append(text);
    }

    private Flow range(@Nullable Object dot, Node.Range range) {
        Object values = pipeline(dot, range.values());
        int scope = variables.size();
        boolean any = false;
        switch (values) {
            case null -> {}
            case Long count -> {
                for (long i = 0; i < count; i++) {
                    any = true;
                    if (iterate(range, scope, i, i)) {
                        break;
                    }
                }
            }
            case GoList list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    any = true;
                    if (iterate(range, scope, (long) i, list.items().get(i))) {
                        break;
                    }
                }
            }
            case GoMap map -> {
                for (Map.Entry<String, @Nullable Object> entry : map.entries().entrySet()) {
                    any = true;
                    if (iterate(range, scope, entry.getKey(), entry.getValue())) {
                        break;
                    }
                }
            }
            default -> throw error("range can't iterate over " + GoPrinter.text(values));
        }
        return any ? Flow.ON : walk(dot, range.otherwise());
    }

    /** Runs the body of a range once; true when it broke out. */
    private boolean iterate(Node.Range range, int scope, Object index, @Nullable Object element) {
        List<String> names = range.values().variables();
        // The pipeline has bound the last declared variables to the whole; they are bound anew for each element.
        int first = scope - (range.values().assigns() ? 0 : names.size());
        for (int i = 0; i < names.size(); i++) {
            Object value = i == names.size() - 1 ? element : index;
            if (range.values().assigns()) {
                assign(names.get(i), value);
            } else {
                variables.set(first + i, new Binding(names.get(i), value));
            }
        }
        if (++steps > MAX_STEPS) {
            throw error("exceeded " + MAX_STEPS + " steps");
        }
        Flow flow = walk(element, range.body());
        dropVariables(scope);
        return flow == Flow.BREAK;
    }

    private void invoke(@Nullable Object dot, Node.Invocation invocation) {
        List<Node.Statement> body = templates.get(invocation.name());
        if (body == null) {
            throw error("template " + QuotedString.of(invocation.name()) + " not defined");
        }
        if (depth == MAX_DEPTH) {
            throw error("exceeded maximum template depth (" + MAX_DEPTH + ")");
        }
        Object data = invocation.data() == null ? null : pipeline(dot, invocation.data());
        List<Binding> outer = variables;
        String outerTemplate = template;
        variables = new ArrayList<>(List.of(new Binding("$", data)));
        template = invocation.name();
        depth++;
        walk(data, body);
        depth--;
        template = outerTemplate;
        variables = outer;
    }

    private @Nullable Object pipeline(@Nullable Object dot, Node.Pipeline pipeline) {
        here = pipeline;
        Object value = NOTHING;
        for (Node.Command command : pipeline.commands()) {
            value = command(dot, command, value);
        }
        for (String name : pipeline.variables()) {
            if (pipeline.assigns()) {
                assign(name, value);
            } else {
                variables.add(new Binding(name, value));
            }
        }
        return value;
    }

    private void assign(String name, @Nullable Object value) {
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.get(i).name().equals(name)) {
                variables.set(i, new Binding(name, value));
                return;
            }
        }
        throw error("undefined variable: " + name);
    }

    private @Nullable Object command(@Nullable Object dot, Node.Command command, @Nullable Object last) {
        List<Node.Operand> operands = command.operands();
        Node.Operand first = operands.getFirst();
        boolean hasArguments = operands.size() > 1 || last != NOTHING;
        return switch (first) {
            case Node.Fields _, Node.Chain _, Node.Variable _, Node.Function _ -> operand(dot, first, command, last);
            case Node.Pipeline inner -> {
                checkNoArguments(inner, hasArguments);
                yield pipeline(dot, inner);
            }
            case Node.Bool _, Node.Dot _, Node.Nil _, Node.Constant _, Node.TextConstant _ -> {
                here = first;
                checkNoArguments(first, hasArguments);
                if (first instanceof Node.Nil) {
                    throw error("nil is not a command");
                }
                yield constant(dot, first);
            }
        };
    }

    private void checkNoArguments(Node.Operand operand, boolean hasArguments) {
        if (hasArguments) {
            throw error("can't give argument to non-function " + operand);
        }
    }

    private static @Nullable Object constant(@Nullable Object dot, Node.Operand operand) {
        return switch (operand) {
            case Node.Bool(int _, boolean value) -> value;
            case Node.Constant(int _, String _, Object value) -> value;
            case Node.TextConstant(int _, String _, String value) -> value;
            case Node.Dot _ -> dot;
            case Node.Nil _, Node.Fields _, Node.Variable _, Node.Chain _, Node.Function _, Node.Pipeline _ -> null;
        };
    }

    /** The value of an operand that may take the arguments of its command. */
    private @Nullable Object operand(
            @Nullable Object dot, Node.Operand operand, Node.Command command, @Nullable Object last) {
        here = operand;
        return switch (operand) {
            case Node.Fields(int _, List<String> names) -> fields(dot, dot, names, command, last);
            case Node.Variable(int _, String name, List<String> names) -> {
                Object value = variable(name);
                if (names.isEmpty()) {
                    checkNoArguments(operand, command.operands().size() > 1 || last != NOTHING);
                    yield value;
                }
                yield fields(dot, value, names, command, last);
            }
            case Node.Chain(int _, Node.Operand of, List<String> names) ->
                fields(dot, argument(dot, Parameter.ANY, of), names, command, last);
            case Node.Function(int _, String name) -> {
                TemplateFunction function = functions.get(name);
                if (function == null) {
                    throw error(QuotedString.of(name) + " is not a defined function");
                }
                yield call(dot, name, function, command, last);
            }
            case Node.Pipeline inner -> pipeline(dot, inner);
            case Node.Bool _, Node.Dot _, Node.Nil _, Node.Constant _, Node.TextConstant _ -> constant(dot, operand);
        };
    }

    private @Nullable Object variable(String name) {
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.get(i).name().equals(name)) {
                return variables.get(i).value();
            }
        }
        throw error("undefined variable: " + name);
    }

    private @Nullable Object fields(
            @Nullable Object dot,
            @Nullable Object start,
            List<String> names,
            Node.Command command,
            @Nullable Object last) {
        Object value = start;
        Node.Command alone =
                new Node.Command(command.position(), command.operands().subList(0, 1));
        for (int i = 0; i < names.size() - 1; i++) {
            value = field(dot, value, names.get(i), alone, NOTHING);
        }
        return field(dot, value, names.getLast(), command, last);
    }

    private @Nullable Object field(
            @Nullable Object dot, @Nullable Object receiver, String name, Node.Command command, @Nullable Object last) {
        if (receiver == null) {
            throw error("nil data; no entry for key " + QuotedString.of(name));
        }
        Map<String, TemplateFunction> methods = switch (receiver) {
            case GoStruct struct -> struct.methods();
            case GoTime _ -> TimeMethods.ofTime(receiver);
            case GoDuration _ -> TimeMethods.ofDuration(receiver);
            default -> Map.of();
        };
        TemplateFunction method = methods.get(name);
        if (method != null) {
            return call(dot, name, method, command, last);
        }
        boolean isField = receiver instanceof GoMap
                || (receiver instanceof GoStruct struct && struct.fields().containsKey(name));
        if (!isField) {
            throw error("can't evaluate field " + name + " in type " + GoValues.type(receiver));
        }
        if (command.operands().size() > 1 || last != NOTHING) {
            throw error(
                    (receiver instanceof GoMap
                            ? name + " is not a method but has arguments"
                            : name + " has arguments but cannot be invoked as function"));
        }
        return receiver instanceof GoMap map
                ? map.get(name)
                : ((GoStruct) receiver).fields().get(name);
    }

    private @Nullable Object call(
            @Nullable Object dot, String name, TemplateFunction function, Node.Command command, @Nullable Object last) {
        List<Node.Operand> given =
                command.operands().subList(1, command.operands().size());
        int count = given.size() + (last == NOTHING ? 0 : 1);
        int wanted = function.parameters().size();
        if (function.rest() == null ? count != wanted : count < wanted) {
            throw error("wrong number of args for " + name + ": want " + (function.rest() == null ? "" : "at least ")
                    + wanted + " got " + count);
        }
        boolean or = name.equals(BuiltinFunctions.OR);
        if (or || name.equals(BuiltinFunctions.AND)) {
            return firstDeciding(dot, or, given, last);
        }
        List<@Nullable Object> arguments = new ArrayList<>(count);
        for (int i = 0; i < given.size(); i++) {
            arguments.add(argument(dot, function.parameter(i), given.get(i)));
        }
        if (last != NOTHING) {
            arguments.add(checked(function.parameter(given.size()), last));
        }
        try {
            return function.body().call(arguments);
        } catch (FunctionException e) {
            here = command;
            throw error("error calling " + name + ": " + e.getMessage());
        }
    }

    /** Evaluates arguments until one decides, as {@code and} and {@code or} do. */
    private @Nullable Object firstDeciding(
            @Nullable Object dot, boolean deciding, List<Node.Operand> given, @Nullable Object last) {
        Object value = null;
        for (Node.Operand operand : given) {
            value = argument(dot, Parameter.ANY, operand);
            if (GoValues.isTrue(value) == deciding) {
                return value;
            }
        }
        return last == NOTHING ? value : last;
    }

    private @Nullable Object argument(@Nullable Object dot, Parameter parameter, Node.Operand operand) {
        here = operand;
        Node.Command alone = new Node.Command(operand.position(), List.of(operand));
        return switch (operand) {
            case Node.Dot _ -> checked(parameter, dot);
            case Node.Nil _ -> {
                if (parameter == Parameter.STRING) {
                    throw error("cannot assign nil to " + parameter.goType());
                }
                yield null;
            }
            case Node.Fields _, Node.Variable _, Node.Chain _, Node.Function _, Node.Pipeline _ ->
                checked(parameter, operand(dot, operand, alone, NOTHING));
            case Node.Bool _, Node.Constant _, Node.TextConstant _ -> {
                Object value = constant(dot, operand);
                if (!parameter.takes(value)) {
                    throw error(
                            parameter.constant().isEmpty()
                                    ? "can't handle " + operand + " for arg of type " + parameter.goType()
                                    : "expected " + parameter.constant() + "; found " + operand);
                }
                yield value;
            }
        };
    }

    private @Nullable Object checked(Parameter parameter, @Nullable Object value) {
        if (parameter.takes(value)) {
            return value;
        }
        throw error(
                value == null
                        ? "invalid value; expected " + parameter.goType()
                        : "wrong type for value; expected " + parameter.goType() + "; got " + GoValues.type(value));
    }

    private TemplateException error(String message) {
        return source.executionError(here.position(), template, here.toString(), message);
    }
}
