// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.Exemplar;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.head.LabelBytes;
import dev.narthex.tsdb.wal.ExemplarRecords;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.MetadataRecords;
import dev.narthex.tsdb.wal.MmapMarkerRecords;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.TombstoneRecords;
import dev.narthex.tsdb.wal.WalBatch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Records of the log with 1,000 entries each: time for each entry. Those of float samples are part of {@link
 * HeadAppendBenchmark} and {@link ReplayBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LogRecordBenchmark {
    static final int ENTRIES = 1000;
    private static final long START_MS = 1_767_225_600_000L;

    /** What a record holds. */
    public enum Kind {
        SERIES(RecordType.SERIES),
        HISTOGRAMS(RecordType.HISTOGRAMS),
        FLOAT_HISTOGRAMS(RecordType.FLOAT_HISTOGRAMS),
        CUSTOM_HISTOGRAMS(RecordType.CUSTOM_HISTOGRAMS),
        EXEMPLARS(RecordType.EXEMPLARS),
        METADATA(RecordType.METADATA),
        TOMBSTONES(RecordType.TOMBSTONES),
        MARKERS(RecordType.MMAP_MARKERS);

        private final int type;

        Kind(int type) {
            this.type = type;
        }
    }

    @Param
    Kind kind = Kind.SERIES;

    private final WalBatch batch = new WalBatch();
    private final RecordReader reader = new RecordReader();
    private final byte[][] labels = new byte[ENTRIES][];
    private final LabelBytes decoded = new LabelBytes();
    private final Exemplar exemplar =
            new Exemplar(Labels.of("trace_id", "0af7651916cd43dd8448eb211c80319c"), 0.25, START_MS);
    private final Metadata metadata =
            new Metadata(MetricType.COUNTER, "seconds", "How long requests took until their answer was written.");
    private final NativeHistogram integers = new IntegerHistogram(
            CounterResetHint.UNKNOWN,
            HistogramLayout.exponential(3, 0x1p-128, List.of(new BucketSpan(-5, 10)), List.of()),
            55,
            0,
            12.5,
            new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
            new long[0]);
    private final NativeHistogram floats = new FloatHistogram(
            CounterResetHint.UNKNOWN,
            HistogramLayout.exponential(3, 0x1p-128, List.of(new BucketSpan(-5, 10)), List.of()),
            55,
            0,
            12.5,
            new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
            new double[0]);
    private final NativeHistogram custom = new IntegerHistogram(
            CounterResetHint.UNKNOWN,
            HistogramLayout.custom(List.of(0.1, 0.5, 1.0, 5.0), List.of(new BucketSpan(0, 5))),
            15,
            0,
            12.5,
            new long[] {1, 2, 3, 4, 5},
            new long[0]);

    private byte[] record = new byte[0];
    private long sum;

    @Setup
    public void make() {
        for (int i = 0; i < ENTRIES; i++) {
            batch.clear();
            batch.putUvarint(4);
            for (String text : List.of(
                    Labels.METRIC_NAME,
                    "http_requests_total",
                    "instance",
                    "10.0.0." + i % 250 + ":9100",
                    "job",
                    "shop",
                    "path",
                    "/api/" + i)) {
                batch.putString(text);
            }
            labels[i] = new byte[batch.sizeBytes()];
            batch.copyTo(labels[i], 0);
        }
        int size = encode();
        record = new byte[size];
        batch.copyTo(record, 0);
    }

    /** Makes a record as a commit does; its bytes. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public int encode() {
        batch.clear();
        batch.begin(kind.type);
        switch (kind) {
            case HISTOGRAMS, FLOAT_HISTOGRAMS, CUSTOM_HISTOGRAMS, EXEMPLARS -> batch.putSamplesBase(1, START_MS);
            default -> {}
        }
        for (int i = 0; i < ENTRIES; i++) {
            put(i);
        }
        batch.end();
        return batch.sizeBytes();
    }

    private void put(int i) {
        switch (kind) {
            case SERIES -> {
                byte[] of = labels[i];
                byte[] into = batch.putSeriesRef(i + 1, of.length);
                System.arraycopy(of, 0, into, batch.position(), of.length);
                batch.setPosition(batch.position() + of.length);
            }
            case HISTOGRAMS -> HistogramRecords.write(batch, i, 0, integers);
            case FLOAT_HISTOGRAMS -> HistogramRecords.write(batch, i, 0, floats);
            case CUSTOM_HISTOGRAMS -> HistogramRecords.write(batch, i, 0, custom);
            case EXEMPLARS -> ExemplarRecords.write(batch, i, 0, exemplar);
            case METADATA -> MetadataRecords.write(batch, i + 1, metadata);
            case TOMBSTONES -> TombstoneRecords.write(batch, i + 1, START_MS, START_MS + 60_000);
            case MARKERS -> MmapMarkerRecords.write(batch, i + 1, (7L << 32) + 200L * i);
        }
    }

    /** Reads a record as a replay does; something of each entry. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long decode() {
        sum = 0;
        reader.reset(record, 1, record.length);
        boolean good = switch (kind) {
            case SERIES -> decodeSeries();
            case HISTOGRAMS, FLOAT_HISTOGRAMS, CUSTOM_HISTOGRAMS ->
                HistogramRecords.read(kind.type, reader, (ref, _, _, _) -> sum += ref);
            case EXEMPLARS -> ExemplarRecords.read(reader, (ref, _) -> sum += ref);
            case METADATA -> MetadataRecords.read(reader, (ref, _) -> sum += ref);
            case TOMBSTONES -> TombstoneRecords.read(reader, (ref, _, _) -> sum += ref);
            case MARKERS -> MmapMarkerRecords.read(reader, (ref, _) -> sum += ref);
        };
        if (!good) {
            throw new IllegalStateException("benchmark: the record cannot be read, found " + kind);
        }
        return sum;
    }

    private boolean decodeSeries() {
        for (int at = 1; at < record.length; ) {
            at = decoded.wrap(record, at + Long.BYTES, record.length);
            if (at < 0 || !decoded.isCanonical()) {
                return false;
            }
            sum += decoded.count();
        }
        return true;
    }
}
