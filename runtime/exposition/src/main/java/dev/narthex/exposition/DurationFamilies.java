// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Durations;
import java.util.List;

/** Writes {@link Durations} as the samples of a summary or of a classic histogram, whose family was announced before. */
public final class DurationFamilies {
    private DurationFamilies() {}

    /** The samples of a summary. */
    public static void summary(
            ExpositionWriter out, String name, Labels labels, Durations durations, double... quantiles) {
        double[] values = durations.quantiles(quantiles);
        for (int i = 0; i < quantiles.length; i++) {
            out.sample(
                    name,
                    labels.toBuilder()
                            .set("quantile", GoFloat.general(quantiles[i]))
                            .build(),
                    values[i]);
        }
        out.sample(name + "_sum", labels, durations.sum());
        out.sample(name + "_count", labels, (double) durations.count());
    }

    /** The samples of a histogram. */
    public static void histogram(ExpositionWriter out, String name, Labels labels, Durations durations) {
        histogram(out, name, labels, List.of(durations));
    }

    /** The samples of a histogram of several kinds together. */
    public static void histogram(ExpositionWriter out, String name, Labels labels, List<Durations> durations) {
        double[] bounds = Durations.bounds();
        long total = 0;
        for (int i = 0; i <= bounds.length; i++) {
            String bound = i == bounds.length ? "+Inf" : GoFloat.general(bounds[i]);
            int bucket = i;
            total = durations.stream().mapToLong(some -> some.atMost(bucket)).sum();
            out.sample(name + "_bucket", labels.toBuilder().set("le", bound).build(), (double) total);
        }
        out.sample(
                name + "_sum",
                labels,
                durations.stream().mapToDouble(Durations::sum).sum());
        out.sample(name + "_count", labels, (double) total);
    }
}
