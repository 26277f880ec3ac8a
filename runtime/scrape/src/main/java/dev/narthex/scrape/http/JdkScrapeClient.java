// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
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
 * Fetches with the HTTP client of the JDK, which keeps connections open from scrape to scrape and needs no thread each.
 * Follows redirects, speaks HTTP/2 only where TLS negotiates it.
 */
public final class JdkScrapeClient implements ScrapeClient, AutoCloseable {
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("scrape-http/", 0).factory());
    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .executor(executor)
            .build();

    @Override
    public ScrapeResponse fetch(ScrapeRequest request, BodyBuffer into) throws IOException, InterruptedException {
        Body body = new Body(into);
        CompletableFuture<HttpResponse<Void>> answer = null;
        try {
            answer = http.sendAsync(httpRequest(request), _ -> body);
            HttpResponse<Void> response = answer.get(request.timeout().toNanos(), TimeUnit.NANOSECONDS);
            return new ScrapeResponse(
                    response.statusCode(), header(response, "Content-Type"), header(response, "Content-Encoding"));
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

    private static HttpRequest httpRequest(ScrapeRequest request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri()).timeout(request.timeout());
        // Without TLS, asking for HTTP/2 would put an upgrade on every first request.
        builder.version(isSecure(request.uri()) ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
        request.headers().forEach(builder::setHeader);
        return builder.GET().build();
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
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
