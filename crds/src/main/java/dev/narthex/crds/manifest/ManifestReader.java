// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.yaml.NearName;
import dev.narthex.config.yaml.YamlNode;
import dev.narthex.config.yaml.YamlParser;
import dev.narthex.crds.ResourceApi;
import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.alertrule.AlertRuleSpec;
import dev.narthex.crds.compile.SecretName;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.crds.receiver.ReceiverSpec;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import dev.narthex.crds.scrapetarget.ScrapeTargetSpec;
import dev.narthex.crds.storagevolume.StorageVolume;
import dev.narthex.crds.storagevolume.StorageVolumeSpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads manifests of the four resources, of Secrets and of Namespaces from YAML texts of many documents. Fields are
 * held to the schema of the CustomResourceDefinitions, so that a manifest which is accepted here is accepted by an API
 * server, but for what only {@link dev.narthex.crds.compile.ConfigurationCompiler} finds. Immutable and safe for use by
 * many threads.
 */
public final class ManifestReader {
    /** The namespace of a manifest that names none. */
    public static final String DEFAULT_NAMESPACE = "default";

    /** There is no API server to count generations: every manifest is of this one. */
    public static final long GENERATION = 1;

    private static final String CRDS = "/META-INF/narthex/crds/";
    private static final Map<String, String> FILES = Map.of(
            ResourceId.SCRAPE_TARGET, "scrapetargets.yaml",
            ResourceId.ALERT_RULE, "alertrules.yaml",
            ResourceId.RECEIVER, "receivers.yaml",
            ResourceId.STORAGE_VOLUME, "storagevolumes.yaml");

    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<String, FieldSchema> specs;

    private ManifestReader(Map<String, FieldSchema> specs) {
        this.specs = Map.copyOf(specs);
    }

    /** Makes a reader; the schemas come with this module. */
    public static ManifestReader create() {
        Map<String, FieldSchema> specs = new HashMap<>();
        FILES.forEach((kind, file) -> specs.put(kind, specSchema(file)));
        return new ManifestReader(specs);
    }

    private static FieldSchema specSchema(String file) {
        try (InputStream resource = ManifestReader.class.getResourceAsStream(CRDS + file)) {
            if (resource == null) {
                throw new IllegalStateException(CRDS + file + ": is not part of this program; build it again");
            }
            String yaml = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            YamlNode definition = YamlParser.parse(yaml, file).orElseThrow();
            YamlNode versions = descend(definition, "spec", "versions");
            YamlNode version = ((YamlNode.Sequence) versions).items().getFirst();
            return FieldSchema.of(descend(version, "schema", "openAPIV3Schema", "properties", "spec"));
        } catch (IOException e) {
            throw new UncheckedIOException(CRDS + file, e);
        } catch (ConfigException e) {
            throw new IllegalStateException(CRDS + file, e);
        }
    }

    private static YamlNode descend(YamlNode node, String... keys) {
        YamlNode at = node;
        for (String key : keys) {
            at = FieldSchema.child(at, key).orElseThrow();
        }
        return at;
    }

    /**
     * Reads texts.
     *
     * @param files the text of each file by its name, which stands in messages
     */
    public Manifests read(SortedMap<String, String> files) {
        Reading reading = new Reading();
        files.forEach(reading::file);
        return reading.result();
    }

    /** Collects what texts hold. */
    private final class Reading {
        private final Map<ResourceId, HasMetadata> resources = new TreeMap<>();
        private final Map<SecretName, Map<String, String>> secrets = new TreeMap<>();
        private final Map<String, Map<String, String>> namespaces = new TreeMap<>();
        private final List<ManifestProblem> problems = new ArrayList<>();
        private final SortedMap<ResourceId, ManifestProblem> unreadable = new TreeMap<>();
        private final List<String> passedOver = new ArrayList<>();
        private String file = "";
        private int document;

        void file(String name, String text) {
            file = name;
            document = 0;
            try {
                for (YamlNode root : YamlParser.parseAll(text, name)) {
                    document++;
                    document(root);
                }
            } catch (ConfigException e) {
                for (ConfigProblem problem : e.problems()) {
                    problems.add(new ManifestProblem(
                            name, 0, problem.line(), problem.column(), problem.path(), problem.message()));
                }
            }
        }

        private void document(YamlNode root) {
            if (!(root instanceof YamlNode.Mapping)) {
                problem(root.line(), root.column(), "", "not a manifest, found " + root.kind());
                return;
            }
            String apiVersion = text(root, "apiVersion");
            String kind = text(root, "kind");
            if (apiVersion.equals("v1") && kind.equals("List")) {
                FieldSchema.child(root, "items").ifPresent(items -> {
                    if (items instanceof YamlNode.Sequence sequence) {
                        sequence.items().forEach(this::document);
                    }
                });
            } else if (apiVersion.equals("v1") && kind.equals("Secret")) {
                secret(root);
            } else if (apiVersion.equals("v1") && kind.equals("Namespace")) {
                namespaces.put(metadata(root).getName(), metadata(root).getLabels());
            } else if (apiVersion.equals(ResourceApi.API_VERSION)) {
                resource(root, kind);
            } else if (apiVersion.startsWith(ResourceApi.GROUP + "/")) {
                problem(
                        root.line(),
                        root.column(),
                        "apiVersion",
                        "unknown version, found \"" + apiVersion + "\"; " + ResourceApi.API_VERSION);
            } else if (apiVersion.isEmpty() || kind.isEmpty()) {
                problem(root.line(), root.column(), "", "not a manifest; apiVersion and kind are required");
            } else {
                passedOver.add(file + ":" + root.line() + ": " + apiVersion + " " + kind + " "
                        + metadata(root).getName());
            }
        }

        private void resource(YamlNode root, String kind) {
            FieldSchema schema = specs.get(kind);
            if (schema == null) {
                problem(
                        root.line(),
                        root.column(),
                        "kind",
                        "unknown kind, found \"" + kind + "\"" + NearName.hint(kind, FILES.keySet()));
                return;
            }
            int before = problems.size();
            ObjectMeta metadata = metadata(root);
            checkTopLevel(root);
            if (metadata.getName().isEmpty()) {
                problem(root.line(), root.column(), "metadata.name", "is missing; every resource has a name");
                return;
            }
            ResourceId id = new ResourceId(kind, metadata.getNamespace(), metadata.getName());
            JsonNode spec = spec(root, schema);
            if (resources.containsKey(id)) {
                problem(root.line(), root.column(), "metadata.name", id + " is there twice; remove one of them");
            }
            Optional<HasMetadata> bound =
                    problems.size() == before ? bind(root, kind, metadata, spec) : Optional.empty();
            if (bound.isPresent()) {
                resources.put(id, bound.get());
            } else {
                unreadable.putIfAbsent(id, problems.get(before));
            }
        }

        private void checkTopLevel(YamlNode root) {
            List<String> known = List.of("apiVersion", "kind", "metadata", "spec", "status");
            for (YamlNode.Entry entry : ((YamlNode.Mapping) root).entries()) {
                if (!known.contains(entry.key())) {
                    problem(
                            entry.line(),
                            entry.column(),
                            entry.key(),
                            "unknown field" + NearName.hint(entry.key(), known));
                }
            }
        }

        private JsonNode spec(YamlNode root, FieldSchema schema) {
            Optional<YamlNode> spec = FieldSchema.child(root, "spec");
            if (spec.isEmpty()) {
                problem(root.line(), root.column(), "spec", "is missing; it is required");
                return NullNode.getInstance();
            }
            return new SchemaReader(this::problem).read(spec.get(), schema, "spec");
        }

        private Optional<HasMetadata> bind(YamlNode root, String kind, ObjectMeta metadata, JsonNode spec) {
            try {
                HasMetadata resource = newResource(kind, spec);
                resource.setMetadata(metadata);
                return Optional.of(resource);
            } catch (JsonProcessingException e) {
                problem(root.line(), root.column(), "spec", "cannot be read: " + e.getOriginalMessage());
                return Optional.empty();
            }
        }

        private HasMetadata newResource(String kind, JsonNode spec) throws JsonProcessingException {
            return switch (kind) {
                case ResourceId.SCRAPE_TARGET -> with(new ScrapeTarget(), spec, ScrapeTargetSpec.class);
                case ResourceId.ALERT_RULE -> with(new AlertRule(), spec, AlertRuleSpec.class);
                case ResourceId.RECEIVER -> with(new Receiver(), spec, ReceiverSpec.class);
                default -> with(new StorageVolume(), spec, StorageVolumeSpec.class);
            };
        }

        private <S> HasMetadata with(CustomResource<S, ?> resource, JsonNode spec, Class<S> type)
                throws JsonProcessingException {
            resource.setSpec(mapper.treeToValue(spec, type));
            return resource;
        }

        private void secret(YamlNode root) {
            Map<String, String> values = new TreeMap<>();
            FieldSchema.child(root, "data").ifPresent(data -> {
                for (YamlNode.Entry entry : ((YamlNode.Mapping) data).entries()) {
                    decode(entry).ifPresent(value -> values.put(entry.key(), value));
                }
            });
            FieldSchema.child(root, "stringData").ifPresent(data -> {
                for (YamlNode.Entry entry : ((YamlNode.Mapping) data).entries()) {
                    if (entry.value() instanceof YamlNode.Scalar scalar) {
                        values.put(entry.key(), scalar.text());
                    }
                }
            });
            ObjectMeta metadata = metadata(root);
            secrets.put(new SecretName(metadata.getNamespace(), metadata.getName()), values);
        }

        private Optional<String> decode(YamlNode.Entry entry) {
            String path = "data." + entry.key();
            if (!(entry.value() instanceof YamlNode.Scalar scalar)) {
                problem(
                        entry.line(),
                        entry.column(),
                        path,
                        "must be a text in base64, found " + entry.value().kind());
                return Optional.empty();
            }
            try {
                byte[] bytes = Base64.getDecoder().decode(scalar.text().replaceAll("\\s", ""));
                return Optional.of(new String(bytes, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException _) {
                problem(entry.line(), entry.column(), path, "not base64; use stringData for plain text");
                return Optional.empty();
            }
        }

        private ObjectMeta metadata(YamlNode root) {
            ObjectMeta metadata = new ObjectMeta();
            metadata.setGeneration(GENERATION);
            @Nullable YamlNode node = FieldSchema.child(root, "metadata").orElse(null);
            String namespace = node == null ? "" : text(node, "namespace");
            metadata.setNamespace(namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace);
            metadata.setName(node == null ? "" : text(node, "name"));
            Map<String, String> labels = new TreeMap<>();
            if (node != null) {
                FieldSchema.child(node, "labels").ifPresent(map -> {
                    if (map instanceof YamlNode.Mapping mapping) {
                        mapping.entries().forEach(entry -> labels.put(entry.key(), text(map, entry.key())));
                    }
                });
            }
            metadata.setLabels(labels);
            return metadata;
        }

        private static String text(YamlNode node, String key) {
            return FieldSchema.child(node, key)
                    .map(value -> value instanceof YamlNode.Scalar scalar && !scalar.isNull() ? scalar.text() : "")
                    .orElse("");
        }

        private void problem(int line, int column, String path, String message) {
            problems.add(new ManifestProblem(file, document, line, column, path, message));
        }

        Manifests result() {
            return new Manifests(
                    of(StorageVolume.class),
                    of(ScrapeTarget.class),
                    of(AlertRule.class),
                    of(Receiver.class),
                    secrets,
                    namespaces,
                    problems,
                    unreadable,
                    passedOver);
        }

        private <T> List<T> of(Class<T> type) {
            return resources.values().stream()
                    .filter(type::isInstance)
                    .map(type::cast)
                    .toList();
        }
    }
}
