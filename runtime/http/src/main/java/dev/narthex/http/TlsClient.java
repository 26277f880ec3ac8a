// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.TlsConfig;
import dev.narthex.config.TlsVersion;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * TLS by one {@code tls_config}. Certificates and keys in files are read again when a file has changed; connections made
 * before are not used any more then. Safe for use by many threads.
 */
final class TlsClient {
    /** Stands for connections without TLS. */
    static final Generation NONE = new Generation(0, TlsConfig.DEFAULT, null);

    /** Other than an address. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]*[A-Za-z][A-Za-z0-9_-]*");

    private final TlsConfig config;
    private final List<Path> files = new ArrayList<>();
    private @Nullable Generation current;
    private List<Object> stateOfFiles = List.of();
    private long generations;

    TlsClient(TlsConfig config) {
        this.config = config;
        TlsVersion least = config.minVersion();
        TlsVersion most = config.maxVersion();
        if (least != null && most != null && most.compareTo(least) < 0) {
            throw new IllegalArgumentException("tls_config.max_version: is below min_version; no version is left");
        }
        for (String file : List.of(config.caFile(), config.certFile(), config.keyFile())) {
            if (!file.isEmpty()) {
                files.add(Path.of(file));
            }
        }
    }

    /** What holds now, made anew when files have changed since. */
    synchronized Generation current() throws IOException {
        List<Object> state = stateOfFiles();
        Generation made = current;
        if (made == null || !state.equals(stateOfFiles)) {
            made = new Generation(++generations, config, TlsMaterial.context(config));
            current = made;
            stateOfFiles = state;
        }
        return made;
    }

    private List<Object> stateOfFiles() throws IOException {
        List<Object> state = new ArrayList<>(2 * files.size());
        for (Path file : files) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                state.add(attributes.lastModifiedTime());
                state.add(attributes.size());
            } catch (IOException e) {
                throw new IOException("tls_config: unable to read " + file + ": no such file, or no right to", e);
            }
        }
        return state;
    }

    /**
     * Certificates and keys as they were at one time.
     *
     * @param number counts from 1
     */
    record Generation(
            long number, TlsConfig config, @Nullable SSLContext made) {
        /** What tells its connections from those of others. */
        String suffix() {
            return number == 0 ? "" : " " + number;
        }

        SSLContext context() {
            if (made == null) {
                throw new IllegalStateException("a connection without TLS");
            }
            return made;
        }

        SSLParameters parameters() {
            SSLParameters parameters = context().getDefaultSSLParameters();
            parameters.setProtocols(protocols());
            return parameters;
        }

        private String[] protocols() {
            TlsVersion least = config.minVersion() == null ? TlsVersion.TLS12 : config.minVersion();
            TlsVersion most = config.maxVersion() == null ? TlsVersion.TLS13 : config.maxVersion();
            List<String> protocols = new ArrayList<>();
            for (TlsVersion version : TlsVersion.values()) {
                if (version.compareTo(least) >= 0 && version.compareTo(most) <= 0) {
                    protocols.add(version.protocol());
                }
            }
            return protocols.toArray(String[]::new);
        }

        /** Shakes hands on a connected socket, which keeps the time; the name that is checked is that of the configuration, or the host. */
        SSLSocket secured(Socket plain, String host, int port, boolean offersHttp2) throws IOException {
            String name = config.serverName().isEmpty() ? host : config.serverName();
            SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(plain, name, port, true);
            SSLParameters parameters = parameters();
            parameters.setEndpointIdentificationAlgorithm(config.insecureSkipVerify() ? "" : "HTTPS");
            if (offersHttp2) {
                parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            }
            if (NAME.matcher(name).matches()) {
                // Java leaves out names without a dot.
                parameters.setServerNames(List.of(new SNIHostName(name)));
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        }
    }
}
