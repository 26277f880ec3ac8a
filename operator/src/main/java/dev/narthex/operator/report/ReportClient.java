// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.report;

import dev.narthex.operator.report.ReportAnswer.Answered;
import dev.narthex.operator.report.ReportAnswer.Unreachable;
import dev.narthex.operator.settings.OperatorSettings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
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

/** Asks runtimes what they do. */
@Singleton
public class ReportClient {
    private static final String PATH = "/api/v1/status/resources";

    private final String urlTemplate;
    private final Duration timeout;
    private final HttpClient http;
    private final ReportParser parser = new ReportParser();

    @Inject
    ReportClient(OperatorSettings settings) {
        this(settings.runtime().url(), settings.report().timeout());
    }

    ReportClient(String urlTemplate, Duration timeout) {
        this.urlTemplate = urlTemplate;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    /** Asks the runtime of a StorageVolume; waits for the answer at most for the configured time. */
    public ReportAnswer ask(String namespace, String name) {
        String url = urlTemplate.replace("{namespace}", namespace).replace("{name}", name) + PATH;
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(timeout).build();
            HttpResponse<byte[]> response = send(request);
            if (response.statusCode() != 200) {
                return new Unreachable(url + ": answered " + response.statusCode());
            }
            return new Answered(parser.parse(response.body()));
        } catch (IOException | IllegalArgumentException e) {
            String message = e.getMessage();
            return new Unreachable(url + ": " + (message == null ? e.getClass().getSimpleName() : message));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Unreachable(url + ": interrupted");
        }
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        // The limit of the request ends with the head of the answer, behind which a runtime may be silent for ever.
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new HttpTimeoutException("no answer in time");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }
}
