// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.DnsDiscoveryConfig;
import dev.narthex.config.Ec2DiscoveryConfig;
import dev.narthex.config.FileDiscoveryConfig;
import dev.narthex.config.HttpDiscoveryConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads the {@code *_sd_configs} and {@code static_configs} of a section (Prometheus documentation, "Configuration").
 */
final class DiscoveryReader {
    private static final Pattern FILE_PATTERN = Pattern.compile("[^*]*(\\*[^/]*)?\\.(json|yml|yaml|JSON|YML|YAML)");
    private static final List<String> DNS_TYPES = List.of("SRV", "A", "AAAA", "MX", "NS");

    private final ReaderContext context;
    private final HttpClientReader http;

    DiscoveryReader(ReaderContext context) {
        this.context = context;
        this.http = new HttpClientReader(context);
    }

    /** All discoveries of a section, static ones last; kinds that Narthex has not are noted as unsupported. */
    List<DiscoveryConfig> read(MappingReader reader) {
        List<DiscoveryConfig> discoveries = new ArrayList<>();
        reader.mappings("file_sd_configs").forEach(entry -> discoveries.add(readFile(entry)));
        reader.mappings("http_sd_configs").forEach(entry -> discoveries.add(readHttp(entry)));
        reader.mappings("dns_sd_configs").forEach(entry -> discoveries.add(readDns(entry)));
        KubernetesDiscoveryReader kubernetes = new KubernetesDiscoveryReader(http, context);
        reader.mappings("kubernetes_sd_configs").forEach(entry -> kubernetes.read(entry, discoveries));
        reader.mappings("ec2_sd_configs").forEach(entry -> discoveries.add(readEc2(entry)));
        new ForeignDiscoveries(context).read(reader, discoveries);
        List<StaticTargets> groups = new ArrayList<>();
        reader.mappings("static_configs").forEach(entry -> groups.add(readStatic(entry)));
        if (!groups.isEmpty()) {
            discoveries.add(new StaticDiscoveryConfig(groups));
        }
        SupportedByThisBuild.discoveries(reader);
        return discoveries;
    }

    private static StaticTargets readStatic(MappingReader entry) {
        List<String> targets = entry.strings("targets");
        for (String target : targets) {
            if (target.contains("/")) {
                entry.report(
                        "targets",
                        "found \"" + target + "\"; an address without scheme and path, such as host:9090, is expected");
            }
        }
        Labels labels = ConfigValues.labels(entry, "labels");
        entry.finish();
        return new StaticTargets(targets, labels);
    }

    private FileDiscoveryConfig readFile(MappingReader entry) {
        for (String file : entry.strings("files")) {
            if (!FILE_PATTERN.matcher(file).matches()) {
                entry.report(
                        "files",
                        "found \"" + file + "\"; a path that ends in .json, .yml or .yaml, with * in its last part"
                                + " alone, is expected");
            }
        }
        FileDiscoveryConfig config = new FileDiscoveryConfig(
                context.paths(entry, "files"),
                ConfigValues.duration(entry, "refresh_interval", FileDiscoveryConfig.DEFAULT_REFRESH_INTERVAL));
        if (config.files().isEmpty()) {
            entry.report("files", "is missing; name one file at least");
        }
        entry.finish();
        return config;
    }

    private HttpDiscoveryConfig readHttp(MappingReader entry) {
        HttpDiscoveryConfig config = new HttpDiscoveryConfig(
                new Secret(ConfigValues.httpUrl(entry, "url")),
                ConfigValues.duration(entry, "refresh_interval", HttpDiscoveryConfig.DEFAULT_REFRESH_INTERVAL),
                http.read(entry));
        entry.finish();
        return config;
    }

    private static DnsDiscoveryConfig readDns(MappingReader entry) {
        String type = entry.string("type", DnsDiscoveryConfig.DEFAULT_TYPE);
        String upper = type.toUpperCase(Locale.ROOT);
        DnsDiscoveryConfig config = new DnsDiscoveryConfig(
                entry.strings("names"),
                ConfigValues.duration(entry, "refresh_interval", DnsDiscoveryConfig.DEFAULT_REFRESH_INTERVAL),
                type,
                (int) entry.integer("port", 0, Integer.MIN_VALUE, Integer.MAX_VALUE));
        if (config.names().isEmpty()) {
            entry.report("names", "is missing; give one name at least");
        }
        if (!DNS_TYPES.contains(upper)) {
            entry.report("type", "found \"" + type + "\"; one of " + String.join(", ", DNS_TYPES) + " is expected");
        } else if (config.port() == 0 && !upper.equals(DnsDiscoveryConfig.DEFAULT_TYPE)) {
            entry.report("port", "is missing; records of type " + upper + " name no port");
        }
        entry.finish();
        return config;
    }

    private Ec2DiscoveryConfig readEc2(MappingReader entry) {
        List<Ec2DiscoveryConfig.Filter> filters = new ArrayList<>();
        for (MappingReader filter : entry.mappings("filters")) {
            List<String> values = filter.strings("values");
            if (values.isEmpty()) {
                filter.report("values", "is missing; give one value at least");
            }
            filters.add(new Ec2DiscoveryConfig.Filter(filter.string("name", ""), values));
            filter.finish();
        }
        Ec2DiscoveryConfig config = new Ec2DiscoveryConfig(
                entry.string("region", ""),
                entry.string("endpoint", ""),
                entry.string("access_key", ""),
                entry.secret("secret_key"),
                entry.string("profile", ""),
                entry.string("role_arn", ""),
                entry.string("external_id", ""),
                ConfigValues.duration(entry, "refresh_interval", Ec2DiscoveryConfig.DEFAULT_REFRESH_INTERVAL),
                (int) entry.integer("port", Ec2DiscoveryConfig.DEFAULT_PORT, Integer.MIN_VALUE, Integer.MAX_VALUE),
                filters,
                http.read(entry));
        entry.finish();
        return config;
    }
}
