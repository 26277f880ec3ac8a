// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counters of one name that differ by their labels. Safe for use by many threads. */
public final class CounterFamily implements MetricSource {
    private final String name;
    private final String help;
    private final ConcurrentSkipListMap<Labels, LongAdder> counters = new ConcurrentSkipListMap<>();

    public CounterFamily(String name, String help) {
        this.name = name;
        this.help = help;
    }

    /** The counter with these labels, from 0 on. */
    public LongAdder with(Labels labels) {
        LongAdder known = counters.get(labels);
        return known == null ? counters.computeIfAbsent(labels, _ -> new LongAdder()) : known;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        out.family(name, MetricType.COUNTER, help);
        counters.forEach((labels, counter) -> out.sample(name, labels, (double) counter.sum()));
    }
}
