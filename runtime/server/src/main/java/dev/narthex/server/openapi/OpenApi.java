// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.openapi;

import dev.narthex.config.yaml.YamlWriter;
import dev.narthex.server.build.BuildVersion;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/openapi.yaml}: what the API takes and gives, for programs to read. */
public final class OpenApi {
    private static final String NEWER = "3.2";

    private OpenApi() {}

    /** {@code openapi_version}: 3.2, or 3.1 for all else. */
    public static Response describe(Request request) {
        boolean isNewer = request.parameter("openapi_version").equals(NEWER);
        byte[] text = YamlWriter.write(document(isNewer)).getBytes(StandardCharsets.UTF_8);
        return Response.of(200, "application/yaml; charset=utf-8", out -> out.write(text))
                .withHeader("Cache-Control", "no-cache, no-store, must-revalidate")
                .withHeader("Vary", "");
    }

    private static Map<String, Object> document(boolean isNewer) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("title", "Narthex API");
        info.put(
                "description",
                "The HTTP API of Narthex, which is that of Prometheus. Beside it, Alertmanager's is at /api/v2.");
        info.put("version", BuildVersion.version());
        Map<String, Object> paths = new LinkedHashMap<>();
        Map<String, Object> tags = new LinkedHashMap<>();
        for (Operation operation : Operations.all(isNewer)) {
            paths.put(operation.path(), operation.tree());
            tags.putIfAbsent(operation.tag(), Map.of("name", operation.tag()));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", isNewer ? "3.2.0" : "3.1.0");
        document.put("info", info);
        document.put("servers", List.of(Map.of("url", "/api/v1")));
        document.put("tags", List.copyOf(tags.values()));
        document.put("paths", paths);
        document.put("components", Map.of("schemas", Schemas.named()));
        return document;
    }
}
