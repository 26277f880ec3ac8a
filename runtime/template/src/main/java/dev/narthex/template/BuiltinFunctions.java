// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions every template has (Go documentation, text/template, "Functions"). */
final class BuiltinFunctions {
    /** The name of a function that the evaluator evaluates itself, argument by argument. */
    static final String AND = "and";

    /** The name of a function that the evaluator evaluates itself, argument by argument. */
    static final String OR = "or";

    static final Map<String, TemplateFunction> ALL = Map.ofEntries(
            Map.entry(AND, TemplateFunction.variadic(List::getFirst, Parameter.ANY, Parameter.ANY)),
            Map.entry(OR, TemplateFunction.variadic(List::getFirst, Parameter.ANY, Parameter.ANY)),
            Map.entry("not", TemplateFunction.of(a -> !GoValues.isTrue(a.getFirst()), Parameter.ANY)),
            Map.entry("call", TemplateFunction.variadic(BuiltinFunctions::call, Parameter.ANY, Parameter.ANY)),
            Map.entry("len", TemplateFunction.of(a -> length(a.getFirst()), Parameter.ANY)),
            Map.entry("index", TemplateFunction.variadic(BuiltinFunctions::index, Parameter.ANY, Parameter.ANY)),
            Map.entry("slice", TemplateFunction.variadic(BuiltinFunctions::slice, Parameter.ANY, Parameter.ANY)),
            Map.entry("print", TemplateFunction.variadic(GoPrinter::print, Parameter.ANY)),
            Map.entry("println", TemplateFunction.variadic(GoPrinter::printLine, Parameter.ANY)),
            Map.entry(
                    "printf",
                    TemplateFunction.variadic(
                            a -> GoPrinter.format((String) a.getFirst(), a.subList(1, a.size())),
                            Parameter.ANY,
                            Parameter.STRING)),
            Map.entry("html", TemplateFunction.variadic(a -> Escapes.html(joined(a)), Parameter.ANY)),
            Map.entry("js", TemplateFunction.variadic(a -> Escapes.javaScript(joined(a)), Parameter.ANY)),
            Map.entry("urlquery", TemplateFunction.variadic(a -> query(joined(a)), Parameter.ANY)),
            Map.entry("eq", TemplateFunction.variadic(BuiltinFunctions::equal, Parameter.ANY, Parameter.ANY)),
            Map.entry(
                    "ne", TemplateFunction.of(a -> !GoValues.equal(a.get(0), a.get(1)), Parameter.ANY, Parameter.ANY)),
            Map.entry("lt", TemplateFunction.of(a -> GoValues.less(a.get(0), a.get(1)), Parameter.ANY, Parameter.ANY)),
            Map.entry(
                    "le",
                    TemplateFunction.of(
                            a -> GoValues.less(a.get(0), a.get(1)) || GoValues.equal(a.get(0), a.get(1)),
                            Parameter.ANY,
                            Parameter.ANY)),
            Map.entry(
                    "gt",
                    TemplateFunction.of(
                            a -> !GoValues.less(a.get(0), a.get(1)) && !GoValues.equal(a.get(0), a.get(1)),
                            Parameter.ANY,
                            Parameter.ANY)),
            Map.entry(
                    "ge", TemplateFunction.of(a -> !GoValues.less(a.get(0), a.get(1)), Parameter.ANY, Parameter.ANY)));

    private BuiltinFunctions() {}

    static Set<String> withNames(Set<String> names) {
        Set<String> all = new HashSet<>(ALL.keySet());
        all.addAll(names);
        return all;
    }

    static Map<String, TemplateFunction> with(Map<String, TemplateFunction> functions) {
        Map<String, TemplateFunction> all = new HashMap<>(ALL);
        all.putAll(functions);
        return all;
    }

    /** The form-urlencoded text, as Go's {@code QueryEscape}. */
    static String query(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String joined(List<@Nullable Object> arguments) {
        return arguments.size() == 1 && arguments.getFirst() instanceof String text ? text : GoPrinter.print(arguments);
    }

    private static Object call(List<@Nullable Object> arguments) {
        Object function = arguments.getFirst();
        if (function == null) {
            throw new FunctionException("call of nil");
        }
        throw new FunctionException("non-function " + GoPrinter.text(function) + " of type " + GoValues.type(function));
    }

    private static Object equal(List<@Nullable Object> arguments) {
        if (arguments.size() == 1) {
            throw new FunctionException("missing argument for comparison");
        }
        for (Object other : arguments.subList(1, arguments.size())) {
            if (GoValues.equal(arguments.getFirst(), other)) {
                return true;
            }
        }
        return false;
    }

    private static Object length(@Nullable Object value) {
        return switch (value) {
            case null -> throw new FunctionException("reflect: call of reflect.Value.Type on zero Value");
            case String text -> (long) text.getBytes(StandardCharsets.UTF_8).length;
            case SafeText text -> (long) text.text().getBytes(StandardCharsets.UTF_8).length;
            case GoMap map -> (long) map.entries().size();
            case GoList list -> (long) list.items().size();
            default -> throw new FunctionException("len of type " + GoValues.type(value));
        };
    }

    private static @Nullable Object index(List<@Nullable Object> arguments) {
        Object value = arguments.getFirst();
        if (value == null) {
            throw new FunctionException("index of untyped nil");
        }
        for (Object key : arguments.subList(1, arguments.size())) {
            value = switch (value) {
                case null -> throw new FunctionException("index of nil pointer");
                case GoMap map -> map.get(mapKey(key));
                case GoList list -> list.items().get(position(key, list.items().size()));
                case String text -> {
                    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                    yield (long) (bytes[position(key, bytes.length)] & 0xff);
                }
                default -> throw new FunctionException("can't index item of type " + GoValues.type(value));
            };
        }
        return value;
    }

    private static String mapKey(@Nullable Object key) {
        if (key instanceof String text) {
            return text;
        }
        throw new FunctionException(
                key == null
                        ? "value is nil; should be of type string"
                        : "value has type " + GoValues.type(key) + "; should be string");
    }

    private static int position(@Nullable Object index, int size) {
        if (!(index instanceof Long number)) {
            throw new FunctionException(
                    index == null
                            ? "cannot index slice/array with nil"
                            : "cannot index slice/array with type " + GoValues.type(index));
        }
        if (number < 0 || number >= size) {
            throw new FunctionException("index out of range: " + number);
        }
        return number.intValue();
    }

    private static Object slice(List<@Nullable Object> arguments) {
        Object value = arguments.getFirst();
        List<@Nullable Object> bounds = arguments.subList(1, arguments.size());
        if (value == null) {
            throw new FunctionException("slice of untyped nil");
        }
        if (bounds.size() > 3) {
            throw new FunctionException("too many slice indexes: " + bounds.size());
        }
        if (bounds.size() == 3 && value instanceof String) {
            throw new FunctionException("cannot 3-index slice a string");
        }
        return switch (value) {
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                int[] range = range(bounds, bytes.length);
                yield new String(bytes, range[0], range[1] - range[0], StandardCharsets.UTF_8);
            }
            case GoList list -> {
                int[] range = range(bounds, list.items().size());
                yield new GoList(list.goType(), list.items().subList(range[0], range[1]));
            }
            default -> throw new FunctionException("can't slice item of type " + GoValues.type(value));
        };
    }

    private static int[] range(List<@Nullable Object> bounds, int size) {
        int from = bounds.isEmpty() ? 0 : position(bounds.get(0), size + 1);
        int to = bounds.size() < 2 ? size : position(bounds.get(1), size + 1);
        if (from > to) {
            throw new FunctionException("invalid slice index: " + from + " > " + to);
        }
        return new int[] {from, to};
    }
}
