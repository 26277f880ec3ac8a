// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.server.http.Endpoint;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.util.List;

/** {@code /metrics}: all metric families of some sources as text 0.0.4. Safe for use by many threads. */
public final class MetricsPage implements Endpoint {
    private final List<MetricSource> sources;

    public MetricsPage(List<MetricSource> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public Response handle(Request request) {
        ExpositionWriter page = new ExpositionWriter();
        for (MetricSource source : sources) {
            source.writeTo(page);
        }
        return Response.of(200, ExpositionWriter.CONTENT_TYPE, page::writeTo);
    }
}
