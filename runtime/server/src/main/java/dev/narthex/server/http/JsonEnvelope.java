// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.io.IOException;
import java.util.List;

/** The envelope around every answer of the Prometheus API (Prometheus documentation, "HTTP API", format overview). */
public final class JsonEnvelope {
    private JsonEnvelope() {}

    /** Writes the value of {@code data}. */
    @FunctionalInterface
    public interface Data {
        void writeTo(JsonWriter json) throws IOException;
    }

    public static Response success(Data data) {
        return success(data, List.of(), List.of());
    }

    /** An answer with data, and with warnings and infos where there are any. */
    public static Response success(Data data, List<String> warnings, List<String> infos) {
        return Response.of(200, Response.JSON, out -> {
            JsonWriter json = new JsonWriter(out);
            json.beginObject().member("status", "success").name("data");
            data.writeTo(json);
            notes(json, "warnings", warnings);
            notes(json, "infos", infos);
            json.endObject().flush();
        });
    }

    public static Response error(ErrorType type, String message) {
        return Response.of(
                type.status(),
                Response.JSON,
                out -> new JsonWriter(out)
                        .beginObject()
                        .member("status", "error")
                        .member("errorType", type.text())
                        .member("error", message)
                        .endObject()
                        .flush());
    }

    private static void notes(JsonWriter json, String name, List<String> notes) throws IOException {
        if (!notes.isEmpty()) {
            json.name(name).strings(notes);
        }
    }
}
