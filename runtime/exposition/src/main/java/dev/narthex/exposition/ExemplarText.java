// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;

/** Turns the labels of an exemplar, as OpenMetrics writes them between braces, into labels. For one thread. */
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
            String name = quoted
                    ? Escapes.unescapeQuoted(bytes, p + 1, nameEnd - 1)
                    : Escapes.unescapeQuoted(bytes, p, nameEnd);
            int open = nameEnd + 1;
            int end = SeriesDecoder.endOfQuoted(bytes, open);
            String value = Escapes.unescapeQuoted(bytes, open + 1, end - 1);
            if (!name.isEmpty() && !value.isEmpty()) {
                labels.set(name, value);
            }
            p = end < to ? end + 1 : end;
        }
        return labels.build();
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
