// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.promql.differential.Shaped.Content;
import java.util.List;

/** Makes selectors of what there is in {@link RandomData}. */
final class RandomSelector {
    private static final List<Shaped> FLOATS = List.of(
            Shaped.floats("requests_total", "job", "instance", "path"),
            Shaped.floats("requests_total{job=\"api\"}", "job", "instance", "path"),
            Shaped.floats("requests_total{path=~\"/.+\"}", "job", "instance", "path"),
            Shaped.floats("requests_total{path=\"/cart\"}", "job", "instance", "path"),
            Shaped.floats("errors_total", "job", "instance", "path"),
            Shaped.floats("errors_total{instance!=\"i1\"}", "job", "instance", "path"),
            Shaped.floats("cpu", "job", "instance"),
            Shaped.floats("cpu", "job", "instance"),
            Shaped.floats("temperature", "job", "instance"),
            Shaped.floats("temperature{job=~\"api|db\"}", "job", "instance"),
            Shaped.floats("memory", "job", "instance"),
            Shaped.floats("limit", "job"),
            Shaped.floats("queue", "queue", "shard"),
            Shaped.floats("queue{shard=\"s1\"}", "queue", "shard"),
            Shaped.floats("queue{queue=~\"q1.?\"}", "queue", "shard"),
            Shaped.floats("alone"),
            Shaped.floats("build", "job", "instance", "version"),
            Shaped.floats("build{version!~\"v[12]\"}", "job", "instance", "version"),
            Shaped.floats("latency_bucket", "job", "instance", "le"),
            Shaped.floats("latency_bucket{le=\"1\"}", "job", "instance", "le"),
            Shaped.floats("{\"memory\", instance=~\"i[12]\"}", "job", "instance"),
            Shaped.floats("limit{'job'=`web`}", "job"),
            Shaped.floats("{job=\"api\", __name__=~\"cpu|temperature\"}", "job", "instance")
                    .indistinct());
    private static final List<Shaped> COUNTERS = List.of(
            Shaped.floats("requests_total", "job", "instance", "path"),
            Shaped.floats("requests_total{path=\"/cart\"}", "job", "instance", "path"),
            Shaped.floats("errors_total", "job", "instance", "path"),
            Shaped.floats("cpu", "job", "instance"),
            Shaped.floats("latency_bucket", "job", "instance", "le"),
            Shaped.floats("temperature", "job", "instance"));
    /** All have the instance i0, so that any two of them find each other. */
    private static final List<Shaped> HISTOGRAMS = List.of(
            Shaped.of("duration", Content.EXPONENTIAL, "job", "instance"),
            Shaped.of("duration{job=~\"api|web\"}", Content.EXPONENTIAL, "job", "instance"),
            Shaped.of("duration{instance=~\"i[01]\"}", Content.EXPONENTIAL, "job", "instance"),
            Shaped.of("size", Content.CUSTOM, "job", "instance"),
            Shaped.of("size", Content.CUSTOM, "job", "instance"),
            Shaped.of("size{instance!=\"i2\"}", Content.CUSTOM, "job", "instance"),
            Shaped.of("level", Content.EXPONENTIAL, "job", "instance"),
            Shaped.of("level{instance!~\"i1|i2\"}", Content.EXPONENTIAL, "job", "instance"),
            Shaped.of("changing", Content.EXPONENTIAL, "job", "instance"),
            Shaped.of("mixed", Content.MIXED, "job", "instance"),
            Shaped.of("mixed{instance=\"i0\"}", Content.MIXED, "job", "instance"),
            Shaped.of("{__name__=~\"duration|size\", instance=\"i0\"}", Content.MIXED, "job", "instance")
                    .indistinct());

    static final String[] RANGES = {"30s", "1m", "2m", "5m", "5m", "7m13s", "20m"};

    /** Mostly of two samples or more, however seldom they come. */
    private static final String[] HISTOGRAM_RANGES = {"2m", "2m", "5m", "5m", "5m", "7m13s", "7m13s", "20m"};

    /** Lengths that are worked out: of half a minute to twenty minutes, whatever the steps of the query are. */
    private static final String[] COMPUTED = {
        "2m + 3m",
        "10m - 7m30s",
        "90s * 2",
        "20m / 4",
        "17m % 6m",
        "2 ^ 7",
        "-(-5m)",
        "max_of(step(), 2m)",
        "min_of(step() + 1m, 7m)",
        "max_of(min_of(range() / 10, 20m), 1m)",
        "step() + 90s",
        "0x100",
        "1_000 * 0.3",
        "5m + 1m30s500ms",
    };

    private final Chance chance;

    RandomSelector(Chance chance) {
        this.chance = chance;
    }

    /** A selector of floats. */
    Shaped floats() {
        Shaped shaped = chance.onceIn(60) ? Shaped.floats("missing") : chance.one(FLOATS);
        return shaped.within("", modifiers());
    }

    /** A selector of native histograms, sometimes beside floats. */
    Shaped histograms() {
        return chance.one(HISTOGRAMS).within("", modifiers());
    }

    /** A selector of native histograms of one kind, where that is asked for. */
    Shaped histograms(Content content) {
        Shaped shaped = chance.one(HISTOGRAMS);
        while (content != Content.MIXED && shaped.content() != content) {
            shaped = chance.one(HISTOGRAMS);
        }
        return shaped.within("", modifiers());
    }

    /** A range selector of floats. */
    Shaped floatRange() {
        return range(chance.onceIn(2) ? chance.one(COUNTERS) : chance.one(FLOATS), length(), "");
    }

    /** A selector that interpolates between floats. */
    Shaped smoothed() {
        return chance.one(FLOATS).within("", " smoothed" + modifiers());
    }

    /** A range selector of native histograms. */
    Shaped histogramRange() {
        return histogramRange("");
    }

    /** A range selector of counters with a modifier such as {@code anchored}. */
    Shaped counterRange(String modifier) {
        return range(chance.one(COUNTERS), length(), modifier);
    }

    /** A range selector of native histograms with a modifier such as {@code anchored}. */
    Shaped histogramRange(String modifier) {
        return range(chance.one(HISTOGRAMS), histogramLength(), modifier);
    }

    /** The length of a range of floats. */
    String length() {
        return chance.onceIn(12) ? chance.one(COMPUTED) : chance.one(RANGES);
    }

    /** The length of a range of native histograms. */
    String histogramLength() {
        if (chance.onceIn(16)) {
            return chance.one(COMPUTED);
        }
        return chance.onceIn(20) ? chance.one("30s", "1m") : chance.one(HISTOGRAM_RANGES);
    }

    private Shaped range(Shaped selector, String length, String modifier) {
        return selector.within("", "[" + length + "]" + modifier + modifiers());
    }

    /** Offsets and fixed moments, mostly none; of histograms and floats alike. */
    String modifiers() {
        return switch (chance.below(18)) {
            case 0 -> " offset " + chance.one(RANGES);
            case 1 -> " offset -" + chance.one(RANGES);
            case 2 -> " @ " + (RandomData.START_MS / 1000 + 600 + chance.below(6600));
            case 3 -> " @ " + chance.one("start()", "end()");
            case 4 ->
                switch (chance.below(5)) {
                    case 0 -> " @ end() offset " + chance.one(RANGES);
                    // Behind parentheses alone, an operator would go on with what is worked out.
                    case 1 -> " offset (" + chance.one(COMPUTED) + ") @ end()";
                    case 2 -> " offset " + chance.one("step()", "min_of(range(), 3m)", "-max_of(step(), 1m)");
                    default -> "";
                };
            default -> "";
        };
    }
}
