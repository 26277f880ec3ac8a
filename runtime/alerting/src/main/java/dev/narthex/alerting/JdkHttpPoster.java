// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends HTTP requests by the JDK's client. */
public final class JdkHttpPoster implements HttpPoster, AutoCloseable {
    private static final int BODY_LIMIT = 512;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final String userAgent;
    private @Nullable HttpClient client;
    private boolean closed;

    /** @param userAgent the name and version under which requests are sent: {@code Narthex/0.1.0} */
    public JdkHttpPoster(String userAgent) {
        this.userAgent = userAgent;
    }

    /** Made for the first request, as it reads all certificates that the machine trusts. */
    private synchronized HttpClient client() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        if (client == null) {
            client = HttpClient.newBuilder()
                    .connectTimeout(CONNECT_LIMIT)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
        }
        return client;
    }

    @Override
    public Answer post(URI uri, byte[] json, Duration limit) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(limit)
                .header("Content-Type", "application/json")
                .header("User-Agent", userAgent)
                .POST(HttpRequest.BodyPublishers.ofByteArray(json))
                .build();
        // The limit of the request ends with the head of the answer, behind which a server may be silent for ever.
        CompletableFuture<HttpResponse<String>> answer = client().sendAsync(request, _ -> new BodyStart(BODY_LIMIT));
        try {
            HttpResponse<String> response = answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return new Answer(response.statusCode(), response.body().strip());
        } catch (TimeoutException _) {
            throw new HttpTimeoutException("no answer in time");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.shutdownNow();
        }
    }
}
