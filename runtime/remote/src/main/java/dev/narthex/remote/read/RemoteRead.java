// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.read;

import dev.narthex.model.Labels;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.ReadMemoryException;
import dev.narthex.storage.ReadProgress;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SeriesSet;
import dev.narthex.wire.ProtobufWriter;
import dev.narthex.wire.SnappyCompressor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Answers remote read requests from a storage. Safe for use by many threads. */
public final class RemoteRead {
    /** What a request may have uncompressed; it is questions alone. */
    private static final int MAX_REQUEST_BYTES = 32 << 20;

    /** A series is in a result, in the answer, and in what is compressed of it; arrays have room to grow. */
    private static final int COPIES = 4;

    private final Queryable storage;
    private final Supplier<Labels> externalLabels;
    private final RemoteReadConfig config;
    private final Supplier<Room> rooms;
    private final Semaphore running;
    private final AtomicInteger active = new AtomicInteger();

    /** One whose answers may take what memory they like. */
    public RemoteRead(Queryable storage, Supplier<Labels> externalLabels, RemoteReadConfig config) {
        this(storage, externalLabels, config, () -> Room.UNLIMITED);
    }

    /**
     * Makes it.
     *
     * @param externalLabels labels that each series leaves with, unless it has them itself
     * @param rooms gives the memory of one answer that is not streamed
     */
    public RemoteRead(
            Queryable storage, Supplier<Labels> externalLabels, RemoteReadConfig config, Supplier<Room> rooms) {
        this.rooms = rooms;
        this.storage = storage;
        this.externalLabels = externalLabels;
        this.config = config;
        this.running = new Semaphore(config.maxConcurrent() == 0 ? Integer.MAX_VALUE : config.maxConcurrent());
    }

    /** Requests that are being answered or wait for their turn. */
    public int active() {
        return active.get();
    }

    /** What is answered. */
    public sealed interface Answer {
        /** All at once: a message {@code ReadResponse}, compressed by Snappy. */
        @SuppressWarnings("ArrayRecordComponent") // it is sent, never compared
        record Samples(byte[] body) implements Answer {}

        /** Frame by frame, as it is read. */
        record Stream(Frames frames) implements Answer {}

        /** No answer. */
        record Refused(int status, String text) implements Answer {}
    }

    /** The memory that one answer may take. For one thread. */
    public interface Room extends AutoCloseable {
        /** Takes all that is asked for. */
        Room UNLIMITED = new Room() {
            @Override
            public String take(long bytes) {
                return "";
            }

            @Override
            public void close() {}
        };

        /**
         * Counts bytes that are to be taken.
         *
         * @return what is wrong where they are too many, empty where they are not
         */
        String take(long bytes);

        /** Gives all of it back. */
        @Override
        void close();
    }

    /** Writes a streamed answer. */
    @FunctionalInterface
    public interface Frames {
        /** Writes all frames; called once. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Answers a request.
     *
     * @param body as it was sent
     * @throws InterruptedException when the client has gone away
     */
    public Answer answer(byte[] body) throws InterruptedException {
        Labels external = externalLabels.get();
        try {
            ReadRequest request = ReadRequest.parse(body, MAX_REQUEST_BYTES);
            List<Selection> selections = new ArrayList<>();
            for (ReadRequest.Query query : request.queries()) {
                selections.add(Selection.of(query, external));
            }
            return request.isStreamed()
                    ? new Answer.Stream(out -> stream(selections, external, out))
                    : new Answer.Samples(samples(selections, external));
        } catch (RemoteReadException e) {
            return new Answer.Refused(e.status(), String.valueOf(e.getMessage()));
        }
    }

    private byte[] samples(List<Selection> selections, Labels external)
            throws RemoteReadException, InterruptedException {
        active.incrementAndGet();
        boolean runs = false;
        try (Room room = rooms.get()) {
            running.acquire();
            runs = true;
            SeriesMessage message = new SeriesMessage(external);
            ProtobufWriter response = new ProtobufWriter();
            ProtobufWriter result = new ProtobufWriter();
            for (Selection selection : selections) {
                result.clear();
                addSeries(selection, message, result, room);
                response.message(1, result);
            }
            byte[] compressed = new byte[SnappyCompressor.maxLength(response.size())];
            int end = new SnappyCompressor().compress(response.array(), 0, response.size(), compressed, 0);
            return Arrays.copyOf(compressed, end);
        } finally {
            active.decrementAndGet();
            if (runs) {
                running.release();
            }
        }
    }

    private void addSeries(Selection selection, SeriesMessage message, ProtobufWriter result, Room room)
            throws RemoteReadException, InterruptedException {
        if (selection.matchers().isEmpty()) {
            return;
        }
        ProtobufWriter series = new ProtobufWriter();
        SampleBuffer samples = new SampleBuffer(new ReadProgress());
        long count = 0;
        try (Querier querier = storage.querier(selection.startMs(), selection.endMs())) {
            SeriesSet set = querier.select(selection.hints(), selection.matchers());
            while (set.next()) {
                interruption();
                samples.clear();
                if (!selection.isOfSeriesAlone()) {
                    set.samples(samples);
                    if (samples.isEmpty()) {
                        continue;
                    }
                }
                count += samples.size();
                if (config.maxSamples() > 0 && count > config.maxSamples()) {
                    throw new RemoteReadException(400, "exceeded sample limit (" + config.maxSamples() + ")");
                }
                series.clear();
                message.labels(set.labels(), series);
                message.samples(samples, series);
                String refusal = room.take((long) COPIES * series.size());
                if (!refusal.isEmpty()) {
                    throw new RemoteReadException(400, refusal + ", or for streamed chunks");
                }
                result.message(1, series);
            }
        } catch (ReadMemoryException e) {
            throw new RemoteReadException(400, String.valueOf(e.getMessage()));
        }
    }

    private static void interruption() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("remote read: the client has gone away");
        }
    }

    private static IOException gone() {
        return new InterruptedIOException("remote read: the client has gone away");
    }

    private void stream(List<Selection> selections, Labels external, OutputStream out) throws IOException {
        active.incrementAndGet();
        try {
            running.acquire();
        } catch (InterruptedException e) {
            active.decrementAndGet();
            Thread.currentThread().interrupt();
            IOException gone = gone();
            gone.initCause(e);
            throw gone;
        }
        try {
            FrameWriter frames = new FrameWriter(new SeriesMessage(external), config.maxFrameBytes(), out);
            for (int i = 0; i < selections.size(); i++) {
                Selection selection = selections.get(i);
                if (selection.matchers().isEmpty()) {
                    continue;
                }
                try (Querier querier = storage.querier(selection.startMs(), selection.endMs())) {
                    ChunkSeriesSet set = querier.chunks(selection.hints(), selection.matchers());
                    while (set.nextSeries()) {
                        if (Thread.currentThread().isInterrupted()) {
                            throw gone();
                        }
                        frames.write(set, i);
                    }
                }
            }
        } catch (ReadMemoryException e) {
            // The answer has begun: it is cut off, so that nobody takes it for whole.
            throw new IOException("remote read: " + e.getMessage(), e);
        } finally {
            active.decrementAndGet();
            running.release();
        }
    }
}
