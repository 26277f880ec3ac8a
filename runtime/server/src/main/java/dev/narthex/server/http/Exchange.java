// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import dev.narthex.model.time.Ticker;
import dev.narthex.storage.ReadCanceledException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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

    private static final String FORM = "application/x-www-form-urlencoded";

    private final RoutingContext context;
    private final Route route;
    private final RequestObserver observer;
    private final Ticker ticker;
    private final RequestsInFlight inFlight;
    private final Executor threads;
    /** What has come of the body, as long as it is said to be where it is not very long. */
    private byte[] body = NOTHING;

    private int bodyLength;

    /** Guards the fields below: a thread that has finished must not be interrupted. */
    private final Object workerLock = new Object();

    private @Nullable Thread worker;
    private boolean isGone;

    /** @param threads where endpoints run that may wait */
    Exchange(
            RoutingContext context,
            Route route,
            RequestObserver observer,
            Ticker ticker,
            RequestsInFlight inFlight,
            Executor threads) {
        this.threads = threads;
        this.context = context;
        this.route = route;
        this.observer = observer;
        this.ticker = ticker;
        this.inFlight = inFlight;
    }

    /** Takes the request, which may have been paused until now; on its event loop. */
    void begin() {
        HttpServerRequest request = context.request();
        if (request.isEnded() || request.method().name().equals("GET")) {
            request.resume();
            dispatch();
            return;
        }
        request.handler(this::gather).endHandler(_ -> dispatch()).resume();
    }

    private void gather(Buffer part) {
        if ((long) bodyLength + part.length() > route.maxBodyBytes()) {
            context.request().handler(null).endHandler(null);
            HttpServerResponse response = context.response();
            response.setStatusCode(413).putHeader("Content-Type", Response.PLAIN);
            if (!isHttp2()) {
                response.putHeader("Connection", "close");
            }
            response.end("request body: more than " + route.maxBodyBytes() + " bytes; send less at once\n");
            return;
        }
        if (bodyLength + part.length() > body.length) {
            int least = bodyLength == 0 ? announcedBytes() : 2 * body.length;
            body = Arrays.copyOf(body, Math.max(bodyLength + part.length(), least));
        }
        part.getBytes(body, bodyLength);
        bodyLength += part.length();
    }

    /** How long the body is to be, as far as that is told and is not very much. */
    private int announcedBytes() {
        String told = context.request().getHeader("Content-Length");
        if (told == null) {
            return 0;
        }
        try {
            return Math.clamp(Long.parseLong(told), 0, MAX_BELIEVED_BYTES);
        } catch (NumberFormatException _) {
            return 0; // HTTP/2 does not look at it
        }
    }

    private void dispatch() {
        inFlight.begin();
        long startNanos = ticker.nanos();
        if (!route.waits()) {
            answer(startNanos);
            return;
        }
        context.response().closeHandler(_ -> interrupt());
        if (context.response().closed()) {
            // While its password was looked at: nobody is told of that any more.
            inFlight.end();
            observer.answered(route.path(), ErrorType.CANCELED.status(), ticker.nanos() - startNanos, 0);
            return;
        }
        try {
            threads.execute(() -> work(startNanos));
        } catch (RejectedExecutionException e) {
            inFlight.end();
            context.response()
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
            inFlight.end();
        }
    }

    /** Cuts off an answer, so that no client takes it for whole. */
    private void breakOff() {
        if (isHttp2()) {
            context.response().reset();
        } else {
            context.request().connection().close();
        }
    }

    /** Whether other requests share the connection, which then has no headers of its own. */
    private boolean isHttp2() {
        return context.request().version() == HttpVersion.HTTP_2;
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
        HttpServerRequest request = context.request();
        Map<String, String> headers = new HashMap<>();
        MultiMap sent = request.headers();
        for (Map.Entry<String, String> header : sent) {
            headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
        }
        String query = request.query() == null ? "" : request.query();
        String contentType = headers.getOrDefault("content-type", "");
        boolean isForm = contentType.split(";", 2)[0].strip().equalsIgnoreCase(FORM);
        RequestBody content = new RequestBody(body.length == bodyLength ? body : Arrays.copyOf(body, bodyLength));
        SocketAddress remote = request.remoteAddress();
        return new Request(
                request.method().name(),
                request.path() == null ? "" : request.path(),
                FormParameters.parse(isForm ? content.text() : "", query),
                context.pathParams(),
                headers,
                content,
                remote == null || remote.hostAddress() == null ? "" : remote.hostAddress());
    }

    private long send(Response answer) throws IOException {
        HttpServerResponse response = context.response();
        response.setStatusCode(answer.status());
        boolean head = context.request().method().name().equals("HEAD");
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
        ContentCoding coding = answer.isCompressible() && route.isCompressed()
                ? ContentCoding.accepted(context.request().getHeader("Accept-Encoding"))
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
