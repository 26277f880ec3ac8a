// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.config.RelabelAction;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.relabel.RelabelSteps;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.QuotedString;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.ErrorType;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code /api/v1/targets/relabel_steps}: what each relabelling rule of a job makes of labels. */
public final class RelabelStepsApi {
    private final Function<String, Optional<ScrapeConfig>> jobs;

    /** @param jobs a job by its name */
    public RelabelStepsApi(Function<String, Optional<ScrapeConfig>> jobs) {
        this.jobs = jobs;
    }

    /** {@code GET /api/v1/targets/relabel_steps} with {@code scrapePool} and {@code labels}, a JSON object of strings. */
    public Response steps(Request request) {
        String pool = request.parameter("scrapePool");
        if (pool.isEmpty()) {
            throw ApiException.badData("no scrapePool parameter provided");
        }
        String text = request.parameter("labels");
        if (text.isEmpty()) {
            throw ApiException.badData("no labels parameter provided");
        }
        Labels labels = labels(text);
        ScrapeConfig job = jobs.apply(pool)
                .orElseThrow(() -> ApiException.badData(
                        "error retrieving scrape config: scrape pool " + QuotedString.of(pool) + " not found"));
        List<RelabelSteps.Step> steps = RelabelSteps.of(labels, job.relabelConfigs());
        return JsonEnvelope.success(json -> {
            json.beginObject().name("steps").beginArray();
            for (RelabelSteps.Step step : steps) {
                json.beginObject().name("rule");
                write(json, step.rule());
                json.name("output")
                        .labels(step.output())
                        .member("keep", step.keep())
                        .endObject();
            }
            json.endArray().endObject();
        });
    }

    private static Labels labels(String text) {
        Object parsed;
        try {
            parsed = Json.decodeValue(text);
        } catch (DecodeException e) {
            throw new ApiException(ErrorType.BAD_DATA, "error parsing labels: " + e.getMessage(), e);
        }
        LabelsBuilder labels = Labels.builder();
        if (parsed == null) {
            return labels.build();
        }
        if (!(parsed instanceof JsonObject object)) {
            throw ApiException.badData("error parsing labels: found " + text + "; accepted is an object of strings");
        }
        for (Map.Entry<String, Object> label : object) {
            if (label.getKey().isEmpty()) {
                throw ApiException.badData("error parsing labels: a label without a name; name each label");
            }
            switch (label.getValue()) {
                case null -> {}
                case String value -> labels.set(label.getKey(), value);
                default ->
                    throw ApiException.badData("error parsing labels: the value of " + QuotedString.of(label.getKey())
                            + " is " + Json.encode(label.getValue()) + "; accepted is a string");
            }
        }
        return labels.build();
    }

    private static void write(JsonWriter json, RelabelConfig rule) throws IOException {
        json.beginObject();
        if (!rule.sourceLabels().isEmpty()) {
            json.name("source_labels").strings(rule.sourceLabels());
        }
        json.member("separator", rule.separator()).member("regex", rule.regex().regex());
        if (rule.action() == RelabelAction.HASH_MOD) {
            json.name("modulus").unsigned(rule.modulus());
        }
        if (!rule.targetLabel().isEmpty()) {
            json.member("target_label", rule.targetLabel());
        }
        json.member("replacement", rule.replacement())
                .member("action", rule.action().text())
                .endObject();
    }
}
