// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AlertingConfig;
import dev.narthex.config.AlertmanagerTargetsConfig;
import dev.narthex.config.RuntimeConfig;
import dev.narthex.config.StorageConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The sections of a prometheus.yml that are about the server rather than about targets, as trees. */
final class ServerTree {
    /** What Prometheus shows of {@code otlp} where a file says nothing. */
    static final Map<String, Object> DEFAULT_OTLP = Map.of(
            "translation_strategy", "UnderscoreEscapingWithSuffixes",
            "label_name_underscore_sanitization", true,
            "label_name_preserve_multiple_underscores", true);

    private final TreeForm form;

    ServerTree(TreeForm form) {
        this.form = form;
    }

    Map<String, Object> runtime(RuntimeConfig runtime) {
        return form.fields()
                .given("gogc", runtime.gogc(), RuntimeConfig.DEFAULT.gogc())
                .given("log_level", runtime.logLevel(), RuntimeConfig.DEFAULT.logLevel())
                .tree();
    }

    Map<String, Object> storage(StorageConfig storage) {
        Fields fields = form.fields();
        StorageConfig.Tsdb tsdb = storage.tsdb();
        if (tsdb != null) {
            fields.put("tsdb", tsdb(tsdb));
        }
        Long maxExemplars = storage.maxExemplars();
        if (maxExemplars != null) {
            fields.put(
                    "exemplars",
                    form.fields().given("max_exemplars", maxExemplars).tree());
        }
        return fields.tree();
    }

    private Map<String, Object> tsdb(StorageConfig.Tsdb tsdb) {
        Fields fields = form.fields();
        if (form.effective()) {
            // Prometheus shows the window a second time, in milliseconds, under the name of its variable.
            fields.put("outofordertimewindow", tsdb.outOfOrderTimeWindow().toMillis());
        }
        fields.given("out_of_order_time_window", tsdb.outOfOrderTimeWindow())
                .given("stale_series_compaction_threshold", tsdb.staleSeriesCompactionThreshold())
                .given(
                        "chunk_encoding",
                        form.fields().given("floats", tsdb.floatChunkEncoding()).tree());
        StorageConfig.Retention retention = tsdb.retention();
        if (retention != null) {
            fields.put(
                    "retention",
                    form.fields()
                            .given("time", retention.time())
                            .given("size", retention.sizeBytes() == 0 ? "" : ByteSize.format(retention.sizeBytes()))
                            .given("percentage", retention.percentage())
                            .tree());
        }
        return fields.tree();
    }

    Map<String, Object> alerting(AlertingConfig alerting) {
        List<Object> alertmanagers = new ArrayList<>();
        alerting.alertmanagers().forEach(config -> alertmanagers.add(alertmanagers(config)));
        return form.fields()
                .given("alert_relabel_configs", new RelabelTree(form).list(alerting.alertRelabelConfigs()))
                .given("alertmanagers", alertmanagers)
                .tree();
    }

    private Map<String, Object> alertmanagers(AlertmanagerTargetsConfig config) {
        Duration standard = AlertmanagerTargetsConfig.DEFAULT_TIMEOUT;
        // Prometheus shows no timeout of zero.
        String timeout = form.effective() && config.timeout().isZero() ? "" : PrometheusTree.duration(config.timeout());
        RelabelTree relabelling = new RelabelTree(form);
        return form.fields()
                .all(new HttpClientTree(form).fields(config.httpClient()))
                .given("sigv4", config.awsSignature())
                .given("scheme", config.scheme(), "http")
                .given("path_prefix", config.pathPrefix())
                .given("timeout", timeout, PrometheusTree.duration(standard))
                .always("api_version", "v2", "v2")
                .given("relabel_configs", relabelling.list(config.relabelConfigs()))
                .given("alert_relabel_configs", relabelling.list(config.alertRelabelConfigs()))
                .all(new DiscoveryTree(form).fields(config.discoveries()))
                .tree();
    }
}
