// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.block.Ulid;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** {@code /api/v1/status/tsdb/blocks}: what meta.json says of each block. Safe for use by many threads. */
public final class BlocksApi {
    private final Supplier<List<BlockMeta>> blocks;

    /** @param blocks in order of time */
    public BlocksApi(Supplier<List<BlockMeta>> blocks) {
        this.blocks = blocks;
    }

    /** {@code GET /api/v1/status/tsdb/blocks}. */
    public Response blocks(Request request) {
        return JsonEnvelope.success(json -> {
            json.beginObject().name("blocks").beginArray();
            for (BlockMeta block : blocks.get()) {
                write(json, block);
            }
            json.endArray().endObject();
        });
    }

    private static void write(JsonWriter json, BlockMeta block) throws IOException {
        json.beginObject()
                .member("ulid", block.ulid().toString())
                .member("minTime", block.minTimeMs())
                .member("maxTime", block.maxTimeMs())
                .name("stats");
        write(json, block.stats());
        json.name("compaction");
        write(json, block.compaction());
        json.member("version", 1).endObject();
    }

    private static void write(JsonWriter json, BlockMeta.Stats stats) throws IOException {
        json.beginObject();
        count(json, "numSamples", stats.samples());
        count(json, "numFloatSamples", stats.floatSamples());
        count(json, "numHistogramSamples", stats.histogramSamples());
        count(json, "numSeries", stats.series());
        count(json, "numChunks", stats.chunks());
        count(json, "numTombstones", stats.tombstones());
        json.endObject();
    }

    private static void count(JsonWriter json, String name, long count) throws IOException {
        if (count != 0) {
            json.member(name, count);
        }
    }

    private static void write(JsonWriter json, BlockMeta.Compaction compaction) throws IOException {
        json.beginObject().member("level", compaction.level());
        if (!compaction.sources().isEmpty()) {
            json.name("sources")
                    .strings(compaction.sources().stream().map(Ulid::toString).toList());
        }
        if (compaction.deletable()) {
            json.member("deletable", true);
        }
        if (!compaction.parents().isEmpty()) {
            json.name("parents").beginArray();
            for (BlockMeta.Parent parent : compaction.parents()) {
                json.beginObject()
                        .member("ulid", parent.ulid().toString())
                        .member("minTime", parent.minTimeMs())
                        .member("maxTime", parent.maxTimeMs())
                        .endObject();
            }
            json.endArray();
        }
        if (compaction.failed()) {
            json.member("failed", true);
        }
        if (!compaction.hints().isEmpty()) {
            json.name("hints").strings(compaction.hints());
        }
        json.endObject();
    }
}
