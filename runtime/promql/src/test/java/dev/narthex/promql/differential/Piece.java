// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.model.FloatSample;
import dev.narthex.model.Labels;
import dev.narthex.model.Sample;
import dev.narthex.promql.promqltest.MemoryStorage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Samples of several series that are written together. Those of a storage are split into pieces by time, so that none is
 * too old when it comes, and within a series where floats and histograms follow each other, since the floats of a request
 * are taken before its histograms.
 *
 * @param series the samples by series, in order of time
 */
record Piece(Map<Labels, NavigableMap<Long, Sample>> series) {
    private static final long LENGTH_MS = 600_000;

    static List<Piece> of(MemoryStorage storage) {
        long firstMs = Long.MAX_VALUE;
        long lastMs = Long.MIN_VALUE;
        for (NavigableMap<Long, Sample> samples : storage.series().values()) {
            if (!samples.isEmpty()) {
                firstMs = Math.min(firstMs, samples.firstKey());
                lastMs = Math.max(lastMs, samples.lastKey());
            }
        }
        List<Piece> pieces = new ArrayList<>();
        for (long fromMs = firstMs; fromMs <= lastMs; fromMs += LENGTH_MS) {
            List<Piece> ofTime = new ArrayList<>();
            for (Map.Entry<Labels, NavigableMap<Long, Sample>> entry :
                    storage.series().entrySet()) {
                addRuns(ofTime, entry.getKey(), entry.getValue().subMap(fromMs, true, fromMs + LENGTH_MS, false));
            }
            pieces.addAll(ofTime);
        }
        return pieces;
    }

    private static void addRuns(List<Piece> pieces, Labels labels, NavigableMap<Long, Sample> samples) {
        NavigableMap<Long, Sample> run = new TreeMap<>();
        int number = 0;
        for (Map.Entry<Long, Sample> sample : samples.entrySet()) {
            boolean other = !run.isEmpty()
                    && run.firstEntry().getValue() instanceof FloatSample != sample.getValue() instanceof FloatSample;
            if (other) {
                add(pieces, number++, labels, run);
                run = new TreeMap<>();
            }
            run.put(sample.getKey(), sample.getValue());
        }
        if (!run.isEmpty()) {
            add(pieces, number, labels, run);
        }
    }

    private static void add(List<Piece> pieces, int number, Labels labels, NavigableMap<Long, Sample> run) {
        while (pieces.size() <= number) {
            pieces.add(new Piece(new LinkedHashMap<>()));
        }
        pieces.get(number).series().put(labels, run);
    }
}
