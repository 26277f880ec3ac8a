// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.MetricType;
import dev.narthex.wire.ProtobufWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes the protobuf exposition format, MetricFamily messages with their lengths in front (metrics.proto of
 * prometheus/client_model): untyped samples and histograms with fractional counts. Those with custom buckets are written
 * as classic ones. For one thread.
 */
public final class MetricFamilyWriter {
    /** What an answer with this says in its Content-Type. */
    public static final String CONTENT_TYPE =
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    private static final int FAMILY_NAME = 1;
    private static final int FAMILY_TYPE = 3;
    private static final int FAMILY_METRIC = 4;
    private static final int METRIC_LABEL = 1;
    private static final int METRIC_UNTYPED = 5;
    private static final int METRIC_TIMESTAMP = 6;
    private static final int METRIC_HISTOGRAM = 7;
    private static final int SAMPLE_SUM = 2;
    private static final int BUCKET = 3;
    private static final int SAMPLE_COUNT = 4;
    private static final int SCHEMA = 5;
    private static final int ZERO_THRESHOLD = 6;
    private static final int ZERO_COUNT = 8;
    private static final int NEGATIVE_SPAN = 9;
    private static final int NEGATIVE_COUNT = 11;
    private static final int POSITIVE_SPAN = 12;
    private static final int POSITIVE_COUNT = 14;
    private static final int UPPER_BOUND = 2;
    private static final int CUMULATIVE_COUNT = 4;

    private final EscapingScheme escaping;
    private final ProtobufWriter page = new ProtobufWriter();
    private final ProtobufWriter family = new ProtobufWriter();
    private final ProtobufWriter metric = new ProtobufWriter();
    private final ProtobufWriter value = new ProtobufWriter();
    private final ProtobufWriter part = new ProtobufWriter();

    public MetricFamilyWriter(EscapingScheme escaping) {
        this.escaping = escaping;
    }

    /** Begins a metric family; of the types {@link MetricType#UNKNOWN} and those of histograms. */
    public MetricFamilyWriter family(String name, MetricType type) {
        end();
        family.text(FAMILY_NAME, escaping.metricName(name)).int64(FAMILY_TYPE, number(type));
        return this;
    }

    private static int number(MetricType type) {
        return switch (type) {
            case UNKNOWN -> 3;
            case HISTOGRAM -> 4;
            case GAUGE_HISTOGRAM -> 5;
            default ->
                throw new IllegalArgumentException("exposition: no family of this type is written, found " + type);
        };
    }

    /**
     * Writes a sample of the family.
     *
     * @param labels names and values in turns, in the order they are written; a value may be empty
     * @param timestampMs milliseconds since 1970
     */
    public MetricFamilyWriter sample(List<String> labels, double sample, long timestampMs) {
        labels(labels);
        value.clear();
        value.float64(1, sample);
        metric.message(METRIC_UNTYPED, value).int64(METRIC_TIMESTAMP, timestampMs);
        family.message(FAMILY_METRIC, metric);
        return this;
    }

    /** The same for a histogram. */
    public MetricFamilyWriter histogram(List<String> labels, FloatHistogram histogram, long timestampMs) {
        labels(labels);
        value.clear();
        value.float64(SAMPLE_SUM, histogram.sum());
        if (histogram.layout().hasCustomBuckets()) {
            classic(histogram);
        } else {
            exponential(histogram);
        }
        metric.int64(METRIC_TIMESTAMP, timestampMs).message(METRIC_HISTOGRAM, value);
        family.message(FAMILY_METRIC, metric);
        return this;
    }

    private void classic(FloatHistogram histogram) {
        List<Double> bounds = histogram.layout().customValues();
        double[] counts = ClassicCounts.of(histogram);
        for (int i = 0; i < bounds.size(); i++) {
            part.clear();
            part.float64(UPPER_BOUND, bounds.get(i)).float64(CUMULATIVE_COUNT, counts[i]);
            value.message(BUCKET, part);
        }
        value.float64(SAMPLE_COUNT, histogram.count());
    }

    private void exponential(FloatHistogram histogram) {
        HistogramLayout layout = histogram.layout();
        value.float64(SAMPLE_COUNT, histogram.count())
                .sint64(SCHEMA, layout.schema())
                .float64(ZERO_THRESHOLD, layout.zeroThreshold())
                .float64(ZERO_COUNT, histogram.zeroCount());
        spans(NEGATIVE_SPAN, layout.negativeSpans());
        for (int i = 0; i < layout.negativeBuckets(); i++) {
            value.float64(NEGATIVE_COUNT, histogram.negativeCount(i));
        }
        spans(POSITIVE_SPAN, layout.positiveSpans());
        for (int i = 0; i < layout.positiveBuckets(); i++) {
            value.float64(POSITIVE_COUNT, histogram.positiveCount(i));
        }
    }

    /** Spans that have buckets: others only say that the histogram is a native one, or how far it is to the next. */
    private void spans(int field, List<BucketSpan> spans) {
        int before = 0;
        for (BucketSpan span : spans) {
            if (span.length() == 0) {
                before += span.offset();
                continue;
            }
            part.clear();
            part.sint64(1, before + span.offset()).int64(2, span.length());
            before = 0;
            value.message(field, part);
        }
    }

    private void labels(List<String> labels) {
        metric.clear();
        for (int i = 0; i < labels.size(); i += 2) {
            part.clear();
            part.text(1, escaping.labelName(labels.get(i))).text(2, labels.get(i + 1));
            metric.message(METRIC_LABEL, part);
        }
    }

    /** Ends the last family. */
    public MetricFamilyWriter end() {
        if (family.size() > 0) {
            page.varint(family.size()).raw(family);
            family.clear();
        }
        return this;
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(page.array(), 0, page.size());
    }
}
