// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AlertingConfig;
import dev.narthex.config.AlertmanagerTargetsConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.NameValidationScheme;
import dev.narthex.config.yaml.MappingReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the {@code alerting} section (Prometheus documentation, "alertmanager_config"). */
final class AlertingReader {
    private final ReaderContext context;
    private final RelabelReader relabelling;

    AlertingReader(ReaderContext context, NameValidationScheme names) {
        this.context = context;
        this.relabelling = new RelabelReader(names);
    }

    AlertingConfig read(MappingReader root) {
        MappingReader reader = root.mapping("alerting");
        List<AlertmanagerTargetsConfig> alertmanagers = new ArrayList<>();
        for (MappingReader entry : reader.mappings("alertmanagers")) {
            alertmanagers.add(readAlertmanagers(entry));
        }
        AlertingConfig alerting = new AlertingConfig(relabelling.read(reader, "alert_relabel_configs"), alertmanagers);
        if (!alerting.equals(AlertingConfig.NONE)) {
            root.unsupported("alerting");
        }
        reader.finish();
        return alerting;
    }

    private AlertmanagerTargetsConfig readAlertmanagers(MappingReader reader) {
        String version = reader.string("api_version", "v2");
        if (!version.equals("v2") && (reader.has("api_version") || !version.isEmpty())) {
            reader.report("api_version", "found \"" + version + "\"; v2 is expected");
        }
        HttpClientConfig http = new HttpClientReader(context).read(reader);
        Map<String, Object> sigV4 = Map.of();
        if (reader.has("sigv4")) {
            sigV4 = RemoteReader.sigV4(new Section(reader.mapping("sigv4"), context));
            if (http.basicAuth() != null || http.authorization() != null || http.oauth2() != null) {
                reader.report("sigv4", "stands beside another way to log in; give one of them");
            }
        }
        AlertmanagerTargetsConfig config = new AlertmanagerTargetsConfig(
                reader.string("scheme", "http"),
                reader.string("path_prefix", ""),
                ConfigValues.duration(reader, "timeout", AlertmanagerTargetsConfig.DEFAULT_TIMEOUT),
                http,
                sigV4,
                new DiscoveryReader(context).read(reader),
                relabelling.read(reader, "relabel_configs"),
                relabelling.read(reader, "alert_relabel_configs"));
        reader.finish();
        return config;
    }
}
