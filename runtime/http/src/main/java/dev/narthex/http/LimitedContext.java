// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes engines that know certain versions of TLS only. */
final class LimitedContext extends SSLContextSpi {
    private final SSLContext context;
    private final List<String> versions;

    private LimitedContext(SSLContext context, List<String> versions) {
        this.context = context;
        this.versions = versions;
    }

    static SSLContext of(SSLContext context, List<String> versions) {
        return new Limited(context, versions);
    }

    private static final class Limited extends SSLContext {
        Limited(SSLContext context, List<String> versions) {
            super(new LimitedContext(context, versions), context.getProvider(), context.getProtocol());
        }
    }

    @Override
    protected void engineInit(
            KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random) {
        throw new IllegalStateException("the context has been made with its keys");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return context.getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        return context.getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return new LimitedEngine(context.createSSLEngine(), versions);
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return new LimitedEngine(context.createSSLEngine(host, port), versions);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return context.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
        return context.getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
        return context.getSupportedSSLParameters();
    }
}
