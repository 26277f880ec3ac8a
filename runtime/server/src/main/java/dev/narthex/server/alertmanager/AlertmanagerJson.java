// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import dev.narthex.model.Labels;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Response;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** JSON in the forms of Alertmanager's API. */
final class AlertmanagerJson {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private AlertmanagerJson() {}

    /** Writes an answer. */
    @FunctionalInterface
    interface Answer {
        void writeTo(JsonWriter json) throws IOException;
    }

    static Response response(Answer answer) {
        return Response.of(200, Response.JSON, out -> {
            JsonWriter json = new JsonWriter(out);
            answer.writeTo(json);
            json.flush();
            out.write('\n');
        });
    }

    static void labels(JsonWriter json, Labels labels) throws IOException {
        json.beginObject();
        for (int i = 0; i < labels.size(); i++) {
            json.member(labels.name(i), labels.value(i));
        }
        json.endObject();
    }

    static void texts(JsonWriter json, Map<String, String> texts) throws IOException {
        json.beginObject();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.member(text.getKey(), text.getValue());
        }
        json.endObject();
    }

    /** In UTC with milliseconds. */
    static String time(Instant moment) {
        return TIME.format(moment);
    }
}
