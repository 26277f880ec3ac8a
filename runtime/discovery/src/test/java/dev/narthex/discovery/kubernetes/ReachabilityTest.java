// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.golden.GoldenFile;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.runtime.RawExtension;
import io.fabric8.kubernetes.client.VersionInfo;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A native executable knows every type that Jackson reads when pods and Secrets are watched and a kubeconfig is read, by
 * its fields, getters and setters: methods that make builders would take in most of the client.
 */
class ReachabilityTest {
    private static final Path FILE = Path.of(
            "src",
            "main",
            "resources",
            "META-INF",
            "native-image",
            "dev.narthex",
            "narthex-discovery",
            "reachability-metadata.json");
    private static final String PACKAGE = "io.fabric8.kubernetes.";

    /** Looked up by name, or only where it can be, by the client. */
    private static final List<String> BY_NAME = List.of(
            "io.fabric8.kubernetes.api.model.Config",
            "io.fabric8.kubernetes.client.Config$ExecCredential",
            "io.fabric8.kubernetes.client.utils.OpenIDConnectionUtils$OAuthToken",
            "io.fabric8.kubernetes.client.utils.OpenIDConnectionUtils$OpenIdConfiguration",
            "io.fabric8.kubernetes.internal.KubernetesDeserializer");

    @Test
    void everyTypeThatIsReadIsListed() throws ClassNotFoundException {
        SortedMap<String, Class<?>> types = new TreeMap<>();
        KubernetesAccess.KINDS.forEach(kind -> collect(kind, types));
        // What is asked is written into the URL by way of ListOptions: a watch without them would be a list.
        List.of(
                        ListOptions.class,
                        WatchEvent.class,
                        GenericKubernetesResource.class,
                        RawExtension.class,
                        VersionInfo.class)
                .forEach(type -> collect(type, types));
        for (String name : BY_NAME) {
            collect(Class.forName(name), types);
        }
        assertThat(types)
                .containsKeys(
                        "io.fabric8.kubernetes.api.model.ContainerPort",
                        "io.fabric8.kubernetes.api.model.Quantity$Deserializer",
                        "io.fabric8.kubernetes.api.model.NamedCluster");
        new GoldenFile(FILE).assertMatches("""
                {
                  "reflection": [
                    {"type": "io.fabric8.kubernetes.client.impl.KubernetesClientImpl", "allDeclaredConstructors": true},
                %s
                  ]
                }
                """.replace(
                "%s", types.values().stream().map(ReachabilityTest::entry).collect(Collectors.joining(",\n"))));
    }

    private static String entry(Class<?> type) {
        String methods = Arrays.stream(type.getDeclaredMethods())
                .filter(ReachabilityTest::isProperty)
                .map(method -> "{\"name\": \"" + method.getName() + "\", \"parameterTypes\": ["
                        + Arrays.stream(method.getParameterTypes())
                                .map(parameter -> "\"" + parameter.getTypeName() + "\"")
                                .collect(Collectors.joining(", "))
                        + "]}")
                .sorted()
                .distinct()
                .collect(Collectors.joining(", "));
        return "    {\"type\": \"" + type.getName()
                + "\", \"allDeclaredConstructors\": true, \"allDeclaredFields\": true"
                + (methods.isEmpty() ? "}" : ", \"methods\": [" + methods + "]}");
    }

    private static boolean isProperty(Method method) {
        return (!method.isSynthetic() && method.getName().matches("(get|set|is)[A-Z].*")) || isEnumReader(method);
    }

    private static boolean isEnumReader(Method method) {
        return Modifier.isStatic(method.getModifiers()) && method.getName().matches("fromValue|valueOf|values");
    }

    private static void collect(Type type, SortedMap<String, Class<?>> types) {
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                collect(argument, types);
            }
        } else if (type instanceof Class<?> raw
                && raw.getName().startsWith(PACKAGE)
                && !raw.isInterface()
                && types.put(raw.getName(), raw) == null) {
            List<Type> parts = new ArrayList<>(List.of(raw.getDeclaredClasses()));
            if (raw.getGenericSuperclass() != null) {
                parts.add(raw.getGenericSuperclass());
            }
            for (Field field : raw.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    parts.add(field.getGenericType());
                }
            }
            parts.forEach(part -> collect(part, types));
        }
    }
}
