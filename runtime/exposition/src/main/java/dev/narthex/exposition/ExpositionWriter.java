// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.GoFloat;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the text exposition format 0.0.4: families one after the other, each announced once, then its samples. Names
 * that need quotes get them in the way Prometheus 3 reads. Reused after {@link #clear}; for one thread.
 */
public final class ExpositionWriter {
    /** What an answer with this text says in its Content-Type. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private byte[] bytes = new byte[4096];
    private int size;

    /**
     * Announces a metric family.
     *
     * @param help what it counts or measures; empty to write none
     */
    public ExpositionWriter family(String name, MetricType type, String help) {
        if (!help.isEmpty()) {
            ascii("# HELP ");
            familyName(name);
            ascii(" ");
            escaped(help, false);
            ascii("\n");
        }
        ascii("# TYPE ");
        familyName(name);
        ascii(" ");
        ascii(typeText(type));
        ascii("\n");
        return this;
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
        if (labels.isEmpty() && LabelNames.isClassicMetricName(name)) {
            ascii(name);
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
        boolean classic = LabelNames.isClassicMetricName(name);
        if (classic) {
            ascii(name);
            ascii("{");
        } else {
            ascii("{\"");
            escaped(name, true);
            ascii("\"");
        }
        return classic;
    }

    private void label(String name, String value, boolean comma) {
        if (comma) {
            ascii(",");
        }
        if (LabelNames.isClassic(name)) {
            ascii(name);
        } else {
            ascii("\"");
            escaped(name, true);
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
        if (LabelNames.isClassicMetricName(name)) {
            ascii(name);
        } else {
            ascii("\"");
            escaped(name, true);
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
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
}
