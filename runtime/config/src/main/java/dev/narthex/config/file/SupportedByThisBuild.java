// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.KubernetesAttachMetadata;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.KubernetesRole;
import dev.narthex.config.RuntimeConfig;
import dev.narthex.config.StorageConfig;
import dev.narthex.config.yaml.MappingReader;
import java.util.List;

/**
 * What of a valid file this build cannot do: each such field is noted by name, so that a server refuses the file rather
 * than ignore a part of it. Whoever builds one of these takes its line out here, and nothing else has to change.
 */
final class SupportedByThisBuild {
    private static final List<String> DISCOVERIES_NOT_YET = List.of("ec2_sd_configs");

    private SupportedByThisBuild() {}

    static void prometheus(MappingReader root, RuntimeConfig runtime, StorageConfig storage) {
        // What tunes Go's runtime is taken and has no meaning here; a log level would have one.
        unless(runtime.logLevel().equals(RuntimeConfig.DEFAULT.logLevel()), root, "runtime");
        MappingReader section = root.mapping("storage");
        unless(storage.maxExemplars() == null, section, "exemplars");
        StorageConfig.Tsdb tsdb = storage.tsdb();
        if (tsdb != null) {
            MappingReader fields = section.mapping("tsdb");
            unless(!tsdb.floatChunkEncoding().equals("xor2"), fields, "chunk_encoding");
        }
    }

    static void global(MappingReader reader, GlobalConfig config) {
        unless(config.ruleQueryOffset().isZero(), reader, "rule_query_offset");
    }

    static void httpClient(MappingReader reader, HttpClientConfig config) {
        unless(config.basicAuth() == null, reader, "basic_auth");
        written(config.authorization() != null, reader, "authorization");
        written(config.authorization() != null, reader, "bearer_token");
        written(config.authorization() != null, reader, "bearer_token_file");
        unless(config.oauth2() == null, reader, "oauth2");
        unless(config.tls() == null, reader, "tls_config");
        unless(config.proxy().url().isEmpty(), reader, "proxy_url");
        unless(!config.proxy().fromEnvironment(), reader, "proxy_from_environment");
        unless(config.followRedirects(), reader, "follow_redirects");
        unless(config.headers().isEmpty(), reader, "http_headers");
    }

    static void discoveries(MappingReader reader) {
        for (String field : DISCOVERIES_NOT_YET) {
            written(reader.has(field), reader, field);
        }
        // The kinds of other projects and clouds, checked by ForeignDiscoveries.
        for (String kind : ForeignDiscoveries.KINDS) {
            written(reader.has(kind + "_sd_configs"), reader, kind + "_sd_configs");
        }
    }

    static void kubernetes(MappingReader reader, KubernetesDiscoveryConfig config) {
        if (config.role() != KubernetesRole.POD) {
            reader.unsupported(
                    "role", "\"" + config.role().text() + "\" is not supported by this version of Narthex; pod is");
        }
        unless(
                config.selectors().stream().allMatch(selector -> selector.role() == KubernetesRole.POD),
                reader,
                "selectors");
        unless(config.attachMetadata().equals(KubernetesAttachMetadata.NONE), reader, "attach_metadata");
        httpClient(reader, config.httpClient());
    }

    private static void unless(boolean supported, MappingReader reader, String field) {
        if (!supported) {
            reader.unsupported(field);
        }
    }

    /** As {@link #unless}, where the value may come from elsewhere, which is noted there. */
    private static void written(boolean unsupported, MappingReader reader, String field) {
        if (unsupported && reader.has(field)) {
            reader.unsupported(field);
        }
    }
}
