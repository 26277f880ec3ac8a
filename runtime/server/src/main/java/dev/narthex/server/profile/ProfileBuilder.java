// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.profile;

import dev.narthex.wire.ProtobufWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Gathers samples of stacks and writes them as a profile of pprof (profile.proto), compressed. For one thread. */
final class ProfileBuilder {
    /** Fields of the message Profile. */
    private static final int SAMPLE_TYPE = 1;

    private static final int SAMPLE = 2;
    private static final int LOCATION = 4;
    private static final int FUNCTION = 5;
    private static final int STRING = 6;
    private static final int TIME = 9;
    private static final int DURATION = 10;
    private static final int PERIOD_TYPE = 11;
    private static final int PERIOD = 12;
    private static final int COMMENT = 13;

    /** What a column of values holds. */
    record ValueType(String type, String unit) {}

    /** A place in the program; the line is 0 where there is none. */
    record Frame(String function, String file, int line) {
        static Frame of(StackTraceElement element) {
            String file = element.getFileName();
            return new Frame(
                    element.getClassName() + "." + element.getMethodName(),
                    file == null ? "" : file,
                    Math.max(0, element.getLineNumber()));
        }
    }

    private record Function(String name, String file) {}

    private final List<ValueType> types;
    private final Map<String, Integer> strings = new LinkedHashMap<>();
    private final Map<Function, Integer> functions = new LinkedHashMap<>();
    private final Map<Frame, Integer> locations = new LinkedHashMap<>();
    private final Map<List<Integer>, long[]> samples = new LinkedHashMap<>();
    private final ProtobufWriter head = new ProtobufWriter();

    ProfileBuilder(ValueType... types) {
        this.types = List.of(types);
        int _ = string("");
        this.types.forEach(type -> head.message(SAMPLE_TYPE, message(type)));
    }

    private ProtobufWriter message(ValueType type) {
        return new ProtobufWriter().int64(1, string(type.type())).int64(2, string(type.unit()));
    }

    private int string(String text) {
        return strings.computeIfAbsent(text, _ -> strings.size());
    }

    /** What one sample stands for. */
    ProfileBuilder period(ValueType type, long period) {
        head.message(PERIOD_TYPE, message(type)).int64(PERIOD, period);
        return this;
    }

    ProfileBuilder time(Instant start, Duration duration) {
        head.int64(TIME, start.getEpochSecond() * 1_000_000_000 + start.getNano())
                .int64(DURATION, duration.toNanos());
        return this;
    }

    /** Something that whoever reads the profile is to know. */
    ProfileBuilder comment(String text) {
        head.int64(COMMENT, string(text));
        return this;
    }

    /**
     * Adds a sample.
     *
     * @param stack the innermost frame first
     * @param values one for each type, added to those of the same stack
     */
    void add(List<Frame> stack, long... values) {
        List<Integer> key = new ArrayList<>(stack.size());
        for (Frame frame : stack) {
            key.add(locations.computeIfAbsent(frame, _ -> locations.size() + 1));
            functions.computeIfAbsent(new Function(frame.function(), frame.file()), _ -> functions.size() + 1);
        }
        long[] sums = samples.computeIfAbsent(key, _ -> new long[types.size()]);
        for (int i = 0; i < sums.length; i++) {
            sums[i] += values[i];
        }
    }

    void writeTo(OutputStream out) throws IOException {
        ProtobufWriter profile = new ProtobufWriter().raw(head);
        samples.forEach((stack, values) -> {
            ProtobufWriter sample = new ProtobufWriter();
            stack.forEach(location -> sample.int64(1, location));
            for (long value : values) {
                sample.int64(2, value);
            }
            profile.message(SAMPLE, sample);
        });
        locations.forEach((frame, id) -> {
            int function = functions.getOrDefault(new Function(frame.function(), frame.file()), 0);
            profile.message(
                    LOCATION,
                    new ProtobufWriter()
                            .int64(1, id)
                            .message(4, new ProtobufWriter().int64(1, function).int64(2, frame.line())));
        });
        functions.forEach((function, id) -> {
            int name = string(function.name());
            profile.message(
                    FUNCTION,
                    new ProtobufWriter()
                            .int64(1, id)
                            .int64(2, name)
                            .int64(3, name)
                            .int64(4, string(function.file())));
        });
        for (String text : strings.keySet()) {
            profile.text(STRING, text);
        }
        GZIPOutputStream compressed = new GZIPOutputStream(out);
        compressed.write(profile.array(), 0, profile.size());
        compressed.finish();
    }
}
