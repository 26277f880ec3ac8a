// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.alerting.IntegrationView;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceNames;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.rules.AlertState;
import dev.narthex.rules.AlertView;
import dev.narthex.rules.GroupView;
import dev.narthex.rules.RuleHealth;
import dev.narthex.rules.RuleView;
import dev.narthex.scrape.TargetHealth;
import dev.narthex.scrape.TargetView;
import dev.narthex.server.configuration.LoadedConfiguration;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/status/resources}: what runs of each resource; the form is in {@code docs/resources-status.md}. */
public final class ResourcesApi {
    private static final int WORST = 3;

    private final Supplier<LoadedConfiguration> loaded;
    private final Supplier<Optional<ResourceId>> storageVolume;
    private final Supplier<StorageReport> storage;
    private final Supplier<List<TargetView>> targets;
    private final Supplier<List<GroupView>> groups;
    private final Supplier<List<IntegrationView>> integrations;

    /** @param storageVolume whose configuration runs here, none where it comes from files */
    public ResourcesApi(
            Supplier<LoadedConfiguration> loaded,
            Supplier<Optional<ResourceId>> storageVolume,
            Supplier<StorageReport> storage,
            Supplier<List<TargetView>> targets,
            Supplier<List<GroupView>> groups,
            Supplier<List<IntegrationView>> integrations) {
        this.loaded = loaded;
        this.storageVolume = storageVolume;
        this.storage = storage;
        this.targets = targets;
        this.groups = groups;
        this.integrations = integrations;
    }

    public Response resources(Request request) {
        Snapshot now = new Snapshot(
                loaded.get(), storageVolume.get(), storage.get(), targets.get(), groups.get(), integrations.get());
        return JsonEnvelope.success(now::writeTo);
    }

    /** Everything of one moment, or nearly so. */
    private record Snapshot(
            LoadedConfiguration loaded,
            Optional<ResourceId> storageVolume,
            StorageReport storage,
            List<TargetView> targets,
            List<GroupView> groups,
            List<IntegrationView> integrations) {
        void writeTo(JsonWriter json) throws IOException {
            json.beginObject();
            if (storageVolume.isPresent()) {
                ResourceId id = storageVolume.get();
                json.name("storageVolume")
                        .beginObject()
                        .member("namespace", id.namespace())
                        .member("name", id.name())
                        .member("generation", runningGeneration(id))
                        .endObject();
            }
            json.name("configuration").beginObject().member("hash", loaded.hash());
            time(json, "loadedAt", loaded.loadedAt());
            json.member("error", loaded.error()).endObject();
            writeStorage(json);
            json.name("resources").beginArray();
            SortedSet<ResourceId> all = new TreeSet<>(loaded.read().keySet());
            all.addAll(loaded.rejected().keySet());
            for (ResourceId id : all) {
                writeResource(json, id);
            }
            json.endArray().endObject();
        }

        private void writeStorage(JsonWriter json) throws IOException {
            json.name("storage")
                    .beginObject()
                    .member("series", storage.series())
                    .member("samplesPerSecond", storage.samplesPerSecond())
                    .member("bytesUsed", storage.bytesUsed());
            if (storage.oldestSampleMs().isPresent()) {
                json.member("oldestSampleMs", storage.oldestSampleMs().getAsLong());
            }
            json.endObject();
        }

        private long runningGeneration(ResourceId id) {
            ResourceSection section = loaded.running().get(id);
            return section == null ? 0 : section.generation();
        }

        private void writeResource(JsonWriter json, ResourceId id) throws IOException {
            String refusal = loaded.rejected().get(id);
            json.beginObject()
                    .member("kind", id.kind())
                    .member("namespace", id.namespace())
                    .member("name", id.name())
                    .member("generation", runningGeneration(id))
                    .member("health", refusal == null ? "ok" : "rejected")
                    .member("message", refusal == null ? "" : refusal);
            if (loaded.running().containsKey(id)) {
                switch (id.kind()) {
                    case ResourceId.SCRAPE_TARGET -> writeScrapeTarget(json, id);
                    case ResourceId.ALERT_RULE -> writeAlertRule(json, id);
                    case ResourceId.RECEIVER -> writeReceiver(json, id);
                    default -> {
                        // The StorageVolume has nothing of its own to tell.
                    }
                }
            }
            json.endObject();
        }

        private void writeScrapeTarget(JsonWriter json, ResourceId id) throws IOException {
            List<TargetView> own = targets.stream()
                    .filter(target -> ResourceNames.ofJob(target.scrapePool())
                            .filter(id::equals)
                            .isPresent())
                    .toList();
            List<TargetView> down = own.stream()
                    .filter(target -> target.health() == TargetHealth.DOWN)
                    .sorted(Comparator.comparing(
                                    TargetView::downSince, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
                            .thenComparing(TargetView::scrapeUrl))
                    .toList();
            String lastError = down.stream()
                    .max(Comparator.comparing(
                                    TargetView::lastScrape, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
                            .thenComparing(
                                    TargetView::downSince, Comparator.nullsFirst(Comparator.<Instant>naturalOrder())))
                    .map(TargetView::lastError)
                    .orElse("");
            json.name("scrapeTarget")
                    .beginObject()
                    .member("discovered", own.size())
                    .member(
                            "up",
                            own.stream()
                                    .filter(target -> target.health() == TargetHealth.UP)
                                    .count())
                    .member("down", down.size())
                    .member(
                            "samples",
                            own.stream().mapToLong(TargetView::samples).sum())
                    .member("lastError", lastError)
                    .name("worst")
                    .beginArray();
            for (TargetView target : down.subList(0, Math.min(WORST, down.size()))) {
                json.beginObject()
                        .member("url", withoutQuery(target.scrapeUrl()))
                        .member("error", target.lastError())
                        .endObject();
            }
            json.endArray().endObject();
        }

        /** Parameters may be secrets. */
        private static String withoutQuery(String url) {
            int question = url.indexOf('?');
            return question < 0 ? url : url.substring(0, question);
        }

        private void writeAlertRule(JsonWriter json, ResourceId id) throws IOException {
            List<RuleView> rules = groups.stream()
                    .filter(group -> ResourceNames.ofRuleFile(group.file())
                            .filter(id::equals)
                            .isPresent())
                    .flatMap(group -> group.rules().stream())
                    .toList();
            json.name("alertRule")
                    .beginObject()
                    .member("firing", alerts(rules, AlertState.FIRING))
                    .member("pending", alerts(rules, AlertState.PENDING))
                    .member(
                            "errors",
                            rules.stream()
                                    .filter(rule -> rule.evaluation().health() == RuleHealth.ERROR)
                                    .count())
                    .name("rules")
                    .beginArray();
            for (RuleView rule : rules) {
                writeRule(json, rule);
            }
            json.endArray().endObject();
        }

        private static long alerts(List<RuleView> rules, AlertState state) {
            return rules.stream()
                    .flatMap(rule -> active(rule).stream())
                    .filter(alert -> alert.state() == state)
                    .count();
        }

        private static List<AlertView> active(RuleView rule) {
            return switch (rule) {
                case RuleView.Alerting alerting -> alerting.alerts();
                case RuleView.Recording _ -> List.of();
            };
        }

        private static void writeRule(JsonWriter json, RuleView rule) throws IOException {
            String type = switch (rule) {
                case RuleView.Alerting _ -> "alerting";
                case RuleView.Recording _ -> "recording";
            };
            String state = switch (rule) {
                case RuleView.Alerting alerting -> alerting.state().text();
                case RuleView.Recording _ -> "";
            };
            json.beginObject()
                    .member("name", rule.name())
                    .member("type", type)
                    .member("health", rule.evaluation().health().text())
                    .member("state", state)
                    .member("activeAlerts", active(rule).size());
            time(json, "lastEvaluation", rule.evaluation().at());
            json.member("durationSeconds", GoTime.seconds(rule.evaluation().duration()))
                    .member("lastError", rule.evaluation().lastError())
                    .endObject();
        }

        private void writeReceiver(JsonWriter json, ResourceId id) throws IOException {
            json.name("receiver").beginObject().name("integrations").beginArray();
            for (IntegrationView integration : integrations) {
                if (ResourceNames.ofReceiver(integration.receiver())
                        .filter(id::equals)
                        .isPresent()) {
                    json.beginObject()
                            .member("type", integration.type())
                            .member("sent", integration.sent())
                            .member("failed", integration.failedTotal())
                            .member("lastError", standingError(integration));
                    time(json, "lastSuccess", integration.lastSuccess());
                    json.endObject();
                }
            }
            json.endArray().endObject();
        }

        /** The last error, unless a success came after it. */
        private static String standingError(IntegrationView integration) {
            Instant error = integration.lastErrorAt();
            Instant success = integration.lastSuccess();
            boolean isOver = error == null || (success != null && !success.isBefore(error));
            return isOver ? "" : integration.lastError();
        }

        private static void time(JsonWriter json, String name, @Nullable Instant moment) throws IOException {
            if (moment != null) {
                json.member(name, GoTime.formatMillis(moment));
            }
        }
    }
}
