// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule refuses a small violation, compiled here, and all of them accept a small house that keeps them. */
class HouseRulesTest {
    @TempDir
    Path directory;

    /**
     * A violation.
     *
     * @param rule the rule that has to refuse it
     * @param type the offending type, in full
     * @param body its members
     * @param others types that it uses
     */
    record Violation(String rule, String type, String body, List<String> others) {
        @Override
        public String toString() {
            return rule + ": " + type;
        }
    }

    static Stream<Violation> violations() {
        return Stream.of(
                uses("arrows of dev.narthex.model..", "dev.narthex.model.Labels", "dev.narthex.tsdb.Head"),
                uses("arrows of dev.narthex.memory..", "dev.narthex.memory.Slab", "dev.narthex.model.Labels"),
                uses("arrows of dev.narthex.promql..", "dev.narthex.promql.Engine", "dev.narthex.tsdb.Head"),
                uses("arrows of dev.narthex.scrape..", "dev.narthex.scrape.Loop", "dev.narthex.server.Main"),
                uses("arrows of dev.narthex.crds..", "dev.narthex.crds.Rule", "dev.narthex.operator.Main"),
                uses("arrows of dev.narthex.operator..", "dev.narthex.operator.Main", "dev.narthex.rules.Rule"),
                uses("Quarkus only in server and operator", "dev.narthex.rules.Group", "io.quarkus.arc.Arc"),
                uses("Quarkus only in server and operator", "dev.narthex.scrape.Client", "io.vertx.core.Vertx"),
                uses("Quarkus only in server and operator", "dev.narthex.crds.Bean", "jakarta.inject.Inject"),
                uses(
                        "Fabric8 only in crds, operator and discovery.kubernetes",
                        "dev.narthex.discovery.Pods",
                        "io.fabric8.kubernetes.client.KubernetesClient"),
                uses(
                        "Fabric8 only in crds, operator and discovery.kubernetes",
                        "dev.narthex.server.Secrets",
                        "io.fabric8.kubernetes.api.model.Secret"),
                uses(
                        "Jackson only in server, operator, crds and discovery.kubernetes",
                        "dev.narthex.config.Loader",
                        "com.fasterxml.jackson.databind.ObjectMapper"),
                uses("JBoss Logging is the one logger", "dev.narthex.rules.Group", "org.slf4j.Logger"),
                has("only memory maps files", "dev.narthex.tsdb.Block", "java.nio.MappedByteBuffer window;"),
                has(
                        "only memory maps files",
                        "dev.narthex.server.Files",
                        "void map(java.nio.channels.FileChannel c) throws java.io.IOException {"
                                + " c.map(java.nio.channels.FileChannel.MapMode.READ_ONLY, 0, 1).get(0); }"),
                has(
                        "tsdb reaches files through memory",
                        "dev.narthex.tsdb.Wal",
                        "boolean there(java.nio.file.Path p) { return java.nio.file.Files.exists(p); }"),
                has("tsdb reaches files through memory", "dev.narthex.tsdb.Wal", "java.io.RandomAccessFile file;"),
                has("statics hold no state", "dev.narthex.rules.Group", "static int evaluations;"),
                has("names say something", "dev.narthex.rules.GroupUtils", ""),
                has("names say something", "dev.narthex.rules.common.Group", ""),
                cycle());
    }

    private static Violation uses(String rule, String type, String used) {
        return new Violation(rule, type, used + " used;", List.of(used));
    }

    private static Violation has(String rule, String type, String body) {
        return new Violation(rule, type, body, List.of());
    }

    private static Violation cycle() {
        return new Violation(
                "no cycles of packages",
                "dev.narthex.promql.parser.Parser",
                "dev.narthex.promql.engine.Engine engine;",
                List.of("dev.narthex.promql.engine.Engine extends dev.narthex.promql.parser.Parser"));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void refuses(Violation violation) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String other : violation.others()) {
            String name = other.split(" ", 2)[0];
            sources.put(name, source(other, ""));
            markPackage(sources, name);
        }
        sources.put(violation.type(), source(violation.type(), violation.body()));
        markPackage(sources, violation.type());

        assertThat(broken(compiled(sources))).containsExactly(violation.rule());
    }

    @Test
    void refusesAPackageThatIsNotNullMarked() throws IOException {
        Map<String, String> sources =
                Map.of("dev.narthex.rules.fresh.Group", source("dev.narthex.rules.fresh.Group", ""));

        assertThat(broken(compiled(sources))).containsExactly("every package is null-marked");
    }

    @Test
    void acceptsAHouseThatKeepsThem() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        put(sources, "dev.narthex.model.Labels", "static final int MOST = 64;");
        put(sources, "dev.narthex.memory.Window", "java.nio.MappedByteBuffer window;");
        put(sources, "dev.narthex.storage.Appender", "dev.narthex.model.Labels labels;");
        put(sources, "dev.narthex.tsdb.Head", "dev.narthex.storage.Appender a; dev.narthex.memory.Window w;");
        put(sources, "io.fabric8.Client", "");
        put(sources, "io.quarkus.Arc", "");
        put(sources, "dev.narthex.discovery.kubernetes.Pods", "io.fabric8.Client client;");
        put(sources, "dev.narthex.server.Main", "dev.narthex.tsdb.Head head; io.quarkus.Arc arc;");

        assertThat(broken(compiled(sources))).isEmpty();
    }

    @Test
    void reachFollowsArrows() {
        assertThat(Module.TSDB.reach())
                .containsExactlyInAnyOrder(Module.TSDB, Module.STORAGE, Module.MEMORY, Module.WIRE, Module.MODEL);
        assertThat(Module.SERVER.reach())
                .contains(Module.EXPOSITION, Module.CRDS)
                .doesNotContain(Module.OPERATOR);
    }

    private static void put(Map<String, String> sources, String type, String body) {
        sources.put(type, source(type, body));
        markPackage(sources, type);
    }

    private static void markPackage(Map<String, String> sources, String type) {
        String name = type.substring(0, type.lastIndexOf('.'));
        sources.put(name + ".package-info", "@org.jspecify.annotations.NullMarked package " + name + ";");
    }

    private static String source(String declared, String body) {
        String[] parts = declared.split(" ", 2);
        int dot = parts[0].lastIndexOf('.');
        String rest = parts.length > 1 ? " " + parts[1] : "";
        return String.format(
                Locale.ROOT,
                "package %s; public class %s%s { %s }",
                parts[0].substring(0, dot),
                parts[0].substring(dot + 1),
                rest,
                body);
    }

    private static List<String> broken(JavaClasses classes) {
        List<String> broken = new ArrayList<>();
        HouseRules.all().forEach((name, rule) -> {
            EvaluationResult result = rule.evaluate(classes);
            if (result.hasViolation()) {
                broken.add(name);
            }
        });
        return broken;
    }

    private JavaClasses compiled(Map<String, String> sources) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", directory.toString()));
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = directory.resolve("src").resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, source.getValue());
            arguments.add(file.toString());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        var units = compiler.getStandardFileManager(null, Locale.ROOT, null)
                .getJavaFileObjectsFromStrings(arguments.subList(5, arguments.size()));
        boolean done = compiler.getTask(messages, null, null, arguments.subList(0, 5), null, units)
                .call();
        assertThat(done).as(messages.toString()).isTrue();
        return new ClassFileImporter().importPath(directory);
    }
}
