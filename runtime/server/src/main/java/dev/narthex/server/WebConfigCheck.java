// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.ServerTlsConfig;
import dev.narthex.config.WebConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.file.PrometheusFiles;
import dev.narthex.http.CertificateCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code narthex check web-config}: says whether files are good, in the form and with the exit codes of promtool. */
final class WebConfigCheck {
    private final Console console;
    private final ConfigLoader loader = new ConfigLoader(Server::environment);

    WebConfigCheck(Console console) {
        this.console = console;
    }

    /** Checks all of them, and gives the exit code: 1 where one is bad. */
    int run(List<String> files) {
        int exitCode = 0;
        for (String name : files) {
            try {
                check(Path.of(name));
                // To standard error, as promtool does.
                console.printError(name + " SUCCESS\n");
            } catch (ConfigException e) {
                StringBuilder text = new StringBuilder(name).append(" FAILED:");
                for (ConfigProblem problem : e.problems()) {
                    text.append(e.problems().size() > 1 ? "\n  " : " ").append(problem);
                }
                console.printError(text.append('\n').toString());
                exitCode = 1;
            } catch (IOException e) {
                console.printError(name + " FAILED: " + e.getMessage() + "\n");
                exitCode = 1;
            }
        }
        return exitCode;
    }

    private void check(Path file) throws ConfigException, IOException {
        Path folder = file.getParent();
        WebConfig config =
                loader.web(PrometheusFiles.text(file), file.toString(), folder == null ? Path.of("") : folder);
        ServerTlsConfig tls = config.tls();
        if (tls == null) {
            return;
        }
        String certificate = text(tls.cert(), tls.certFile(), "cert_file");
        String key = text(tls.key().value(), tls.keyFile(), "key_file");
        try {
            CertificateCheck.pair(certificate, key);
        } catch (IOException e) {
            throw new IOException(
                    "tls_server_config.cert_file: " + shown(tls.certFile(), "cert") + ", with "
                            + shown(tls.keyFile(), "key") + " as its key: " + e.getMessage(),
                    e);
        }
        if (!tls.clientCaFile().isEmpty()) {
            text("", tls.clientCaFile(), "client_ca_file");
        }
    }

    private static String shown(String file, String field) {
        return file.isEmpty() ? "what stands in " + field : file;
    }

    private static String text(String given, String file, String field) throws IOException {
        if (file.isEmpty()) {
            return given;
        }
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new IOException(
                    "tls_server_config." + field + ": " + file + " cannot be read: " + e + "; check that it is there",
                    e);
        }
    }
}
