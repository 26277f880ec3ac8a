// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.golden.GoldenFile;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A native executable knows every type that Jackson reads or writes in the resources, and the definitions. */
class ReachabilityTest {
    private static final Path FILE = Path.of(
            "src",
            "main",
            "resources",
            "META-INF",
            "native-image",
            "dev.narthex",
            "narthex-crds",
            "reachability-metadata.json");

    @Test
    void everyTypeOfTheResourcesIsListed() {
        SortedMap<String, Class<?>> types = new TreeMap<>();
        for (Class<? extends HasMetadata> type : CrdDefinitions.TYPES) {
            types.put(type.getName(), type);
            collect(type.getGenericSuperclass(), types);
        }
        for (Class<?> type : new Class<?>[] {Quantity.class, IntOrString.class}) {
            for (Class<?> nested : type.getDeclaredClasses()) {
                types.put(nested.getName(), nested);
            }
        }
        assertThat(types).containsKey("dev.narthex.crds.scrapetarget.RelabelStepAction");
        String reflection = types.keySet().stream()
                .map(type -> "    {\"type\": \"" + type
                        + "\", \"allDeclaredConstructors\": true, \"allDeclaredMethods\": true,"
                        + " \"allDeclaredFields\": true}")
                .collect(Collectors.joining(",\n"));
        new GoldenFile(FILE).assertMatches("""
                {
                  "reflection": [
                %s
                  ],
                  "resources": [
                    {"glob": "META-INF/narthex/crds/*.yaml"}
                  ]
                }
                """.replace("%s", reflection));
    }

    private static void collect(Type type, SortedMap<String, Class<?>> types) {
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                collect(argument, types);
            }
        } else if (type instanceof Class<?> raw && isOurs(raw) && types.put(raw.getName(), raw) == null) {
            for (Field field : raw.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    collect(field.getGenericType(), types);
                }
            }
        }
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("dev.narthex.")
                || type.getName().startsWith("io.fabric8.kubernetes.api.model.");
    }
}
