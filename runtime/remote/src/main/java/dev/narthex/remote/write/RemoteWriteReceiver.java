// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import dev.narthex.storage.Appendable;
import dev.narthex.storage.Appender;
import dev.narthex.wire.ProtobufException;
import dev.narthex.wire.SnappyBlock;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes remote write requests into a storage, each as one transaction. Safe for use by many threads.
 *
 * <p>A series that was sent before costs a hash of its labels and a look-up; nothing is allocated for it. Answers are
 * those of Prometheus' receiver: 204 for what was taken, 400 and 415 for what will never be, 500 for what may be sent
 * again.
 */
public final class RemoteWriteReceiver {
    private static final Logger log = Logger.getLogger(RemoteWriteReceiver.class);
    /** How far a clock may be ahead of ours, as in Prometheus. */
    private static final Duration AHEAD = Duration.ofMinutes(10);
    /** What a request needed more room for is not kept. */
    private static final int LARGEST_KEPT = 8 << 20;

    private static final int MOST_KEPT = 64;

    /** What is unpacked is read into series, samples and records of the log beside it. */
    private static final int COPIES = 2;

    private final Appendable storage;
    private final InstantSource clock;
    private final RemoteWriteConfig config;
    private final SeriesReferences references;
    private final long seedHigh;
    private final long seedLow;
    private final ArrayBlockingQueue<Workspace> workspaces;
    private final RequestMemory memory;
    private final LongAdder invalidSamples = new LongAdder();

    /** A receiver that may take what memory it likes. */
    public RemoteWriteReceiver(
            Appendable storage, InstantSource clock, RandomGenerator random, RemoteWriteConfig config) {
        this(storage, clock, random, config, RequestMemory.UNLIMITED);
    }

    /** @param memory what all requests may take together, with what they are unpacked to */
    public RemoteWriteReceiver(
            Appendable storage,
            InstantSource clock,
            RandomGenerator random,
            RemoteWriteConfig config,
            RequestMemory memory) {
        this.memory = memory;
        workspaces = new ArrayBlockingQueue<>(Math.clamp(memory.limitBytes() / LARGEST_KEPT, 2, MOST_KEPT));
        this.storage = storage;
        this.clock = clock;
        this.config = config;
        references = new SeriesReferences(config.rememberedSeries());
        seedHigh = random.nextLong();
        seedLow = random.nextLong();
    }

    /** What one request needs, used again by another. */
    private final class Workspace {
        private byte[] decoded = {};
        private final WriteRequestV1 first;
        private final WriteRequestV2 second;

        Workspace(Appender none) {
            Hash128 hash = new Hash128(seedHigh, seedLow);
            first = new WriteRequestV1(hash, references, none);
            second = new WriteRequestV2(hash, references, config.startTimestamps(), none);
        }

        long heldBytes() {
            return decoded.length + first.heldBytes() + second.heldBytes();
        }
    }

    /**
     * Takes a request.
     *
     * @param contentType the header, empty where it is missing
     * @param contentEncoding the header, empty where it is missing
     * @param body compressed by Snappy's block format
     */
    public RemoteWriteAnswer receive(String contentType, String contentEncoding, byte[] body) {
        try {
            if (!contentEncoding.isEmpty() && !contentEncoding.equals("snappy")) {
                throw new RemoteWriteException(
                        RemoteWriteAnswer.UNSUPPORTED_MEDIA_TYPE,
                        contentEncoding
                                + " encoding (compression) is not accepted by this server; only snappy is acceptable");
            }
            RemoteWriteMessage message = RemoteWriteMessage.of(contentType, config.accepted());
            return receive(message, body);
        } catch (RemoteWriteException e) {
            return new RemoteWriteAnswer(e.status(), e.text(), null);
        } catch (ProtobufException e) {
            return new RemoteWriteAnswer(RemoteWriteAnswer.BAD_REQUEST, String.valueOf(e.getMessage()), null);
        } catch (IOException e) {
            log.errorf("remote write not stored err=%s", e.getMessage());
            return new RemoteWriteAnswer(RemoteWriteAnswer.INTERNAL, String.valueOf(e.getMessage()), null);
        }
    }

    private RemoteWriteAnswer receive(RemoteWriteMessage message, byte[] body)
            throws RemoteWriteException, IOException {
        long bytes = (long) COPIES * requireUnpackable(body);
        if (!memory.tryTake(bytes)) {
            throw exhausted(null);
        }
        try (Appender appender = storage.appender()) {
            Workspace kept = workspaces.poll();
            Workspace workspace = kept == null ? new Workspace(appender) : kept;
            try {
                int length = decode(workspace, body);
                workspace.first.memory.begin(memory);
                workspace.second.memory.begin(memory);
                return switch (message) {
                    case V1 -> receiveV1(workspace, length, appender);
                    case V2 -> receiveV2(workspace, length, appender);
                };
            } catch (GrownMemory.ExhaustedException e) {
                throw exhausted(e);
            } finally {
                workspace.first.memory.end();
                workspace.second.memory.end();
                if (workspace.heldBytes() <= LARGEST_KEPT) {
                    workspaces.offer(workspace);
                }
            }
        } finally {
            memory.giveBack(bytes);
        }
    }

    private RemoteWriteException exhausted(GrownMemory.@Nullable ExhaustedException cause) {
        RemoteWriteException refusal = new RemoteWriteException(
                RemoteWriteAnswer.UNAVAILABLE,
                "the memory for requests is taken by others: " + memory.limitBytes() + " bytes; send it again later");
        if (cause != null) {
            refusal.initCause(cause);
        }
        return refusal;
    }

    /** How long a request is unpacked; 0 for one that cannot be unpacked, which is told later. */
    private int requireUnpackable(byte[] body) throws RemoteWriteException {
        int length = SnappyBlock.uncompressedLength(body, 0, body.length);
        long most = Math.min(config.maxDecodedBytes(), memory.limitBytes() / (2 * COPIES));
        if (length > most) {
            throw new RemoteWriteException(
                    RemoteWriteAnswer.BAD_REQUEST,
                    "snappy: decoded block is too large: " + length + " bytes, " + most
                            + " are accepted; send less at once");
        }
        return Math.max(0, length);
    }

    private static int decode(Workspace workspace, byte[] body) throws RemoteWriteException {
        int length = SnappyBlock.uncompressedLength(body, 0, body.length);
        if (length >= 0 && workspace.decoded.length < length) {
            workspace.decoded = new byte[Math.max(length, 2 * workspace.decoded.length)];
        }
        if (length < 0 || !SnappyBlock.uncompress(body, 0, body.length, workspace.decoded, 0, length)) {
            throw new RemoteWriteException(RemoteWriteAnswer.BAD_REQUEST, "snappy: corrupt input");
        }
        return length;
    }

    private RemoteWriteAnswer receiveV1(Workspace workspace, int length, Appender appender)
            throws RemoteWriteException, IOException {
        WriteRequestV1 request = workspace.first;
        try {
            request.read(workspace.decoded, length, appender, newestMs());
        } finally {
            noteInvalid(request.invalidSamples());
        }
        appender.commit();
        String refused = request.refused();
        return refused == null
                ? new RemoteWriteAnswer(RemoteWriteAnswer.NO_CONTENT, "", null)
                : new RemoteWriteAnswer(RemoteWriteAnswer.BAD_REQUEST, refused, null);
    }

    private RemoteWriteAnswer receiveV2(Workspace workspace, int length, Appender appender)
            throws RemoteWriteException, IOException {
        WriteRequestV2 request = workspace.second;
        try {
            request.read(workspace.decoded, length, appender, newestMs());
        } catch (ProtobufException e) {
            return new RemoteWriteAnswer(
                    RemoteWriteAnswer.BAD_REQUEST,
                    String.valueOf(e.getMessage()),
                    new RemoteWriteAnswer.Written(0, 0, 0));
        } finally {
            noteInvalid(request.invalidSamples());
        }
        appender.commit();
        String reasons = request.reasons();
        return new RemoteWriteAnswer(
                reasons.isEmpty() ? RemoteWriteAnswer.NO_CONTENT : RemoteWriteAnswer.BAD_REQUEST,
                reasons,
                request.written());
    }

    private void noteInvalid(long samples) {
        if (samples > 0) {
            invalidSamples.add(samples);
            log.debugf("remote write: labels of no series, left out samples=%d", samples);
        }
    }

    private long newestMs() {
        return clock.millis() + AHEAD.toMillis();
    }

    /** How many requests find what they need there already. */
    int kept() {
        return workspaces.size();
    }

    /** Samples and histograms that were rejected since their labels are not those of a series. */
    public long invalidSamples() {
        return invalidSamples.sum();
    }
}
