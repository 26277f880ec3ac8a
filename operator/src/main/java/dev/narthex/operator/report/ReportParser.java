// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.config.section.ResourceId;
import dev.narthex.operator.report.ResourceReport.Counts;
import dev.narthex.operator.report.ResourceReport.FailedTarget;
import dev.narthex.operator.report.ResourceReport.IntegrationReport;
import dev.narthex.operator.report.ResourceReport.NoCounts;
import dev.narthex.operator.report.ResourceReport.ReceiverCounts;
import dev.narthex.operator.report.ResourceReport.RuleCounts;
import dev.narthex.operator.report.ResourceReport.RuleReport;
import dev.narthex.operator.report.ResourceReport.TargetCounts;
import dev.narthex.operator.report.RuntimeReport.StorageReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the JSON of a report. Fields that are missing count as empty, fields that are not known are passed over. */
final class ReportParser {
    private final ObjectMapper mapper = new ObjectMapper();

    /**
     * Reads a report.
     *
     * @throws IOException when the bytes are no report
     */
    RuntimeReport parse(byte[] json) throws IOException {
        JsonNode root = mapper.readTree(json);
        if (!root.path("status").asText().equals("success")) {
            throw new IOException("not a report, found status \""
                    + root.path("status").asText() + "\": " + root.path("error").asText());
        }
        JsonNode data = root.path("data");
        JsonNode configuration = data.path("configuration");
        Map<ResourceId, ResourceReport> resources = new HashMap<>();
        for (JsonNode resource : data.path("resources")) {
            ResourceId id = new ResourceId(text(resource, "kind"), text(resource, "namespace"), text(resource, "name"));
            resources.put(id, resource(resource));
        }
        return new RuntimeReport(
                data.path("storageVolume").path("generation").asLong(),
                text(configuration, "hash"),
                text(configuration, "loadedAt"),
                text(configuration, "error"),
                storage(data.path("storage")),
                resources);
    }

    private static StorageReport storage(JsonNode storage) {
        return new StorageReport(
                storage.path("series").asLong(),
                storage.path("samplesPerSecond").asDouble(),
                storage.path("bytesUsed").asLong(),
                storage.path("oldestSampleMs").asLong(-1));
    }

    private static ResourceReport resource(JsonNode resource) {
        return new ResourceReport(
                resource.path("generation").asLong(),
                text(resource, "health").equals("ok"),
                text(resource, "message"),
                counts(resource));
    }

    private static Counts counts(JsonNode resource) {
        if (resource.has("scrapeTarget")) {
            JsonNode counts = resource.path("scrapeTarget");
            return new TargetCounts(
                    counts.path("discovered").asLong(),
                    counts.path("up").asLong(),
                    counts.path("down").asLong(),
                    counts.path("samples").asLong(),
                    text(counts, "lastError"),
                    list(counts.path("worst"), target -> new FailedTarget(text(target, "url"), text(target, "error"))));
        }
        if (resource.has("alertRule")) {
            JsonNode counts = resource.path("alertRule");
            return new RuleCounts(
                    counts.path("firing").asLong(),
                    counts.path("pending").asLong(),
                    counts.path("errors").asLong(),
                    list(counts.path("rules"), ReportParser::rule));
        }
        if (resource.has("receiver")) {
            return new ReceiverCounts(list(resource.path("receiver").path("integrations"), ReportParser::integration));
        }
        return new NoCounts();
    }

    private static RuleReport rule(JsonNode rule) {
        return new RuleReport(
                text(rule, "name"),
                text(rule, "type"),
                text(rule, "health"),
                text(rule, "state"),
                rule.path("activeAlerts").asLong(),
                text(rule, "lastError"));
    }

    private static IntegrationReport integration(JsonNode integration) {
        return new IntegrationReport(
                text(integration, "type"),
                integration.path("sent").asLong(),
                integration.path("failed").asLong(),
                text(integration, "lastError"),
                text(integration, "lastSuccess"));
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText();
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> reader) {
        List<T> values = new ArrayList<>();
        array.forEach(item -> values.add(reader.apply(item)));
        return values;
    }
}
