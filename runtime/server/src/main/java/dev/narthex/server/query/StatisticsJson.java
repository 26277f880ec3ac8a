// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import dev.narthex.promql.value.QueryStatistics;
import dev.narthex.server.http.JsonWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a query cost, as Prometheus writes it: {@code timings} in seconds and {@code samples}. */
public final class StatisticsJson {
    private StatisticsJson() {}

    /**
     * Writes an object.
     *
     * @param statistics of what was read, null for nothing
     * @param perStep whether to say what each step read
     */
    public static void write(
            JsonWriter json, QueryTimings timings, @Nullable QueryStatistics statistics, boolean perStep)
            throws IOException {
        double queue = timings.queueNanos() / 1e9;
        double run = timings.runNanos() / 1e9;
        double inner = statistics == null ? run : statistics.elapsedNanos() / 1e9;
        json.beginObject()
                .name("timings")
                .beginObject()
                .member("evalTotalTime", inner)
                .member("resultSortTime", 0)
                .member("queryPreparationTime", 0)
                .member("innerEvalTime", inner)
                .member("execQueueTime", queue)
                .member("execTotalTime", queue + run)
                .endObject();
        json.name("samples").beginObject();
        if (perStep && statistics != null) {
            perStep(json, "totalQueryableSamplesPerStep", statistics, statistics.queryablePerStep());
        }
        json.member("totalQueryableSamples", statistics == null ? 0 : statistics.queryableSamples());
        if (perStep && statistics != null) {
            perStep(json, "samplesReadPerStep", statistics, statistics.readPerStep());
        }
        json.member("samplesRead", statistics == null ? 0 : statistics.samplesRead())
                .member("peakSamples", statistics == null ? 0 : statistics.peakSamples())
                .endObject();
        json.endObject();
    }

    private static void perStep(JsonWriter json, String name, QueryStatistics statistics, long[] counts)
            throws IOException {
        json.name(name).beginArray();
        for (int step = 0; step < counts.length; step++) {
            json.beginArray()
                    .number(statistics.timeMs(step) / 1000.0)
                    .number(counts[step])
                    .endArray();
        }
        json.endArray();
    }
}
