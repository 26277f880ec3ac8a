// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What can be done at a path.
 *
 * @param path below {@code /api/v1}
 * @param methods in small letters
 * @param id unlike any other; methods beyond the first get theirs behind it
 * @param summary one sentence
 * @param answer what comes with status 200
 * @param parameters in their order
 * @param required those that must be there
 */
record Operation(
        String path,
        List<String> methods,
        String id,
        String tag,
        String summary,
        Answer answer,
        List<Parameter> parameters,
        Set<Parameter> required) {
    Operation {
        methods = List.copyOf(methods);
        parameters = List.copyOf(parameters);
        required = Set.copyOf(required);
    }

    /** The operations of the path, by method. */
    Map<String, Object> tree() {
        Map<String, Object> byMethod = new LinkedHashMap<>();
        for (String method : methods) {
            byMethod.put(method, tree(method));
        }
        return byMethod;
    }

    private Map<String, Object> tree(String method) {
        boolean isForm = method.equals("post") && methods.contains("get");
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("tags", List.of(tag));
        tree.put("summary", summary);
        tree.put("operationId", method.equals(methods.getFirst()) ? id : id + "-" + method);
        if (!isForm && !parameters.isEmpty()) {
            List<Object> inUrl = new ArrayList<>();
            parameters.forEach(parameter -> {
                boolean inPath = path.contains("{" + parameter.text() + "}");
                inUrl.add(parameter.inUrl(inPath || required.contains(parameter), inPath));
            });
            tree.put("parameters", inUrl);
        }
        if (isForm) {
            tree.put("requestBody", body("application/x-www-form-urlencoded", form(), !required.isEmpty()));
        } else if (answer.request() != null) {
            tree.put("requestBody", body(answer.request(), Map.of("type", "string", "format", "binary"), true));
        }
        tree.put("responses", answer.responses());
        return tree;
    }

    private Map<String, Object> form() {
        Map<String, Object> members = new LinkedHashMap<>();
        List<String> needed = new ArrayList<>();
        for (Parameter parameter : parameters) {
            members.put(parameter.text(), parameter.inForm());
            if (required.contains(parameter)) {
                needed.add(parameter.text());
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", members);
        if (!needed.isEmpty()) {
            schema.put("required", needed);
        }
        return schema;
    }

    private static Map<String, Object> body(String type, Map<String, Object> schema, boolean required) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("required", required);
        body.put("content", Map.of(type, Map.of("schema", schema)));
        return body;
    }
}
