// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.StorageFiles;
import dev.narthex.tsdb.block.BlockMeta.Compaction;
import dev.narthex.tsdb.block.BlockMeta.Parent;
import dev.narthex.tsdb.block.BlockMeta.Stats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes meta.json, to the byte as Prometheus does. */
public final class BlockMetaFile {
    static final String FILE = "meta.json";
    private static final int MAX_BYTES = 64 << 20;

    private BlockMetaFile() {}

    /**
     * Reads the meta.json of a block.
     *
     * @throws CorruptBlockException when it cannot be understood
     */
    public static BlockMeta read(StorageFiles files, Path block) throws IOException {
        Path path = block.resolve(FILE);
        byte[] bytes = WholeFile.read(files, path, MAX_BYTES);
        try {
            return parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new CorruptBlockException(path, String.valueOf(e.getMessage()), e);
        }
    }

    /** Puts a meta.json in the place of another. */
    static long replace(StorageFiles files, Path block, BlockMeta meta) throws IOException {
        byte[] bytes = text(meta).getBytes(StandardCharsets.UTF_8);
        WholeFile.replace(files, block.resolve(FILE), ByteBuffer.wrap(bytes));
        return bytes.length;
    }

    static BlockMeta parse(String text) {
        if (!(JsonTree.read(text) instanceof Map<?, ?> root)) {
            throw new IllegalArgumentException("meta.json must be an object");
        }
        long version = number(root, "version");
        if (version != 1) {
            throw new UnknownVersionException("unknown version of meta.json, found " + version + "; 1 is read");
        }
        Ulid ulid = new Ulid(string(root, "ulid"));
        long mint = number(root, "minTime");
        long maxt = number(root, "maxTime");
        if (mint > maxt) {
            throw new IllegalArgumentException("minTime must not be after maxTime, found " + mint + " and " + maxt);
        }
        Map<?, ?> stats = object(root, "stats");
        Map<?, ?> compaction = object(root, "compaction");
        List<Parent> parents = new ArrayList<>();
        for (Object parent : list(compaction, "parents")) {
            if (parent instanceof Map<?, ?> fields) {
                parents.add(new Parent(
                        new Ulid(string(fields, "ulid")), number(fields, "minTime"), number(fields, "maxTime")));
            }
        }
        List<Ulid> sources = new ArrayList<>();
        for (String source : strings(compaction, "sources")) {
            sources.add(new Ulid(source));
        }
        return new BlockMeta(
                ulid,
                mint,
                maxt,
                new Stats(
                        number(stats, "numSamples"),
                        number(stats, "numFloatSamples"),
                        number(stats, "numHistogramSamples"),
                        number(stats, "numSeries"),
                        number(stats, "numChunks"),
                        number(stats, "numTombstones")),
                new Compaction(
                        (int) number(compaction, "level"),
                        sources,
                        Boolean.TRUE.equals(compaction.get("deletable")),
                        parents,
                        Boolean.TRUE.equals(compaction.get("failed")),
                        strings(compaction, "hints")));
    }

    private static long number(Map<?, ?> map, String name) {
        Object value = map.get(name);
        if (value == null) {
            return 0;
        }
        if (value instanceof JsonTree.Number(var text)) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(name + " must be a whole number, found " + text, e);
            }
        }
        throw new IllegalArgumentException(name + " must be a number");
    }

    private static String string(Map<?, ?> map, String name) {
        if (map.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(name + " must be a text");
    }

    private static Map<?, ?> object(Map<?, ?> map, String name) {
        Object value = map.get(name);
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> object) {
            return object;
        }
        throw new IllegalArgumentException(name + " must be an object");
    }

    private static List<? extends @Nullable Object> list(Map<?, ?> map, String name) {
        Object value = map.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(name + " must be a list");
    }

    private static List<String> strings(Map<?, ?> map, String name) {
        List<String> strings = new ArrayList<>();
        for (Object value : list(map, name)) {
            if (!(value instanceof String text)) {
                throw new IllegalArgumentException(name + " must be a list of texts");
            }
            strings.add(text);
        }
        return strings;
    }

    static String text(BlockMeta meta) {
        Lines lines = new Lines();
        lines.open('{');
        lines.field("ulid", quoted(meta.ulid().text()));
        lines.field("minTime", Long.toString(meta.minTimeMs()));
        lines.field("maxTime", Long.toString(meta.maxTimeMs()));
        lines.name("stats");
        lines.open('{');
        Stats stats = meta.stats();
        lines.count("numSamples", stats.samples());
        lines.count("numFloatSamples", stats.floatSamples());
        lines.count("numHistogramSamples", stats.histogramSamples());
        lines.count("numSeries", stats.series());
        lines.count("numChunks", stats.chunks());
        lines.count("numTombstones", stats.tombstones());
        lines.close('}');
        lines.name("compaction");
        lines.open('{');
        Compaction compaction = meta.compaction();
        lines.field("level", Integer.toString(compaction.level()));
        lines.strings("sources", compaction.sources().stream().map(Ulid::text).toList());
        if (compaction.deletable()) {
            lines.field("deletable", "true");
        }
        if (!compaction.parents().isEmpty()) {
            lines.name("parents");
            lines.open('[');
            for (Parent parent : compaction.parents()) {
                lines.begin();
                lines.open('{');
                lines.field("ulid", quoted(parent.ulid().text()));
                lines.field("minTime", Long.toString(parent.minTimeMs()));
                lines.field("maxTime", Long.toString(parent.maxTimeMs()));
                lines.close('}');
            }
            lines.close(']');
        }
        if (compaction.failed()) {
            lines.field("failed", "true");
        }
        lines.strings("hints", compaction.hints());
        lines.close('}');
        lines.field("version", "1");
        lines.close('}');
        return lines.text.toString();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** JSON with a tab a level, as Go's MarshalIndent has it: nothing within an object without fields. */
    private static final class Lines {
        private final StringBuilder text = new StringBuilder();
        private int depth;
        private boolean first = true;

        void open(char c) {
            text.append(c);
            depth++;
            first = true;
        }

        void close(char c) {
            depth--;
            if (!first) {
                text.append('\n').repeat('\t', depth);
            }
            text.append(c);
            first = false;
        }

        void begin() {
            text.append(first ? "\n" : ",\n").repeat('\t', depth);
            first = false;
        }

        void name(String name) {
            begin();
            text.append(quoted(name)).append(": ");
        }

        void field(String name, String value) {
            name(name);
            text.append(value);
        }

        void count(String name, long value) {
            if (value != 0) {
                field(name, Long.toString(value));
            }
        }

        void strings(String name, List<String> values) {
            if (values.isEmpty()) {
                return;
            }
            name(name);
            open('[');
            for (String value : values) {
                begin();
                text.append(quoted(value));
            }
            close(']');
        }
    }
}
