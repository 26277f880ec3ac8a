// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds;

import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import dev.narthex.crds.storagevolume.StorageVolume;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** The CustomResourceDefinitions as they follow from the Java types. */
final class CrdDefinitions {
    static final List<Class<? extends HasMetadata>> TYPES =
            List.of(ScrapeTarget.class, AlertRule.class, Receiver.class, StorageVolume.class);

    /** Properties that hold a moment. */
    private static final Set<String> TIMES = Set.of("lastTransitionTime", "loadedAt", "oldestSample", "lastSuccess");

    private static final String HEADER = """
            # SPDX-License-Identifier: Apache-2.0
            # Made from the Java types by the tests of crds; refresh with -Dgolden.update=true, do not edit.
            """;

    private CrdDefinitions() {}

    /** The YAML of each definition by its file name, such as {@code scrapetargets.yaml}. */
    static Map<String, String> generate() {
        Map<String, String> files = new TreeMap<>();
        MemoryOutput output = new MemoryOutput();
        new CRDGenerator()
                .customResourceClasses(TYPES)
                .forCRDVersions("v1")
                .withParallelGenerationEnabled(false)
                .withPostProcessor(new Mender())
                .withOutput(output)
                .generate();
        output.streams.forEach((name, bytes) -> {
            CustomResourceDefinition crd =
                    Serialization.unmarshal(bytes.toString(StandardCharsets.UTF_8), CustomResourceDefinition.class);
            files.put(crd.getSpec().getNames().getPlural() + ".yaml", HEADER + Serialization.asYaml(crd));
        });
        return files;
    }

    /** Adds what the annotations of the generator cannot say. */
    private static final class Mender implements CRDPostProcessor {
        @Override
        public HasMetadata process(HasMetadata definition, String version) {
            if (definition instanceof CustomResourceDefinition crd) {
                Class<?> type = TYPES.stream()
                        .filter(candidate -> candidate
                                .getSimpleName()
                                .equals(crd.getSpec().getNames().getKind()))
                        .findFirst()
                        .orElseThrow();
                for (var crdVersion : crd.getSpec().getVersions()) {
                    List<String> order = Arrays.stream(type.getAnnotationsByType(AdditionalPrinterColumn.class))
                            .map(AdditionalPrinterColumn::name)
                            .toList();
                    crdVersion
                            .getAdditionalPrinterColumns()
                            .sort(Comparator.comparingInt(column -> order.indexOf(column.getName())));
                    mend("", crdVersion.getSchema().getOpenAPIV3Schema());
                    makeAtomic(Objects.requireNonNull(crdVersion
                            .getSchema()
                            .getOpenAPIV3Schema()
                            .getProperties()
                            .get("spec")));
                }
            }
            return definition;
        }

        /** Server-side apply would turn an object whose last field goes into null, where it means something empty. */
        private static void makeAtomic(JSONSchemaProps spec) {
            spec.getProperties().values().stream()
                    .filter(field -> field.getProperties() != null
                            && !field.getProperties().isEmpty())
                    .forEach(field -> field.setXKubernetesMapType("atomic"));
        }

        private static void mend(String name, JSONSchemaProps schema) {
            if (name.equals("conditions")) {
                schema.setXKubernetesListType("map");
                schema.setXKubernetesListMapKeys(List.of("type"));
            }
            if (TIMES.contains(name)) {
                schema.setFormat("date-time");
            }
            if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
                mendIntOrString(name, schema);
            }
            if (name.equals("params")) {
                JSONSchemaProps values = schema.getAdditionalProperties().getSchema();
                values.setMaxItems(100L);
                values.getItems().getSchema().setMaxLength(1024L);
            }
            if (schema.getProperties() != null) {
                schema.getProperties().forEach(Mender::mend);
            }
            if (schema.getItems() != null && schema.getItems().getSchema() != null) {
                mend("", schema.getItems().getSchema());
            }
            if (schema.getAdditionalProperties() != null
                    && schema.getAdditionalProperties().getSchema() != null) {
                mend("", schema.getAdditionalProperties().getSchema());
            }
        }

        /** Bounds of a string apply where the value is one, those of a number where it is one. */
        private static void mendIntOrString(String name, JSONSchemaProps schema) {
            if (name.equals("port")) {
                schema.setMinimum(1.0);
                schema.setMaximum(65535.0);
                schema.setPattern(FieldPatterns.PORT_NAME);
                schema.setMaxLength(63L);
            } else {
                schema.setPattern(FieldPatterns.QUANTITY);
                schema.setMaxLength(32L);
            }
        }
    }

    private static final class MemoryOutput implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        private final Map<String, ByteArrayOutputStream> streams = new HashMap<>();

        @Override
        public ByteArrayOutputStream outputFor(String crdName) {
            return streams.computeIfAbsent(crdName, name -> new ByteArrayOutputStream());
        }

        @Override
        public URI crdURI(String crdName) {
            return URI.create("file:///" + crdName);
        }

        @Override
        public void close() {}
    }
}
