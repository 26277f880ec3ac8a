// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.storage.SampleBuffer;
import org.jspecify.annotations.Nullable;

/** Makes one ascending run of runs of a series that were read one behind the other. For one thread. */
public final class RunJoiner {
    /** Made when runs overlap for the first time: those of most series do not. */
    private @Nullable SampleBuffer formerRun;

    private @Nullable SampleBuffer laterRun;

    /**
     * Joins the last run of a buffer with the one before it; of two samples of one time that of the former stays.
     *
     * @param start where the run before begins
     * @param second where the last run begins
     */
    public void join(SampleBuffer samples, int start, int second) {
        if (second == start || samples.size() == second) {
            return;
        }
        // Where the range begins within a chunk, its first sample speaks of one that is not here.
        SampleMerge.setApart(samples, second);
        if (samples.timestampMs(second) > samples.timestampMs(second - 1)) {
            return;
        }
        SampleBuffer former = emptied(formerRun);
        SampleBuffer later = emptied(laterRun);
        formerRun = former;
        laterRun = later;
        for (int i = start; i < samples.size(); i++) {
            SampleMerge.append(samples, i, i < second ? former : later);
        }
        samples.truncate(start);
        SampleMerge.merge(former, later, samples);
    }

    private static SampleBuffer emptied(@Nullable SampleBuffer run) {
        if (run == null) {
            return new SampleBuffer();
        }
        run.clear();
        return run;
    }
}
