// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A head whose log forgets, and short ways to write and read it. */
final class HeadFixture implements AutoCloseable {
    final MemoryAccount memory = new MemoryAccount(Long.MAX_VALUE);
    final Head head = new Head(memory, 7_200_000, (batch, maxTimeMs) -> {});

    /** Commits one sample for each series. */
    void commit(long timestampMs, double value, Labels... series) {
        try (Appender appender = head.appender()) {
            for (Labels labels : series) {
                appender.append(appender.series(labels), timestampMs, value);
            }
            appender.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<Labels, List<Long>> times(LabelMatcher... matchers) {
        try (Querier querier = head.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            return times(querier, matchers);
        }
    }

    /** The timestamps of the samples by series. */
    static Map<Labels, List<Long>> times(Querier querier, LabelMatcher... matchers) {
        Map<Labels, List<Long>> found = new TreeMap<>();
        SampleBuffer buffer = new SampleBuffer();
        SeriesSet set = querier.select(SelectHints.range(Long.MIN_VALUE, Long.MAX_VALUE), List.of(matchers));
        while (set.next()) {
            buffer.clear();
            set.samples(buffer);
            List<Long> times = new ArrayList<>();
            for (int i = 0; i < buffer.size(); i++) {
                times.add(buffer.timestampMs(i));
            }
            found.put(set.labels(), times);
        }
        return found;
    }

    @Override
    public void close() {
        head.close();
    }
}
