// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.GoFloat;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the text exposition format 0.0.4, or OpenMetrics 1.0.0: families one after the other, each announced once, then
 * its samples. Names that need quotes get them in the way Prometheus 3 reads, or are escaped. Reused after
 * {@link #clear}; for one thread.
 */
public final class ExpositionWriter {
    /** What an answer with this text says in its Content-Type. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** The same for OpenMetrics. */
    public static final String OPEN_METRICS_CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static final String TOTAL = "_total";

    private final boolean openMetrics;
    private final EscapingScheme escaping;
    private byte[] bytes = new byte[4096];
    private int size;
    /** What samples of the current family need behind their names. */
    private String suffix = "";

    /** Writes text 0.0.4, with names as they are. */
    public ExpositionWriter() {
        this(ExpositionFormat.TEXT, EscapingScheme.ALLOW_UTF_8);
    }

    /** @param format one of the two texts */
    public ExpositionWriter(ExpositionFormat format, EscapingScheme escaping) {
        if (format == ExpositionFormat.PROTOBUF) {
            throw new IllegalArgumentException("exposition: only texts are written, found " + format);
        }
        openMetrics = format == ExpositionFormat.OPEN_METRICS;
        this.escaping = escaping;
    }

    /**
     * Announces a metric family.
     *
     * @param help what it counts or measures; empty to write none
     */
    public ExpositionWriter family(String name, MetricType type, String help) {
        String announced = name;
        suffix = "";
        if (openMetrics && type == MetricType.COUNTER) {
            // The family is named without what its samples end in.
            boolean total = name.endsWith(TOTAL);
            announced = total ? name.substring(0, name.length() - TOTAL.length()) : name;
            suffix = total ? "" : TOTAL;
        }
        if (!help.isEmpty()) {
            ascii("# HELP ");
            familyName(announced);
            ascii(" ");
            escaped(help, openMetrics);
            ascii("\n");
        }
        ascii("# TYPE ");
        familyName(announced);
        ascii(" ");
        ascii(openMetrics ? type.text() : typeText(type));
        ascii("\n");
        return this;
    }

    /** Writes what an exposition ends with in this format. */
    public ExpositionWriter end() {
        if (openMetrics) {
            ascii("# EOF\n");
        }
        return this;
    }

    /**
     * Writes a sample of text 0.0.4 with a timestamp.
     *
     * @param labels names and values in turns, in the order they are written; a value may be empty
     * @param timestampMs milliseconds since 1970
     */
    public ExpositionWriter sample(String name, List<String> labels, double value, long timestampMs) {
        boolean more = !openSeries(name);
        for (int i = 0; i < labels.size(); i += 2) {
            label(labels.get(i), labels.get(i + 1), more);
            more = true;
        }
        ascii("} ");
        reserve(GoFloat.MAX_SHORT_LENGTH);
        size = GoFloat.writeExposition(value, bytes, size);
        ascii(" ");
        ascii(Long.toString(timestampMs));
        ascii("\n");
        return this;
    }

    /**
     * Writes the samples of a classic histogram with a timestamp, each: the buckets, the sum, the count.
     *
     * @param labels as of {@link #sample(String, List, double, long)}; the bound of a bucket comes last
     * @param histogram has custom buckets
     */
    public ExpositionWriter histogram(String name, List<String> labels, FloatHistogram histogram, long timestampMs) {
        List<Double> bounds = histogram.layout().customValues();
        double[] counts = ClassicCounts.of(histogram);
        List<String> bucket = new ArrayList<>(labels);
        bucket.add("le");
        bucket.add("");
        for (int i = 0; i < counts.length; i++) {
            bucket.set(bucket.size() - 1, GoFloat.general(bounds.get(i)));
            sample(name + "_bucket", bucket, counts[i], timestampMs);
        }
        bucket.set(bucket.size() - 1, "+Inf");
        sample(name + "_bucket", bucket, histogram.count(), timestampMs);
        sample(name + "_sum", labels, histogram.sum(), timestampMs);
        return sample(name + "_count", labels, histogram.count(), timestampMs);
    }

    /** Writes a sample without labels. */
    public ExpositionWriter sample(String name, double value) {
        return sample(name, Labels.EMPTY, value);
    }

    /** Writes a sample with one label. */
    public ExpositionWriter sample(String name, String labelName, String labelValue, double value) {
        boolean classic = openSeries(name);
        label(labelName, labelValue, !classic);
        ascii("}");
        return end(value);
    }

    /**
     * Writes a sample.
     *
     * @param labels its labels without the metric name
     */
    public ExpositionWriter sample(String name, Labels labels, double value) {
        String written = escaping.metricName(name);
        if (labels.isEmpty() && LabelNames.isClassicMetricName(written)) {
            ascii(written);
            ascii(suffix);
            return end(value);
        }
        boolean more = !openSeries(name);
        for (int i = 0; i < labels.size(); i++) {
            label(labels.name(i), labels.value(i), more);
            more = true;
        }
        ascii("}");
        return end(value);
    }

    /** Writes the start of a series up to its labels; true where the metric name stands before the brace. */
    private boolean openSeries(String name) {
        String written = escaping.metricName(name);
        boolean classic = LabelNames.isClassicMetricName(written);
        if (classic) {
            ascii(written);
            ascii(suffix);
            ascii("{");
        } else {
            ascii("{\"");
            escaped(written, true);
            ascii(suffix);
            ascii("\"");
        }
        return classic;
    }

    private void label(String name, String value, boolean comma) {
        if (comma) {
            ascii(",");
        }
        String written = escaping.labelName(name);
        if (LabelNames.isClassic(written)) {
            ascii(written);
        } else {
            ascii("\"");
            escaped(written, true);
            ascii("\"");
        }
        ascii("=\"");
        escaped(value, true);
        ascii("\"");
    }

    private ExpositionWriter end(double value) {
        reserve(GoFloat.MAX_SHORT_LENGTH + 2);
        bytes[size++] = ' ';
        size = GoFloat.writeExposition(value, bytes, size);
        bytes[size++] = '\n';
        return this;
    }

    private void familyName(String name) {
        String written = escaping.metricName(name);
        if (LabelNames.isClassicMetricName(written)) {
            ascii(written);
        } else {
            ascii("\"");
            escaped(written, true);
            ascii("\"");
        }
    }

    private static String typeText(MetricType type) {
        return switch (type) {
            case COUNTER, GAUGE, HISTOGRAM, SUMMARY -> type.text();
            case GAUGE_HISTOGRAM -> "histogram";
            case INFO, STATESET -> "gauge";
            case UNKNOWN -> "untyped";
        };
    }

    private void escaped(String text, boolean quotes) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        reserve(2 * plain.length);
        for (byte c : plain) {
            if (c == '\n') {
                bytes[size++] = '\\';
                bytes[size++] = 'n';
                continue;
            }
            if (c == '\\' || (quotes && c == '"')) {
                bytes[size++] = '\\';
            }
            bytes[size++] = c;
        }
    }

    /** Copies ASCII without making an object. */
    private void ascii(String text) {
        int length = text.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            bytes[size + i] = (byte) text.charAt(i);
        }
        size += length;
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }

    public int sizeBytes() {
        return size;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    /** Starts anew, with the memory kept. */
    public void clear() {
        size = 0;
        suffix = "";
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
}
