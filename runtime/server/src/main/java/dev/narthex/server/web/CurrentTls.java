// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import io.netty.handler.ssl.SslContext;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;

/** Tells Vert.x to take the TLS of a {@link WebConfigFile}, whatever else its options say. Immutable. */
final class CurrentTls extends SSLEngineOptions {
    private final WebConfigFile file;

    CurrentTls(WebConfigFile file) {
        this.file = file;
    }

    @Override
    public SSLEngineOptions copy() {
        return this;
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new SslContextFactory() {
            private List<String> applicationProtocols = List.of();

            @Override
            public SslContextFactory applicationProtocols(List<String> protocols) {
                applicationProtocols = protocols == null ? List.of() : List.copyOf(protocols);
                return this;
            }

            @Override
            public SslContext create() {
                return new CurrentSslContext(file::tls, applicationProtocols);
            }
        };
    }
}
