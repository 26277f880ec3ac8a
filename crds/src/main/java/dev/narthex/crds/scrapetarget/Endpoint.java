// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.FieldPatterns;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What to scrape of a pod or an address. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class Endpoint {
    @JsonPropertyDescription("Container port by name or number; every declared TCP port when it is missing.")
    private @Nullable IntOrString port;

    @JsonPropertyDescription("Path of the URL; /metrics when it is missing.")
    @Size(min = 1, max = 1024)
    @Pattern("^/")
    private @Nullable String path;

    @JsonPropertyDescription(
            "Time between scrapes, such as 30s; scrapeInterval of the StorageVolume when it is missing.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String interval;

    @JsonPropertyDescription(
            "How long a scrape may take; 10s, or the interval where that is shorter, when it is missing.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String timeout;

    @JsonPropertyDescription("http (when it is missing) or https.")
    @Pattern("^(http|https)$")
    private @Nullable String scheme;

    @JsonPropertyDescription("Query parameters of the URL.")
    @Size(max = 32)
    private @Nullable Map<String, List<@Size(max = 1024) String>> params;

    @JsonPropertyDescription(
            "Whether labels of the target win over those of the server. The namespace label stays that of the target unless the StorageVolume consents (select.scrapeTargets.clusterScopeFrom).")
    private @Nullable Boolean honorLabels;

    @JsonPropertyDescription("Whether timestamps of the target are kept; true when it is missing.")
    private @Nullable Boolean honorTimestamps;

    @JsonPropertyDescription("Relabelling of samples after the scrape, as metric_relabel_configs of Prometheus.")
    @Size(max = 100)
    private @Nullable List<RelabelStep> metricRelabel;

    public @Nullable IntOrString getPort() {
        return port;
    }

    public void setPort(@Nullable IntOrString port) {
        this.port = port;
    }

    public @Nullable String getPath() {
        return path;
    }

    public void setPath(@Nullable String path) {
        this.path = path;
    }

    public @Nullable String getInterval() {
        return interval;
    }

    public void setInterval(@Nullable String interval) {
        this.interval = interval;
    }

    public @Nullable String getTimeout() {
        return timeout;
    }

    public void setTimeout(@Nullable String timeout) {
        this.timeout = timeout;
    }

    public @Nullable String getScheme() {
        return scheme;
    }

    public void setScheme(@Nullable String scheme) {
        this.scheme = scheme;
    }

    public @Nullable Map<String, List<String>> getParams() {
        return params;
    }

    public void setParams(@Nullable Map<String, List<String>> params) {
        this.params = params;
    }

    public @Nullable Boolean getHonorLabels() {
        return honorLabels;
    }

    public void setHonorLabels(@Nullable Boolean honorLabels) {
        this.honorLabels = honorLabels;
    }

    public @Nullable Boolean getHonorTimestamps() {
        return honorTimestamps;
    }

    public void setHonorTimestamps(@Nullable Boolean honorTimestamps) {
        this.honorTimestamps = honorTimestamps;
    }

    public @Nullable List<RelabelStep> getMetricRelabel() {
        return metricRelabel;
    }

    public void setMetricRelabel(@Nullable List<RelabelStep> metricRelabel) {
        this.metricRelabel = metricRelabel;
    }
}
