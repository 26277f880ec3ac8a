// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches by HTTP/2 with the client of the JDK, which keeps connections open from request to request and needs no thread
 * each. Follows no redirects. Safe for use by many threads.
 */
final class Http2Fetcher implements AutoCloseable {
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("http2/", 0).factory());
    private final HttpClient http;

    Http2Fetcher(TlsClient.Generation tls) {
        http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_2)
                .sslContext(tls.context())
                .sslParameters(tls.parameters())
                .executor(executor)
                .build();
    }

    ResponseHead exchange(HttpCall call, Map<String, List<String>> further, BodyBuffer into, Deadline deadline)
            throws IOException, InterruptedException {
        Body body = new Body(into);
        CompletableFuture<HttpResponse<Void>> answer = null;
        try {
            Duration left = deadline.remaining();
            answer = http.sendAsync(request(call, further, left), _ -> body);
            HttpResponse<Void> response = answer.get(left.toNanos(), TimeUnit.NANOSECONDS);
            ResponseHead head = new ResponseHead();
            head.status = response.statusCode();
            head.contentType = header(response, "Content-Type");
            head.contentEncoding = header(response, "Content-Encoding");
            head.location = header(response, "Location");
            return head;
        } catch (TimeoutException _) {
            throw timeout();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            body.close();
            if (answer != null && !answer.isDone()) {
                answer.cancel(true);
            }
        }
    }

    private static HttpRequest request(HttpCall call, Map<String, List<String>> further, Duration timeout)
            throws IOException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(call.uri()).timeout(timeout);
        try {
            call.headers().forEach(builder::setHeader);
            further.forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        } catch (IllegalArgumentException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
        HttpRequest.BodyPublisher body = call.body().isEmpty()
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(call.body());
        return builder.method(call.method(), body).build();
    }

    private static String header(HttpResponse<Void> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static HttpTimeoutException timeout() {
        return new HttpTimeoutException("context deadline exceeded");
    }

    private static IOException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case BodyTooLargeException tooLarge -> tooLarge;
            case HttpTimeoutException _ -> timeout();
            case ConnectException refused -> {
                boolean unknown = refused.getCause() instanceof UnresolvedAddressException
                        || (refused.getCause() != null
                                && refused.getCause().getCause() instanceof UnresolvedAddressException);
                String reason = unknown ? "no such host" : messageOr(refused, "connection refused");
                yield new IOException("connect: " + reason, refused);
            }
            case IOException failed ->
                new IOException(messageOr(failed, failed.getClass().getSimpleName()), failed);
            case null -> new IOException("request failed");
            default -> new IOException(messageOr(cause, cause.getClass().getSimpleName()), cause);
        };
    }

    private static String messageOr(Throwable cause, String otherwise) {
        String message = cause.getMessage();
        return message == null || message.isEmpty() ? otherwise : message;
    }

    @Override
    public void close() {
        http.shutdownNow();
        try {
            http.awaitTermination(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }

    /** Copies what arrives to the buffer until it is closed; then the buffer is the scrape's again. */
    private static final class Body implements HttpResponse.BodySubscriber<Void> {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final BodyBuffer into;
        private Flow.@Nullable Subscription subscription;
        private boolean closed;

        Body(BodyBuffer into) {
            this.into = into;
        }

        @Override
        public CompletionStage<Void> getBody() {
            return done;
        }

        @Override
        public void onSubscribe(Flow.Subscription incoming) {
            subscription = incoming;
            incoming.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> items) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                try {
                    for (ByteBuffer item : items) {
                        into.add(item);
                    }
                    return;
                } catch (BodyTooLargeException e) {
                    closed = true;
                    done.completeExceptionally(e);
                }
            }
            if (subscription != null) {
                subscription.cancel();
            }
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            done.complete(null);
        }

        synchronized void close() {
            closed = true;
        }
    }
}
