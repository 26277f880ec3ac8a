// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import java.nio.charset.StandardCharsets;

/**
 * Turns the labels of an exemplar, as OpenMetrics writes them between braces, into labels. Escapes stay as they are
 * written, as in Prometheus: links made of these labels, and the limit of their length, go by that. For one thread.
 */
final class ExemplarText {
    /** What stands between the braces, which the parser has accepted. A later label of the same name wins. */
    Labels labels(byte[] bytes, int from, int to) {
        if (from == to) {
            return Labels.EMPTY;
        }
        LabelsBuilder labels = Labels.builder();
        int p = from;
        while (p < to) {
            int nameEnd = endOfName(bytes, p);
            boolean quoted = bytes[p] == '"';
            String name = quoted ? text(bytes, p + 1, nameEnd - 1) : text(bytes, p, nameEnd);
            int open = nameEnd + 1;
            int end = SeriesDecoder.endOfQuoted(bytes, open);
            String value = text(bytes, open + 1, end - 1);
            if (!name.isEmpty() && !value.isEmpty()) {
                labels.set(name, value);
            }
            p = end < to ? end + 1 : end;
        }
        return labels.build();
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static int endOfName(byte[] bytes, int from) {
        if (bytes[from] == '"') {
            return SeriesDecoder.endOfQuoted(bytes, from);
        }
        int p = from;
        while (bytes[p] != '=') {
            p++;
        }
        return p;
    }
}
