// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import dev.narthex.promql.value.QueryStatistics;
import dev.narthex.server.http.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A line of the query log: a JSON object with the members that Prometheus writes, in its order. */
final class QueryLogLine {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final String NO_SPAN = "0".repeat(16);
    private static final String NO_TRACE = "0".repeat(32);

    private QueryLogLine() {}

    /**
     * Makes a line.
     *
     * @param time now
     * @param statistics of what was read, null where the query has failed
     * @param error why it has failed, empty where it has not
     * @return the line with its end
     */
    static byte[] of(
            Instant time, AskedQuery query, QueryTimings timings, @Nullable QueryStatistics statistics, String error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try {
            JsonWriter json = new JsonWriter(out);
            json.beginObject()
                    .member("time", time.toString())
                    .member("level", "INFO")
                    .member("source", "QueryLog")
                    .member("msg", "promql query logged")
                    .name("params")
                    .beginObject()
                    .member("end", TIME.format(Instant.ofEpochMilli(query.endMs())))
                    .name("query")
                    .text(query.text())
                    .member("start", TIME.format(Instant.ofEpochMilli(query.startMs())))
                    .member("step", query.stepMs() / 1000)
                    .endObject();
            if (!error.isEmpty()) {
                json.name("error").text(error);
            }
            StatisticsJson.write(json.name("stats"), timings, statistics, false);
            // There are no traces, which Prometheus writes like this.
            json.member("spanID", NO_SPAN).member("traceID", NO_TRACE);
            origin(json, query.origin());
            json.endObject().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.write('\n');
        return out.toByteArray();
    }

    private static void origin(JsonWriter json, QueryOrigin origin) throws IOException {
        switch (origin) {
            case QueryOrigin.Http http ->
                json.name("httpRequest")
                        .beginObject()
                        .member("clientIP", http.clientAddress())
                        .member("method", http.method())
                        .name("path")
                        .text(http.path())
                        .endObject();
            case QueryOrigin.Rule rule ->
                json.name("ruleGroup")
                        .beginObject()
                        .name("file")
                        .text(rule.file())
                        .name("name")
                        .text(rule.group())
                        .endObject();
        }
    }
}
