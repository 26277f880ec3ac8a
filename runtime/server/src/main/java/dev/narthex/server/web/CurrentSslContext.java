// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import dev.narthex.http.ServerTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/** Gives each connection the TLS that holds when it begins. Safe for use by many threads. */
final class CurrentSslContext extends SslContext {
    private final Supplier<ServerTls> tls;
    private final List<String> applicationProtocols;
    private volatile Made made;

    private record Made(ServerTls tls, JdkSslContext context) {}

    /** @param applicationProtocols that are offered by ALPN, most wanted first; empty for none */
    CurrentSslContext(Supplier<ServerTls> tls, List<String> applicationProtocols) {
        this.tls = tls;
        this.applicationProtocols = List.copyOf(applicationProtocols);
        this.made = make(tls.get(), this.applicationProtocols);
    }

    private static Made make(ServerTls tls, List<String> applicationProtocols) {
        ApplicationProtocolConfig alpn = applicationProtocols.isEmpty()
                ? ApplicationProtocolConfig.DISABLED
                : new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        applicationProtocols);
        return new Made(
                tls,
                new JdkSslContext(
                        tls.context(),
                        false,
                        tls.suites(),
                        IdentityCipherSuiteFilter.INSTANCE,
                        alpn,
                        ClientAuth.NONE,
                        tls.protocols().toArray(String[]::new),
                        false));
    }

    private Made current() {
        ServerTls now = tls.get();
        Made known = made;
        if (known.tls != now) {
            known = make(now, applicationProtocols);
            made = known;
        }
        return known;
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        Made now = current();
        return configured(now, now.context.newEngine(allocator));
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, @Nullable String host, int port) {
        Made now = current();
        return configured(now, now.context.newEngine(allocator, host, port));
    }

    private static SSLEngine configured(Made made, SSLEngine engine) {
        made.tls.configure(engine);
        return engine;
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public List<String> cipherSuites() {
        return made.context.cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // Netty has nothing else for it
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return made.context.applicationProtocolNegotiator();
    }

    @Override
    public SSLSessionContext sessionContext() {
        return made.context.sessionContext();
    }
}
