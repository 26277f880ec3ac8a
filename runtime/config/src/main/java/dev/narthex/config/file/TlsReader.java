// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.TlsConfig;
import dev.narthex.config.TlsVersion;
import dev.narthex.config.yaml.MappingReader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a {@code tls_config} (Prometheus documentation, "tls_config"). */
final class TlsReader {
    private final ReaderContext context;

    TlsReader(ReaderContext context) {
        this.context = context;
    }

    /** Reports a key in a file whose certificate is in none, and the other way round. */
    static void demandOnePlace(MappingReader reader) {
        if (reader.isGiven("cert_file") && !reader.isGiven("key_file") && reader.isGiven("key")) {
            reader.report("cert_file", "is a certificate in a file whose key is in none; give key_file too");
        } else if (reader.isGiven("key_file") && !reader.isGiven("cert_file") && reader.isGiven("cert")) {
            reader.report("key_file", "is a key in a file whose certificate is in none; give cert_file too");
        }
    }

    TlsConfig read(MappingReader reader) {
        HttpClientReader.atMostOne(reader, List.of("ca", "ca_file", "ca_ref"));
        HttpClientReader.atMostOne(reader, List.of("cert", "cert_file", "cert_ref"));
        HttpClientReader.atMostOne(reader, List.of("key", "key_file", "key_ref"));
        boolean cert = anyGiven(reader, "cert", "cert_file", "cert_ref");
        boolean key = anyGiven(reader, "key", "key_file", "key_ref");
        if (cert && !key) {
            reader.report("cert", "is a certificate without a key; give key or key_file too");
        } else if (key && !cert) {
            reader.report("key", "is a key without a certificate; give cert or cert_file too");
        }
        HttpClientReader.refuseReferences(reader, "ca_ref", "cert_ref", "key_ref");
        TlsConfig tls = new TlsConfig(
                reader.string("ca", ""),
                context.path(reader, "ca_file"),
                reader.string("cert", ""),
                context.path(reader, "cert_file"),
                reader.secret("key"),
                context.path(reader, "key_file"),
                reader.string("server_name", ""),
                reader.bool("insecure_skip_verify", false),
                version(reader, "min_version"),
                version(reader, "max_version"));
        reader.finish();
        return tls;
    }

    static @Nullable TlsVersion version(MappingReader reader, String field) {
        if (!reader.has(field)) {
            return null;
        }
        String text = reader.string(field, "");
        for (TlsVersion version : TlsVersion.values()) {
            if (version.name().equals(text)) {
                return version;
            }
        }
        String names = Arrays.stream(TlsVersion.values()).map(TlsVersion::name).collect(Collectors.joining(", "));
        reader.report(field, "found \"" + text + "\"; one of " + names + " is expected");
        return null;
    }

    private static boolean anyGiven(MappingReader reader, String... fields) {
        return Arrays.stream(fields).anyMatch(reader::isGiven);
    }
}
