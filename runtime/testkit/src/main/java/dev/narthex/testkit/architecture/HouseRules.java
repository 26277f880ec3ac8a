// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * The rules of the house on class files: arrows between modules, who may know which library, who may touch files, no
 * cycles of packages, no state in statics, no empty names. A test in each application (server, operator) runs them all
 * on every module that it can see.
 */
public final class HouseRules {
    private static final String[] QUARKUS = {
        "io.quarkus..",
        "io.quarkiverse..",
        "io.smallrye..",
        "io.vertx..",
        "io.netty..",
        "jakarta..",
        "javax.inject..",
        "org.eclipse.microprofile.."
    };
    private static final String[] FABRIC8 = {"io.fabric8..", "io.javaoperatorsdk.."};

    private final JavaClasses classes;

    HouseRules(JavaClasses classes) {
        this.classes = classes;
    }

    /** All rules by name, in reading order. */
    static Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        for (Module module : Module.values()) {
            rules.put("arrows of " + module.packages(), arrows(module));
        }
        rules.put(
                "Quarkus only in server and operator", only(QUARKUS, "dev.narthex.server..", "dev.narthex.operator.."));
        rules.put(
                "Fabric8 only in crds, operator and discovery.kubernetes",
                only(FABRIC8, "dev.narthex.crds..", "dev.narthex.operator..", "dev.narthex.discovery.kubernetes.."));
        rules.put(
                "Jackson only in server, operator, crds and discovery.kubernetes",
                only(
                        new String[] {"com.fasterxml.jackson.."},
                        "dev.narthex.server..",
                        "dev.narthex.crds..",
                        "dev.narthex.operator..",
                        "dev.narthex.discovery.kubernetes.."));
        rules.put(
                "JBoss Logging is the one logger",
                // What gives log lines their form knows what makes them.
                only(
                        new String[] {"org.slf4j..", "java.util.logging..", "org.apache.logging.."},
                        "dev.narthex.server.log.."));
        rules.put("only memory maps files", mapping());
        rules.put("tsdb reaches files through memory", filesOfTsdb());
        rules.put(
                "no cycles of packages",
                slices().matching("dev.narthex.(**)").should().beFreeOfCycles());
        rules.put("statics hold no state", statics());
        rules.put("names say something", telling());
        rules.put("every package is null-marked", nullMarked());
        return rules;
    }

    /** Reads the shipped classes of Narthex on the class path of the calling test. */
    public static HouseRules onClassPath() {
        return new HouseRules(new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("/dev/narthex/testkit/"))
                .importPackages("dev.narthex"));
    }

    /** The packages that the rules are checked on. */
    public Set<String> packages() {
        return classes.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Fails with every place where the rule of that name is broken. */
    public void check(String name) {
        ArchRule rule = all().get(name);
        if (rule == null) {
            throw new IllegalArgumentException(name + ": no such rule; there are " + names());
        }
        rule.check(classes);
    }

    /** The names of all rules, in reading order. */
    public static List<String> names() {
        return List.copyOf(all().keySet());
    }

    private static ArchRule arrows(Module module) {
        String[] others = Arrays.stream(Module.values())
                .filter(other -> !module.reach().contains(other))
                .map(Module::packages)
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(module.packages())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("arrows between modules point one way")
                .allowEmptyShould(true);
    }

    private static ArchRule only(String[] library, String... homes) {
        return noClasses()
                .that()
                .resideInAPackage("dev.narthex..")
                .and()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .allowEmptyShould(true);
    }

    private static ArchRule mapping() {
        return noClasses()
                .that()
                .resideOutsideOfPackage("dev.narthex.memory..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.MappedByteBuffer")
                .orShould()
                .callMethod(
                        "java.nio.channels.FileChannel", "map", "java.nio.channels.FileChannel$MapMode", "long", "long")
                .because("mapped files are released for certain by dev.narthex.memory alone")
                .allowEmptyShould(true);
    }

    private static ArchRule filesOfTsdb() {
        return noClasses()
                .that()
                .resideInAPackage("dev.narthex.tsdb..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.channels..")
                        .or(nameMatching("java\\.nio\\.file\\.Files|java\\.io\\.(File|RandomAccessFile|File.*Stream)")))
                .because("every file call goes through StorageFiles, so that a test can make it fail")
                .allowEmptyShould(true);
    }

    private static ArchRule statics() {
        return fields().that().areStatic().should().beFinal().allowEmptyShould(true);
    }

    private static ArchRule telling() {
        return classes()
                .that()
                .areTopLevelClasses()
                .should(not(haveNameMatching(".*(Util|Utils|Helper|Impl|Data|Info)")))
                .andShould(not(residesIn("..util..", "..utils..", "..helper..", "..impl..", "..common..", "..dto..")))
                .because("a name says what a thing is, not what kind of code it is")
                .allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> haveNameMatching(String regex) {
        return condition(
                "have a simple name matching " + regex,
                type -> type.getSimpleName().matches(regex));
    }

    private static ArchCondition<JavaClass> residesIn(String... packages) {
        return condition("reside in " + String.join(", ", packages), resideInAnyPackage(packages)::test);
    }

    private static ArchRule nullMarked() {
        return classes()
                .that()
                .doNotHaveSimpleName("package-info")
                .should(condition(
                        "reside in a package with a package-info that is @NullMarked",
                        type -> type.getPackage().isAnnotatedWith(NullMarked.class)))
                .allowEmptyShould(true);
    }

    private interface Test {
        boolean of(JavaClass type);
    }

    private static ArchCondition<JavaClass> condition(String description, Test test) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean holds = test.of(type);
                String message = type.getFullName() + (holds ? " does " : " does not ") + description;
                events.add(new SimpleConditionEvent(type, holds, message));
            }
        };
    }
}
