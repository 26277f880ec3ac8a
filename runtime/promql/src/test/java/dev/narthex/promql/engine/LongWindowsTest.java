// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import dev.narthex.promql.syntax.PositionRange;
import dev.narthex.promql.syntax.RangeModifier;
import dev.narthex.storage.SampleBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Loops over the samples of one window look whether the query goes on once in 65,536 samples, however many there are. A
 * look is seen by the clock being asked.
 */
class LongWindowsTest {
    private static final int SAMPLES = 1 << 20;
    private static final long STEP_MS = 1_000;

    private long looks;
    private final Progress progress = new Progress(
            () -> {
                looks++;
                return 0;
            },
            Duration.ofMinutes(1),
            0);

    private static Map<String, MixedRangeFunction> all() {
        AnnotationCollector.Annotator nobody = new AnnotationCollector("").annotator(new PositionRange(0, 0));
        Map<String, RangeFunction> floats = new TreeMap<>(Map.of(
                "avg_over_time", OverTimeFunctions.each(OverTimeFunctions::average),
                "mad_over_time", OverTimeFunctions.each(OverTimeFunctions::medianAbsoluteDeviation),
                "max_over_time", OverTimeFunctions.each(OverTimeFunctions::max),
                "min_over_time", OverTimeFunctions.each(OverTimeFunctions::min),
                "stdvar_over_time", OverTimeFunctions.each(OverTimeFunctions::standardVariance),
                "sum_over_time", OverTimeFunctions.each(OverTimeFunctions::sum),
                "ts_of_max_over_time", OverTimeFunctions.each(OverTimeFunctions::timeOfMax),
                "ts_of_min_over_time", OverTimeFunctions.each(OverTimeFunctions::timeOfMin),
                "rate", CounterFunctions.rate(),
                "changes", CounterFunctions::changes));
        floats.put("resets", CounterFunctions::resets);
        floats.put("deriv", RegressionFunctions::derivative);
        floats.put("predict_linear", RegressionFunctions.prediction(new double[] {60}));
        floats.put(
                "double_exponential_smoothing", RegressionFunctions.smoothing(new double[] {0.5}, new double[] {0.5}));
        Map<String, MixedRangeFunction> all = new TreeMap<>();
        floats.forEach((name, function) ->
                all.put(name, (series, samples, windows, into) -> function.apply(samples, windows, into)));
        for (String name : Set.of("rate", "resets")) {
            all.put(name + " with start timestamps", Objects.requireNonNull(StartTimestamps.find(name, nobody)));
        }
        MixedRangeFunction rate = Objects.requireNonNull(all.get("rate"));
        for (RangeModifier modifier : Set.of(RangeModifier.ANCHORED, RangeModifier.SMOOTHED)) {
            all.put(
                    "rate " + modifier.text(),
                    new ExtendedRange(modifier, "rate", 0, CounterFunctions.rate(), rate, nobody));
        }
        return all;
    }

    static Set<String> functions() {
        return all().keySet();
    }

    private Windows windows(SampleBuffer samples) {
        Windows windows =
                new Windows(Steps.single(SAMPLES * STEP_MS), new SelectorTime(null, 0), SAMPLES * STEP_MS, progress);
        windows.slide(samples);
        looks = 0;
        return windows;
    }

    /** A counter that is reset at every other sample. */
    private static SampleBuffer samples() {
        SampleBuffer samples = new SampleBuffer();
        samples.reserve(SAMPLES);
        for (int i = 1; i <= SAMPLES; i++) {
            samples.add(i * STEP_MS, i + (i % 2) * SAMPLES);
        }
        return samples;
    }

    @ParameterizedTest
    @MethodSource("functions")
    void looksOnceInAPieceOfSamples(String function) {
        SampleBuffer samples = samples();
        Windows windows = windows(samples);
        Column result = new Column(1);
        Objects.requireNonNull(all().get(function)).apply(Labels.EMPTY, samples, windows, result);

        assertThat(result.isEmpty()).isFalse();
        assertThat(looks).isGreaterThanOrEqualTo(SAMPLES / Progress.PIECE - 1);
    }
}
