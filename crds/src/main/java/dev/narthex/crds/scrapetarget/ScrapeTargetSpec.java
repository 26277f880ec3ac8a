// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What to scrape and how. Exactly one source. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "[has(self.pods), has(self.annotated), has(self.static)].filter(source, source).size() == 1",
        message = "exactly one source: set one of pods, annotated, static")
@ValidationRule(
        value = "!has(self.annotated) || !has(self.endpoints) || self.endpoints.all(endpoint, !has(endpoint.port))",
        message = "endpoints: port does not go with annotated; the annotation prometheus.io/port of the pod names it")
@ValidationRule(
        value = "!has(self.static) || !has(self.endpoints) || self.endpoints.all(endpoint, !has(endpoint.port))",
        message = "endpoints: port does not go with static; write host:port in static.addresses")
@ValidationRule(
        value = "!has(self.static) || (!has(self.podLabels) && !has(self.jobLabel))",
        message = "podLabels and jobLabel do not go with static; use labels")
public class ScrapeTargetSpec {
    @JsonPropertyDescription("Source: pods by label. Every matching container port is a target.")
    private @Nullable PodSource pods;

    @JsonPropertyDescription(
            "Source: pods with the annotation prometheus.io/scrape: \"true\"; prometheus.io/port, /path and /scheme say where.")
    private @Nullable AnnotatedSource annotated;

    @JsonPropertyDescription(
            "Source: addresses that are written down. Needs the consent of the StorageVolume (select.scrapeTargets.externalFrom), as the addresses may lie outside the cluster.")
    @JsonProperty("static")
    private @Nullable StaticSource staticSource;

    @JsonPropertyDescription(
            "What to scrape of each pod or address; one endpoint with the defaults when it is missing.")
    @Size(min = 1, max = 20)
    private @Nullable List<Endpoint> endpoints;

    @JsonPropertyDescription(
            "Relabelling of targets before the scrape, as relabel_configs of Prometheus; runs after the standard labels are set.")
    @Size(max = 100)
    private @Nullable List<RelabelStep> relabel;

    @JsonPropertyDescription("Labels added to every series.")
    @Size(max = 32)
    @ValidationRule(
            value = "self.all(name, name.matches('^[a-zA-Z_][a-zA-Z0-9_]*$') && !name.startsWith('__'))",
            message =
                    "labels: label names consist of letters, digits and underscores, do not start with a digit and not with __")
    private @Nullable Map<String, @Size(max = 1024) String> labels;

    @JsonPropertyDescription(
            "Labels of the pod that are copied to every series; characters that label names cannot have become underscores.")
    @Size(max = 32)
    private @Nullable List<@Size(min = 1, max = 317) String> podLabels;

    @JsonPropertyDescription(
            "The label of the pod whose value becomes the job label; otherwise job is <namespace>/<name> of this resource.")
    @Size(min = 1, max = 317)
    private @Nullable String jobLabel;

    @JsonPropertyDescription("Limits that protect the server; a scrape beyond them fails as a whole.")
    private @Nullable ScrapeLimits limits;

    public @Nullable PodSource getPods() {
        return pods;
    }

    public void setPods(@Nullable PodSource pods) {
        this.pods = pods;
    }

    public @Nullable AnnotatedSource getAnnotated() {
        return annotated;
    }

    public void setAnnotated(@Nullable AnnotatedSource annotated) {
        this.annotated = annotated;
    }

    public @Nullable StaticSource getStaticSource() {
        return staticSource;
    }

    public void setStaticSource(@Nullable StaticSource staticSource) {
        this.staticSource = staticSource;
    }

    public @Nullable List<Endpoint> getEndpoints() {
        return endpoints;
    }

    public void setEndpoints(@Nullable List<Endpoint> endpoints) {
        this.endpoints = endpoints;
    }

    public @Nullable List<RelabelStep> getRelabel() {
        return relabel;
    }

    public void setRelabel(@Nullable List<RelabelStep> relabel) {
        this.relabel = relabel;
    }

    public @Nullable Map<String, String> getLabels() {
        return labels;
    }

    public void setLabels(@Nullable Map<String, String> labels) {
        this.labels = labels;
    }

    public @Nullable List<String> getPodLabels() {
        return podLabels;
    }

    public void setPodLabels(@Nullable List<String> podLabels) {
        this.podLabels = podLabels;
    }

    public @Nullable String getJobLabel() {
        return jobLabel;
    }

    public void setJobLabel(@Nullable String jobLabel) {
        this.jobLabel = jobLabel;
    }

    public @Nullable ScrapeLimits getLimits() {
        return limits;
    }

    public void setLimits(@Nullable ScrapeLimits limits) {
        this.limits = limits;
    }
}
