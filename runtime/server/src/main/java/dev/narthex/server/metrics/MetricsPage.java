// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.EscapingScheme;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.GoFloat;
import dev.narthex.server.http.Endpoint;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.util.List;
import java.util.Locale;

/** {@code /metrics}: all metric families of some sources, as text 0.0.4 or, for those who prefer it, OpenMetrics.
 * Names that need quotes are escaped as the request says, with underscores otherwise. Safe for use by many threads. */
public final class MetricsPage implements Endpoint {
    private final List<MetricSource> sources;

    public MetricsPage(List<MetricSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** The page as text 0.0.4 with names as they are. */
    public byte[] text() {
        ExpositionWriter page = new ExpositionWriter();
        for (MetricSource source : sources) {
            source.writeTo(page);
        }
        return page.toByteArray();
    }

    @Override
    public Response handle(Request request) {
        String accept = request.headerOrEmpty("accept");
        boolean openMetrics = prefersOpenMetrics(accept);
        EscapingScheme escaping = EscapingScheme.ofAccept(accept).orElse(EscapingScheme.UNDERSCORES);
        ExpositionWriter page =
                new ExpositionWriter(openMetrics ? ExpositionFormat.OPEN_METRICS : ExpositionFormat.TEXT, escaping);
        for (MetricSource source : sources) {
            source.writeTo(page);
        }
        page.end();
        String type = openMetrics ? ExpositionWriter.OPEN_METRICS_CONTENT_TYPE : ExpositionWriter.CONTENT_TYPE;
        return Response.of(200, type + "; escaping=" + escaping.text(), page::writeTo);
    }

    /** Whether OpenMetrics is asked for, and no less than plain text. */
    private static boolean prefersOpenMetrics(String accept) {
        double openMetrics = 0;
        double text = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.strip().toLowerCase(Locale.ROOT).split(";", -1);
            double quality = 1;
            for (String part : parts) {
                if (part.strip().startsWith("q=")) {
                    try {
                        quality = GoFloat.parse(part.strip().substring(2));
                    } catch (NumberFormatException _) {
                        quality = 0;
                    }
                }
            }
            if (parts[0].strip().equals("application/openmetrics-text")) {
                openMetrics = Math.max(openMetrics, quality);
            } else if (parts[0].strip().equals("text/plain")) {
                text = Math.max(text, quality);
            }
        }
        return openMetrics > 0 && openMetrics >= text;
    }
}
