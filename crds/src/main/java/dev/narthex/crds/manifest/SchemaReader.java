// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.narthex.config.yaml.NearName;
import dev.narthex.config.yaml.YamlNode;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns YAML into JSON values and holds them to a schema, as the API server does. */
final class SchemaReader {
    private static final int SHOWN = 200;
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,18}");
    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");

    /** Takes what is wrong. */
    @FunctionalInterface
    interface Report {
        void problem(int line, int column, String path, String message);
    }

    private final Report report;

    SchemaReader(Report report) {
        this.report = report;
    }

    /** The value, with null in the place of what does not fit the schema. */
    JsonNode read(YamlNode node, FieldSchema schema, String path) {
        if (node instanceof YamlNode.Scalar scalar && scalar.isNull()) {
            return NullNode.getInstance();
        }
        return switch (schema.type()) {
            case "object" ->
                node instanceof YamlNode.Mapping mapping
                        ? readObject(mapping, schema, path)
                        : wrongKind(node, path, "a mapping");
            case "array" ->
                node instanceof YamlNode.Sequence sequence
                        ? readArray(sequence, schema, path)
                        : wrongKind(node, path, "a list");
            default ->
                node instanceof YamlNode.Scalar scalar
                        ? readScalar(scalar, schema, path)
                        : wrongKind(node, path, "a single value");
        };
    }

    private JsonNode wrongKind(YamlNode node, String path, String wanted) {
        report.problem(node.line(), node.column(), path, "must be " + wanted + ", found " + node.kind());
        return NullNode.getInstance();
    }

    private JsonNode readObject(YamlNode.Mapping mapping, FieldSchema schema, String path) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        Set<String> present = new HashSet<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            String childPath = path + "." + entry.key();
            FieldSchema child =
                    schema.isMap() ? schema.values() : schema.properties().get(entry.key());
            if (child == null) {
                report.problem(
                        entry.line(),
                        entry.column(),
                        childPath,
                        "unknown field"
                                + NearName.hint(entry.key(), schema.properties().keySet()));
                continue;
            }
            JsonNode value = read(entry.value(), child, childPath);
            if (!value.isNull()) {
                present.add(entry.key());
                object.set(entry.key(), value);
            } else if (entry.value() instanceof YamlNode.Mapping || entry.value() instanceof YamlNode.Sequence) {
                present.add(entry.key());
            } else if (entry.value() instanceof YamlNode.Scalar scalar && !scalar.isNull()) {
                present.add(entry.key());
            }
        }
        for (String required : schema.required()) {
            if (!present.contains(required)) {
                report.problem(mapping.line(), mapping.column(), path + "." + required, "is missing; it is required");
            }
        }
        if (schema.isMap()) {
            checkSize(mapping, mapping.entries().size(), schema, path, "entries");
        }
        return object;
    }

    private JsonNode readArray(YamlNode.Sequence sequence, FieldSchema schema, String path) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        FieldSchema items = Objects.requireNonNull(schema.values());
        for (int i = 0; i < sequence.items().size(); i++) {
            array.add(read(sequence.items().get(i), items, path + "[" + i + "]"));
        }
        checkSize(sequence, array.size(), schema, path, "items");
        return array;
    }

    private JsonNode readScalar(YamlNode.Scalar scalar, FieldSchema schema, String path) {
        String text = scalar.text();
        boolean bool = scalar.plain() && (text.equals("true") || text.equals("false"));
        boolean integer = scalar.plain() && INTEGER.matcher(text).matches();
        boolean number = integer || (scalar.plain() && NUMBER.matcher(text).matches());
        String found = bool ? "a boolean" : integer ? "an integer" : number ? "a number" : "a text";
        return switch (schema.type()) {
            case "boolean" ->
                bool ? BooleanNode.valueOf(text.equals("true")) : wrongType(scalar, path, "true or false", "", found);
            case "integer" ->
                integer ? bounded(scalar, schema, path) : wrongType(scalar, path, "an integer", "", found);
            case "number" ->
                number ? DecimalNode.valueOf(new BigDecimal(text)) : wrongType(scalar, path, "a number", "", found);
            case "string" ->
                bool || number
                        ? wrongType(scalar, path, "a text", "; put it in quotes", found)
                        : text(scalar, schema, path);
            default -> {
                if (bool || (number && !integer)) {
                    yield wrongType(scalar, path, "an integer or a text", "", found);
                }
                yield integer ? bounded(scalar, schema, path) : text(scalar, schema, path);
            }
        };
    }

    private JsonNode wrongType(YamlNode.Scalar scalar, String path, String wanted, String advice, String found) {
        report.problem(
                scalar.line(),
                scalar.column(),
                path,
                "must be " + wanted + ", found " + found + " " + shown(scalar.text()) + advice);
        return NullNode.getInstance();
    }

    private JsonNode bounded(YamlNode.Scalar scalar, FieldSchema schema, String path) {
        long value = Long.parseLong(scalar.text());
        if (value < schema.minimum() || value > schema.maximum()) {
            String accepted = schema.maximum() == Double.POSITIVE_INFINITY
                    ? (long) schema.minimum() + " or more"
                    : (long) schema.minimum() + " to " + (long) schema.maximum();
            report.problem(scalar.line(), scalar.column(), path, "out of range, found " + value + "; " + accepted);
        }
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    private JsonNode text(YamlNode.Scalar scalar, FieldSchema schema, String path) {
        String text = scalar.text();
        checkSize(scalar, text.codePointCount(0, text.length()), schema, path, "characters");
        if (!schema.allowed().isEmpty() && !schema.allowed().contains(text)) {
            report.problem(
                    scalar.line(),
                    scalar.column(),
                    path,
                    "not accepted, found " + shown(text) + NearName.hint(text, schema.allowed()));
        }
        Pattern pattern = schema.pattern();
        if (pattern != null && !pattern.matcher(text).find()) {
            report.problem(
                    scalar.line(),
                    scalar.column(),
                    path,
                    "has the wrong form, found " + shown(text) + "; it must match " + pattern);
        }
        return TextNode.valueOf(text);
    }

    private void checkSize(YamlNode node, long size, FieldSchema schema, String path, String unit) {
        if (size < schema.minSize()) {
            report.problem(
                    node.line(), node.column(), path, "has " + size + " " + unit + "; at least " + schema.minSize());
        } else if (size > schema.maxSize()) {
            report.problem(
                    node.line(), node.column(), path, "has " + size + " " + unit + "; at most " + schema.maxSize());
        }
    }

    private static String shown(String text) {
        return '"' + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…") + '"';
    }
}
