// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.cluster;

import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.config.section.SectionBuckets;
import dev.narthex.config.section.SectionsHash;
import dev.narthex.operator.desired.ConfigurationSecrets;
import dev.narthex.testkit.http.LoopbackServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands in for the runtimes of all StorageVolumes: says that it runs whatever is in their configuration Secrets. For
 * those of which a real runtime is known it passes on what that one says.
 */
final class EchoRuntime implements AutoCloseable {
    private final Map<String, URI> real = new ConcurrentHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final KubernetesClient client;
    private final LoopbackServer server;

    private EchoRuntime(KubernetesClient client) throws IOException {
        this.client = client;
        this.server = LoopbackServer.start((request, out) -> {
            Answer answer = answer(request.target());
            LoopbackServer.respond(out, answer.status(), Map.of(), answer.body().getBytes(StandardCharsets.UTF_8));
        });
    }

    /** What is answered. */
    record Answer(int status, String body) {}

    static EchoRuntime start(KubernetesClient client) throws IOException {
        return new EchoRuntime(client);
    }

    /** Lets a real runtime speak for the StorageVolumes of a namespace. */
    void passOn(String namespace, URI runtime) {
        real.put(namespace, runtime);
    }

    /** What a real runtime answers. */
    Answer ask(URI runtime, String path) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(runtime.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            return new Answer(502, String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Answer(502, "interrupted");
        }
    }

    /** The template of the operator's setting. */
    String urlTemplate() {
        return "http://" + server.address() + "/{namespace}/{name}";
    }

    private Answer answer(String path) {
        String[] parts = path.split("/", -1);
        URI runtime = real.get(parts[1]);
        if (runtime != null) {
            return ask(runtime, path.substring(path.indexOf("/api/")));
        }
        List<Secret> secrets = new ArrayList<>();
        for (int i = 0; i < SectionBuckets.COUNT; i++) {
            Secret secret = client.secrets()
                    .inNamespace(parts[1])
                    .withName(parts[2] + "-config-" + i)
                    .get();
            if (secret == null) {
                return new Answer(503, "");
            }
            secrets.add(secret);
        }
        return new Answer(200, report(parts[1], parts[2], ConfigurationSecrets.read(secrets)));
    }

    private static String report(String namespace, String name, Map<ResourceId, ResourceSection> sections) {
        ResourceSection volume = sections.get(new ResourceId(ResourceId.STORAGE_VOLUME, namespace, name));
        List<String> resources = new ArrayList<>();
        sections.values().forEach(section -> resources.add(resource(section)));
        return """
                {"status": "success", "data": {
                  "storageVolume": {"generation": GENERATION},
                  "configuration": {"hash": "HASH", "loadedAt": "2026-01-01T10:00:00Z", "error": ""},
                  "storage": {"series": 8120, "samplesPerSecond": 271.5, "bytesUsed": 7340032,
                              "oldestSampleMs": 1767261600000},
                  "resources": [RESOURCES]}}""".replace("GENERATION", volume == null ? "0" : Long.toString(volume.generation()))
                .replace("HASH", SectionsHash.of(sections.values()))
                .replace("RESOURCES", String.join(",\n", resources));
    }

    private static String resource(ResourceSection section) {
        ResourceId id = section.id();
        String counts = switch (id.kind()) {
            case ResourceId.SCRAPE_TARGET -> """
                    , "scrapeTarget": {"discovered": 5, "up": 3, "down": 2, "samples": 912, "lastError": "refused",
                      "worst": [{"url": "http://10.1.2.3:8080/metrics", "error": "refused"}]}""";
            case ResourceId.ALERT_RULE -> """
                    , "alertRule": {"firing": 2, "pending": 1, "errors": 0, "rules": [{"name": "A", "type": "alerting",
                      "health": "ok", "state": "firing", "activeAlerts": 3, "lastError": ""}]}""";
            case ResourceId.RECEIVER -> """
                    , "receiver": {"integrations": [{"type": "webhook", "sent": 12, "failed": 1, "lastError": "500",
                      "lastSuccess": "2026-01-01T09:58:10Z"}]}""";
            default -> "";
        };
        return "{\"kind\": \"" + id.kind() + "\", \"namespace\": \"" + id.namespace() + "\", \"name\": \"" + id.name()
                + "\", \"generation\": " + section.generation() + ", \"health\": \"ok\", \"message\": \"\"" + counts
                + "}";
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }
}
