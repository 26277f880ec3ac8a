// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.http;

import dev.narthex.config.ConfigException;
import dev.narthex.config.HttpDiscoveryConfig;
import dev.narthex.config.UrlPassword;
import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.discovery.RefreshLoop;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.discovery.TargetGroupReader;
import dev.narthex.http.BodyBuffer;
import dev.narthex.http.BodyTooLargeException;
import dev.narthex.http.BufferPool;
import dev.narthex.http.HttpAnswer;
import dev.narthex.http.HttpCall;
import dev.narthex.http.HttpFetcher;
import dev.narthex.model.GoFloat;
import dev.narthex.model.QuotedString;
import dev.narthex.model.time.Scheduler;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Asks an HTTP server for target groups in JSON ({@code http_sd_configs}; Prometheus documentation, "Writing HTTP service
 * discovery"). An answer that is no list of groups changes nothing. For one thread at a time.
 */
public final class HttpDiscoverer implements RefreshLoop.Source {
    private static final String URL = "__meta_url";
    private static final int MAX_ANSWER_BYTES = 256 << 20;
    private static final Pattern JSON =
            Pattern.compile("application/json(;\\s*charset=(\"utf-8\"|utf-8))?", Pattern.CASE_INSENSITIVE);
    private static final double MS_PER_SECOND = 1e3;

    private final String url;
    /** Labels are shown, and a password is not for people to see. */
    private final String shownUrl;

    private final HttpCall call;
    private final HttpFetcher fetcher;
    private final DiscoveryMetrics metrics;
    private final BodyBuffer body = new BodyBuffer(new BufferPool(0));

    private HttpDiscoverer(HttpDiscoveryConfig config, HttpFetcher fetcher, DiscoveryMetrics metrics, String agent) {
        url = config.url().value();
        shownUrl = UrlPassword.hidden(url);
        Map<String, String> headers = new HashMap<>();
        headers.put("User-Agent", agent);
        headers.put("Accept", "application/json");
        headers.put(
                "X-Prometheus-Refresh-Interval-Seconds",
                GoFloat.general(config.refreshInterval().toMillis() / MS_PER_SECOND));
        call = new HttpCall(URI.create(url), headers, config.refreshInterval());
        this.fetcher = fetcher.configured(config.httpClient());
        this.metrics = metrics;
    }

    /** A discoverer that asks at once and then at each interval; metrics name the pool. */
    public static RefreshLoop discoverer(
            HttpDiscoveryConfig config,
            String pool,
            Scheduler scheduler,
            HttpFetcher fetcher,
            DiscoveryMetrics metrics,
            String agent) {
        return new RefreshLoop(
                scheduler,
                "http",
                pool,
                config.refreshInterval(),
                metrics,
                new HttpDiscoverer(config, fetcher, metrics, agent));
    }

    @Override
    public List<TargetGroup> read() throws IOException, InterruptedException {
        try {
            return groups(answer());
        } catch (ConfigException e) {
            metrics.httpFailures.increment();
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            metrics.httpFailures.increment();
            throw e;
        } finally {
            body.release();
        }
    }

    private String answer() throws IOException, InterruptedException {
        body.start(MAX_ANSWER_BYTES);
        HttpAnswer answer;
        try {
            answer = fetcher.fetch(call, body);
        } catch (BodyTooLargeException e) {
            throw new IOException("answer of more than " + MAX_ANSWER_BYTES + " bytes", e);
        }
        if (answer.status() != 200) {
            throw new IOException("server returned HTTP status " + answer.status());
        }
        if (!JSON.matcher(answer.contentType().strip()).matches()) {
            throw new IOException("unsupported content type " + QuotedString.of(answer.contentType()));
        }
        return new String(body.bytes(), 0, body.size(), StandardCharsets.UTF_8);
    }

    private List<TargetGroup> groups(String text) throws ConfigException {
        List<TargetGroup> groups = new ArrayList<>();
        for (TargetGroupReader.Group group : TargetGroupReader.read(text, true, "answer of the server")) {
            groups.add(new TargetGroup(
                    url + ":" + groups.size(),
                    group.labels().toBuilder().set(URL, shownUrl).build(),
                    group.targets()));
        }
        return groups;
    }
}
