// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.model.Exemplar;
import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramBucket;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What became of a body: whether it was taken, its samples and exemplars by series, its metadata by family; all as texts.
 * Samples and exemplars at the time of the scrape bear no time. Native histograms are those series that have some.
 */
record BodyResult(
        boolean up,
        Map<String, Set<String>> samples,
        Map<String, Set<String>> exemplars,
        Map<String, String> metadata,
        Set<String> nativeHistograms) {
    private static final long COMPARED_MS = 540_000;

    /** Stands among the exemplars where a series was there twice. */
    private static final String REPEATED = "";

    /** What changes from scrape to scrape. */
    private static final Set<String> NOT_COMPARED = Set.of("scrape_duration_seconds", "scrape_series_added");

    BodyResult(boolean up) {
        this(up, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
    }

    /**
     * Ingests a body here.
     *
     * @param instance its number
     * @param nowMs when it is scraped
     * @param aroundMs samples far from here are left out
     */
    static BodyResult of(
            ScrapeWorkspace work, ExposedBody body, IngestRules rules, int instance, long nowMs, long aroundMs) {
        Labels target = Labels.of("instance", Integer.toString(instance), "job", "j");
        IngestedBody ingested = IngestedBody.of(work, body.format, body.bytes, rules, target, nowMs);
        BodyResult result = new BodyResult(ingested.error().isEmpty());
        MemoryStorage storage = ingested.storage();
        for (Labels series : storage.series()) {
            if (!isCompared(series)) {
                continue;
            }
            storage.samples(series).forEach((timeMs, value) -> {
                if (!StalenessMarker.is(value) && isCompared(timeMs, aroundMs)) {
                    put(result.samples, series, sample(GoFloat.general(value), timeMs, timeMs == nowMs));
                }
            });
            if (!storage.histograms(series).isEmpty()) {
                result.nativeHistograms.add(series.toString());
            }
            storage.histograms(series).forEach((timeMs, histogram) -> {
                if (!histogram.isStale() && isCompared(timeMs, aroundMs)) {
                    put(result.samples, series, sample(text(histogram), timeMs, timeMs == nowMs));
                }
            });
            for (Exemplar exemplar : storage.exemplars(series)) {
                long timeMs = exemplar.timestampMs();
                if (isCompared(timeMs, aroundMs)) {
                    Map<String, String> labels = new TreeMap<>();
                    for (int i = 0; i < exemplar.labels().size(); i++) {
                        labels.put(exemplar.labels().name(i), exemplar.labels().value(i));
                    }
                    String shown = labels + " " + GoFloat.general(exemplar.value());
                    put(result.exemplars, series, sample(shown, timeMs, timeMs == nowMs));
                }
            }
        }
        if (ingested.counts().duplicate > 0 && body.format == ExpositionFormat.OPEN_METRICS) {
            result.exemplars.put(REPEATED, Set.of());
        }
        ingested.metadata().forEach((family, metadata) -> {
            if (isPlain(family + metadata.help() + metadata.unit())) {
                result.metadata.put(family, metadata.type().text() + " " + metadata.unit() + " " + metadata.help());
            }
        });
        return result;
    }

    private static void put(Map<String, Set<String>> into, Labels series, String value) {
        into.computeIfAbsent(series.toString(), _ -> new TreeSet<>()).add(value);
    }

    static boolean isCompared(Labels series) {
        return !NOT_COMPARED.contains(series.metricName());
    }

    /** What is older or newer by far is taken or not by a storage; here the bodies are compared. */
    static boolean isCompared(long timeMs, long aroundMs) {
        return Math.abs(timeMs - aroundMs) <= COMPARED_MS;
    }

    /** Whether JSON carries it as it is. */
    static boolean isPlain(String text) {
        return text.indexOf('\ufffd') < 0;
    }

    static String sample(String value, long timeMs, boolean isScrapeTime) {
        return isScrapeTime ? value : value + "@" + timeMs;
    }

    /** Makes those things equal whose difference is known and wanted (docs/compatibility.md). */
    void settle(BodyResult real, ExpositionFormat format) {
        // Prometheus forgets exemplars of native histograms behind the first one of a family.
        for (String series : nativeHistograms) {
            Set<String> all = exemplars.get(series);
            if (all != null && all.containsAll(real.exemplars.getOrDefault(series, Set.of()))) {
                exemplars.remove(series);
                real.exemplars.remove(series);
            }
        }
        nativeHistograms.clear();
        exemplars.forEach((series, ours) -> settle(real.exemplars.get(series), ours));
        if (exemplars.containsKey(REPEATED)) {
            // Prometheus 3.5 takes the exemplar of a sample that it does not take, 3.15 does not.
            exemplars.clear();
            real.exemplars.clear();
        }
        if (real.up) {
            return;
        }
        // A refused body leaves exemplars of what stood above the fault; here it changes nothing.
        real.exemplars.clear();
        exemplars.clear();
        if (format == ExpositionFormat.PROTOBUF) {
            // How far a reader gets in a broken message before it sees the fault is its own affair.
            real.samples.clear();
            samples.clear();
            real.metadata.clear();
            metadata.clear();
        }
    }

    /**
     * Takes out what Prometheus stores once more since NaN is not equal to NaN, nor less or more than other numbers, and what
     * only one of them takes of several with one time and value, whose order goes by a hash of their labels in Prometheus.
     */
    private static void settle(@Nullable Set<String> real, Set<String> ours) {
        if (real != null) {
            Set<String> theirs = Set.copyOf(real);
            real.removeIf(one -> !ours.contains(one) && theirs.stream().anyMatch(other -> isRepeat(one, other)));
            ours.removeIf(one -> !theirs.contains(one) && theirs.stream().anyMatch(other -> isOfOneValue(one, other)));
        }
    }

    private static boolean isRepeat(String one, String other) {
        boolean hasNaN = one.contains("} NaN") || other.contains("} NaN");
        return !one.equals(other)
                && (isOfOneValue(one, other) || (hasNaN && of(other).equals(of(one))));
    }

    private static boolean isOfOneValue(String one, String other) {
        return one.substring(one.lastIndexOf("} ")).equals(other.substring(other.lastIndexOf("} ")));
    }

    /** Labels and time of an exemplar. */
    private static String of(String exemplar) {
        int value = exemplar.lastIndexOf("} ") + 1;
        int time = exemplar.indexOf('@', value);
        return exemplar.substring(0, value) + (time < 0 ? "" : exemplar.substring(time));
    }

    /** The lines that only one of them has. */
    String difference(BodyResult real) {
        StringBuilder text = new StringBuilder();
        Set<String> expected = real.lines();
        Set<String> found = lines();
        expected.stream()
                .filter(line -> !found.contains(line))
                .forEach(line -> text.append("    Prometheus: ").append(line).append('\n'));
        found.stream()
                .filter(line -> !expected.contains(line))
                .forEach(line -> text.append("    Narthex:    ").append(line).append('\n'));
        return text.toString();
    }

    private Set<String> lines() {
        Set<String> lines = new TreeSet<>();
        lines.add(up ? "accepted" : "refused");
        samples.forEach((series, values) -> lines.add(series + " " + values));
        exemplars.forEach((series, values) -> lines.add("exemplars of " + series + ": " + values));
        metadata.forEach((family, text) -> lines.add("metadata of " + family + ": " + text));
        return lines;
    }

    private static String text(NativeHistogram histogram) {
        StringBuilder text = new StringBuilder();
        text.append(GoFloat.general(histogram.toFloat().count())).append(' ');
        text.append(GoFloat.general(histogram.sum() == 0 ? 0 : histogram.sum()));
        for (HistogramBucket bucket : histogram.buckets()) {
            text.append(" (").append(bound(bucket.lower())).append(',');
            text.append(bound(bucket.upper())).append(")=").append(GoFloat.general(bucket.count()));
        }
        return text.toString();
    }

    /** To twelve digits: the last ones are a matter of how powers are computed. */
    static String bound(double bound) {
        return bound == 0 ? "0" : String.format(Locale.ROOT, "%.11e", bound);
    }
}
