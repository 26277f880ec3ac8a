// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.model.QuotedString;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client that goes by one {@code http_config}. Safe for use by many threads. */
final class ConfiguredFetcher implements HttpFetcher {
    /** Requests for one call, the redirected ones included, as of Go's client. */
    private static final int MAX_REQUESTS = 10;

    private final HttpFetchers shared;
    private final String keyPrefix;
    private final HttpClientConfig config;
    private final TlsClient tls;
    private final ProxyChoice proxies;
    private final Credentials credentials;
    private final Dialer dialer;

    ConfiguredFetcher(HttpFetchers shared, String keyPrefix, HttpClientConfig config) {
        this.shared = shared;
        this.keyPrefix = keyPrefix;
        this.config = config;
        tls = new TlsClient(config.effectiveTls());
        proxies = ProxyChoice.of(config.proxy(), shared.environment());
        credentials = Credentials.of(config, shared);
        dialer = new Dialer(shared.buffers(), config.proxy());
    }

    @Override
    public HttpFetcher configured(HttpClientConfig other) {
        return shared.configured(other);
    }

    @Override
    public HttpAnswer fetch(HttpCall call, BodyBuffer into) throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(call.timeout(), shared.connections().ticker());
        try {
            ResponseHead head = follow(call, into, deadline);
            return HttpAnswer.of(head);
        } catch (BodyTooLargeException | HttpTimeoutException | RedirectException e) {
            throw e;
        } catch (IOException e) {
            throw Failures.explained(e);
        }
    }

    @Override
    public @Nullable RepeatedCall repeated(HttpCall call, BodyBuffer into, RepeatedCall.Listener listener) {
        HttpLoop loop = shared.loop();
        boolean plain = loop != null
                && "http".equalsIgnoreCase(call.uri().getScheme())
                && HostAndPort.of(call.uri()) != null
                && call.unixSocket().isEmpty()
                && credentials.isNone()
                && proxies.proxyFor(call.uri()) == null;
        if (loop == null || !plain) {
            return null;
        }
        Route route = Route.of(call.uri(), null);
        byte[] request = RequestBytes.of(call, route, Map.of());
        return new LoopCall(loop, route, request, call.timeout(), config.followRedirects(), into, listener);
    }

    private ResponseHead follow(HttpCall call, BodyBuffer into, Deadline deadline)
            throws IOException, InterruptedException {
        HttpCall current = call;
        boolean trusted = true;
        for (int asked = 1; ; asked++) {
            ResponseHead head;
            try {
                Map<String, List<String>> further =
                        trusted ? credentials.headers(call, deadline) : credentials.openHeaders();
                head = exchange(current, further, into, deadline);
            } catch (BodyTooLargeException e) {
                throw e;
            } catch (IOException e) {
                throw asked == 1
                        ? e
                        : new RedirectException(
                                Failures.explained(e), current.uri().toString());
            }
            if (!config.followRedirects() || !Redirects.isRedirect(head.status) || head.location.isEmpty()) {
                return head;
            }
            if (asked == MAX_REQUESTS) {
                throw new RedirectException("stopped after 10 redirects", head.location);
            }
            into.clear();
            URI next = Redirects.target(current.uri(), head.location);
            // Whoever sends requests elsewhere does not get to see credentials there.
            trusted &= Redirects.isSameHost(call.uri(), next);
            current = Redirects.next(current, next, head.status, trusted);
        }
    }

    private ResponseHead exchange(HttpCall call, Map<String, List<String>> further, BodyBuffer into, Deadline deadline)
            throws IOException, InterruptedException {
        String scheme = call.uri().getScheme() == null ? "" : call.uri().getScheme();
        if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            throw new IOException("unsupported protocol scheme " + QuotedString.of(scheme));
        }
        if (HostAndPort.of(call.uri()) == null) {
            throw new IOException("http: no Host in request URL");
        }
        Route route = Route.of(call.uri(), proxies.proxyFor(call.uri()), call.unixSocket());
        TlsClient.Generation generation = route.needsTls() ? tls.current() : TlsClient.NONE;
        boolean offersHttp2 =
                config.enableHttp2() && route.secure() && call.body().isEmpty();
        String key = keyPrefix + route.key() + generation.suffix() + (offersHttp2 ? " h2" : "");
        RequestFields request = new RequestFields(call, route, further);
        HttpConnection kept = shared.connections().take(key);
        while (kept != null) {
            try {
                return exchange(kept, key, request, into, deadline);
            } catch (HttpTimeoutException | BodyTooLargeException e) {
                throw e;
            } catch (IOException e) {
                if (kept.isAnswered()) {
                    throw e;
                }
                // It had been closed at the other end while it waited; the request has not been worked on.
                kept = shared.connections().take(key);
            }
        }
        if (shared.connections().isClosed()) {
            throw new IOException("the client is closed");
        }
        HttpConnection fresh = dialer.dial(route, generation, offersHttp2, deadline);
        shared.connections().opened(fresh);
        return exchange(fresh, key, request, into, deadline);
    }

    private ResponseHead exchange(
            HttpConnection connection, String key, RequestFields request, BodyBuffer into, Deadline deadline)
            throws IOException {
        boolean reusable = false;
        try {
            ResponseHead head = connection.exchange(request, into, deadline);
            reusable = head.keepAlive && !shared.connections().isClosed();
            return head;
        } finally {
            if (reusable) {
                shared.connections().give(key, connection);
            } else {
                shared.connections().drop(connection);
            }
        }
    }
}
