// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ServerTlsConfig;
import dev.narthex.config.WebConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.http.ServerTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The file of {@code --web.config.file} and the certificates that it names, read anew when one of them has changed. One
 * that cannot be used is reported once, and the former one goes on. Safe for use by many threads.
 */
public final class WebConfigFile {
    private static final Logger log = Logger.getLogger(WebConfigFile.class);

    private final Path file;
    private final ConfigLoader loader;
    private final boolean isTls;
    private volatile Loaded loaded;

    /**
     * What holds, and by what one sees that it does no longer.
     *
     * @param tls null where plain HTTP is served
     */
    private record Loaded(WebConfig config, @Nullable ServerTls tls, List<Path> files, List<FileStamp> stamps) {}

    private WebConfigFile(Path file, ConfigLoader loader, Loaded loaded) {
        this.file = file;
        this.loader = loader;
        this.loaded = loaded;
        this.isTls = loaded.tls != null;
    }

    /**
     * Reads a file for the first time.
     *
     * @throws ConfigException when it says what cannot be
     * @throws IOException when it, or a file that it names, cannot be read
     */
    public static WebConfigFile open(Path file, ConfigLoader loader) throws IOException, ConfigException {
        return new WebConfigFile(file, loader, read(file, loader));
    }

    private static Loaded read(Path file, ConfigLoader loader) throws IOException, ConfigException {
        List<Path> files = new ArrayList<>(List.of(file));
        // Stamped before it is read: what changes in between is seen as a change.
        FileStamp stamp = FileStamp.of(file);
        WebConfig config = loader.web(
                Files.readString(file, StandardCharsets.UTF_8),
                file.toString(),
                file.toAbsolutePath().getParent());
        ServerTlsConfig tls = config.tls();
        if (tls != null) {
            for (String named : List.of(tls.certFile(), tls.keyFile(), tls.clientCaFile())) {
                if (!named.isEmpty()) {
                    files.add(Path.of(named));
                }
            }
        }
        List<FileStamp> stamps = new ArrayList<>(List.of(stamp));
        stamps.addAll(FileStamp.of(files.subList(1, files.size())));
        return new Loaded(config, tls == null ? null : ServerTls.of(tls), files, stamps);
    }

    /** Whether TLS is served, which stays as it was at the start. */
    public boolean isTls() {
        return isTls;
    }

    /** What holds now. */
    public WebConfig current() {
        return upToDate().config;
    }

    /** The TLS that holds now. */
    ServerTls tls() {
        ServerTls tls = upToDate().tls;
        if (tls == null) {
            throw new IllegalStateException(file + ": no TLS");
        }
        return tls;
    }

    private Loaded upToDate() {
        Loaded now = loaded;
        return FileStamp.of(now.files).equals(now.stamps) ? now : reload();
    }

    private synchronized Loaded reload() {
        Loaded before = loaded;
        List<FileStamp> stamps = FileStamp.of(before.files);
        if (stamps.equals(before.stamps)) {
            return before;
        }
        Loaded next;
        try {
            next = read(file, loader);
            if ((next.tls != null) != isTls) {
                throw new IOException("tls_server_config: TLS cannot be switched " + (isTls ? "off" : "on")
                        + " while the server runs; start it again");
            }
            log.infof("web configuration loaded file=%s", file);
        } catch (IOException | ConfigException e) {
            log.errorf("web configuration not loaded, the former one goes on file=%s err=%s", file, e.getMessage());
            // With the new stamps, so that the same fault is not read again for each request.
            next = new Loaded(before.config, before.tls, before.files, stamps);
        }
        loaded = next;
        return next;
    }
}
