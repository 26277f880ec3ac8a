// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import dev.narthex.http.MediaType;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.time.Ticker;
import dev.narthex.storage.ReadCanceledException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, between Vert.x and an {@link Endpoint}. The body is gathered on the event loop, then the
 * endpoint runs on a thread of its own. When the connection closes before the answer is out, that thread is interrupted.
 */
final class Exchange {
    private static final Logger log = Logger.getLogger(Exchange.class);
    private static final byte[] NOTHING = new byte[0];
    /** No more memory is taken for what a client only says that it will send. */
    private static final int MAX_BELIEVED_BYTES = 1 << 20;
    /** What clients send that wait with a large body until it is asked for. */
    private static final String CONTINUE = "100-continue";

    private static final String FORM = "application/x-www-form-urlencoded";

    /** Those whose bodies may be forms. */
    private static final Set<String> FORM_METHODS = Set.of("POST", "PUT", "PATCH");

    /** So many bytes of a body that is refused are read all the same. */
    private static final long LONGEST_PASSED_OVER = 64 << 20;

    private final HttpServerRequest request;
    private final Route route;
    private final Map<String, String> pathValues;
    private final RequestObserver observer;
    private final Ticker ticker;
    private final RequestsInFlight inFlight;
    private final Executor threads;
    private final BodyMemory bodyMemory;
    /** What has come of the body, as long as it is said to be where it is not very long. */
    private byte[] body = NOTHING;

    private int bodyLength;

    /** Guards the fields below: a thread that has finished must not be interrupted. */
    private final Object workerLock = new Object();

    private @Nullable Thread worker;
    private boolean isGone;

    /**
     * An exchange that has not begun.
     *
     * @param threads where endpoints run that may wait
     * @param bodies what the bodies of all requests may take
     */
    Exchange(
            HttpServerRequest request,
            RouteTable.Match match,
            RequestObserver observer,
            Ticker ticker,
            RequestsInFlight inFlight,
            Executor threads,
            MemoryAccount bodies) {
        this.threads = threads;
        this.bodyMemory = new BodyMemory(bodies);
        this.request = request;
        this.route = match.route();
        this.pathValues = match.values();
        this.observer = observer;
        this.ticker = ticker;
        this.inFlight = inFlight;
    }

    /** Takes the request, which may have been paused until now; on its event loop. */
    void begin() {
        if (request.isEnded() || request.method().name().equals("GET")) {
            request.resume();
            dispatch();
            return;
        }
        if (CONTINUE.equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.exceptionHandler(_ -> bodyMemory.giveBackUnlessHanded());
        request.handler(this::gather).endHandler(_ -> dispatch()).resume();
    }

    private void gather(Buffer part) {
        long length = (long) bodyLength + part.length();
        if (length > route.maxBodyBytes()) {
            refuse(413, "request body: more than " + route.maxBodyBytes() + " bytes; send less at once\n");
        } else if (bodyMemory.growTo((int) length)) {
            append(part);
        } else if (bodyMemory.fitsAlone((int) length)) {
            request.response().putHeader("Retry-After", "1");
            refuse(503, "request body: the memory for bodies is taken by other requests; send it again later\n");
        } else {
            refuse(
                    413,
                    "request body: more than " + bodyMemory.mostBytes()
                            + " bytes, which is what the memory of this server allows; send less at once\n");
        }
    }

    private void append(Buffer part) {
        if (bodyLength + part.length() > body.length) {
            int least = bodyLength == 0 ? Math.clamp(announcedBytes(), 0, MAX_BELIEVED_BYTES) : 2 * body.length;
            body = Arrays.copyOf(body, Math.max(bodyLength + part.length(), least));
        }
        part.getBytes(body, bodyLength);
        bodyLength += part.length();
    }

    /** How long the body is to be; -1 where that is not told. */
    private long announcedBytes() {
        String told = request.getHeader("Content-Length");
        try {
            return told == null ? -1 : Long.parseLong(told);
        } catch (NumberFormatException _) {
            return -1; // HTTP/2 does not look at it
        }
    }

    /**
     * Answers before the body has come, and passes over what is left of it: many clients look for an answer behind their
     * body only. Of one that has no end in sight nothing more is read.
     */
    private void refuse(int status, String text) {
        bodyMemory.giveBack();
        request.handler(null).endHandler(null);
        HttpServerResponse response = request.response();
        response.setStatusCode(status).putHeader("Content-Type", Response.PLAIN);
        if (!isHttp2() && !isPassedOver()) {
            response.putHeader("Connection", "close");
        }
        response.end(text);
    }

    private boolean isPassedOver() {
        long announced = announcedBytes();
        return announced >= 0 && announced <= LONGEST_PASSED_OVER;
    }

    private void dispatch() {
        bodyMemory.hand();
        inFlight.begin();
        long startNanos = ticker.nanos();
        if (!route.waits()) {
            answer(startNanos);
            return;
        }
        request.response().closeHandler(_ -> interrupt());
        if (request.response().closed()) {
            // While its password was looked at: nobody is told of that any more.
            bodyMemory.giveBack();
            inFlight.end();
            observer.answered(route.path(), ErrorType.CANCELED.status(), ticker.nanos() - startNanos, 0);
            return;
        }
        try {
            threads.execute(() -> work(startNanos));
        } catch (RejectedExecutionException e) {
            bodyMemory.giveBack();
            inFlight.end();
            request.response()
                    .setStatusCode(503)
                    .putHeader("Content-Type", Response.PLAIN)
                    .end("Service Unavailable");
        }
    }

    private void work(long startNanos) {
        synchronized (workerLock) {
            worker = Thread.currentThread();
            if (isGone) {
                worker.interrupt();
            }
        }
        try {
            answer(startNanos);
        } finally {
            synchronized (workerLock) {
                worker = null;
            }
        }
    }

    private void interrupt() {
        synchronized (workerLock) {
            isGone = true;
            if (worker != null) {
                worker.interrupt();
            }
        }
    }

    private void answer(long startNanos) {
        try {
            Response response = respond();
            long bytes = send(response);
            observer.answered(route.path(), response.status(), ticker.nanos() - startNanos, bytes);
        } catch (IOException | ReadCanceledException e) {
            log.debugf("answer not delivered path=%s err=%s", route.path(), e.getMessage());
            breakOff();
            observer.answered(route.path(), ErrorType.CANCELED.status(), ticker.nanos() - startNanos, 0);
        } catch (RuntimeException e) {
            log.errorf(e, "answer broken off path=%s", route.path());
            breakOff();
            observer.answered(route.path(), ErrorType.INTERNAL.status(), ticker.nanos() - startNanos, 0);
        } finally {
            bodyMemory.giveBack();
            inFlight.end();
        }
    }

    /** Cuts off an answer, so that no client takes it for whole. */
    private void breakOff() {
        if (isHttp2()) {
            request.response().reset();
        } else {
            request.connection().close();
        }
    }

    /** Whether other requests share the connection, which then has no headers of its own. */
    private boolean isHttp2() {
        return request.version() == HttpVersion.HTTP_2;
    }

    private Response respond() {
        try {
            return route.endpoint().handle(request());
        } catch (ApiException e) {
            return JsonEnvelope.error(e.type(), e.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return JsonEnvelope.error(ErrorType.CANCELED, "query was canceled in the request's own time");
        } catch (ReadCanceledException e) {
            return JsonEnvelope.error(ErrorType.CANCELED, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            String id = Integer.toHexString(System.identityHashCode(e));
            log.errorf(e, "request failed path=%s id=%s", route.path(), id);
            return JsonEnvelope.error(ErrorType.INTERNAL, "unexpected failure " + id + "; the log has more under it");
        }
    }

    private Request request() {
        Map<String, String> headers = new HashMap<>();
        MultiMap sent = request.headers();
        for (Map.Entry<String, String> header : sent) {
            headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
        }
        String query = request.query() == null ? "" : utf8(request.query());
        String contentType = headers.getOrDefault("content-type", "");
        boolean mayBeForm = FORM_METHODS.contains(request.method().name());
        String type = "";
        String problem = "";
        if (mayBeForm && !contentType.isEmpty()) {
            try {
                type = MediaType.parse(contentType).name();
            } catch (MediaType.Malformed e) {
                type = e.name();
                problem = String.valueOf(e.getMessage());
            }
        }
        RequestBody content = new RequestBody(body.length == bodyLength ? body : Arrays.copyOf(body, bodyLength));
        SocketAddress remote = request.remoteAddress();
        return new Request(
                request.method().name(),
                request.path() == null ? "" : request.path(),
                FormParameters.parse(type.equals(FORM) ? content.text() : "", query)
                        .after(problem),
                pathValues,
                headers,
                content,
                remote == null || remote.hostAddress() == null ? "" : remote.hostAddress());
    }

    /** A query string that came as bytes, a character each; clients may leave what is no ASCII as it is. */
    private static String utf8(String query) {
        return query.chars().allMatch(c -> c < 0x80)
                ? query
                : new String(query.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private long send(Response answer) throws IOException {
        HttpServerResponse response = request.response();
        response.setStatusCode(answer.status());
        boolean head = request.method().name().equals("HEAD");
        if (!answer.contentType().isEmpty() && !head) {
            response.putHeader("Content-Type", answer.contentType());
        }
        answer.headers().forEach((name, value) -> {
            if (name.equals("Vary") && value.isEmpty()) {
                response.headers().remove(name);
            } else if (!isHttp2() || !name.equals("Connection")) {
                response.putHeader(name, value);
            }
        });
        if (answer.contentType().equals(Response.JSON_LINES)) {
            response.putHeader("Vary", "Origin"); // not Accept-Encoding
        }
        if (head) {
            response.end();
            return 0;
        }
        ContentCoding coding = answer.isCompressible()
                ? ContentCoding.accepted(request.getHeader("Accept-Encoding"), route.compression())
                : ContentCoding.IDENTITY;
        if (coding != ContentCoding.IDENTITY) {
            response.putHeader("Content-Encoding", coding.text());
        }
        // Not closed where the body fails half way: the connection is then cut, so that no client takes it for whole.
        ResponseStream stream = new ResponseStream(response);
        OutputStream coded = coding.over(stream);
        CountingStream counting = new CountingStream(coded);
        answer.body().writeTo(counting);
        counting.close();
        return counting.countBytes();
    }
}
