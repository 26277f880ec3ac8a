// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.util.List;
import java.util.function.BiConsumer;

/** All that a TSDB has, series by series. */
final class EverySeries {
    private EverySeries() {}

    /** @param reader gets the labels and the samples of each series, which are good until it returns */
    static void read(Tsdb tsdb, BiConsumer<Labels, SampleBuffer> reader) {
        SampleBuffer samples = new SampleBuffer();
        try (Querier querier = tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            SeriesSet set = querier.select(
                    SelectHints.range(Long.MIN_VALUE, Long.MAX_VALUE),
                    List.of(LabelMatcher.of(MatchOp.REGEX, "__name__", ".+")));
            while (set.next()) {
                samples.clear();
                set.samples(samples);
                reader.accept(set.labels(), samples);
            }
        }
    }
}
