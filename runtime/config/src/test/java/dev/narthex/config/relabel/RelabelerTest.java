// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.relabel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.RelabelAction;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.RelabelPattern;
import dev.narthex.model.Labels;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RelabelerTest {
    record Case(
            String name,
            Labels before,
            RelabelConfig step,
            @Nullable Labels after) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static RelabelConfig step(
            RelabelAction action, List<String> sources, String regex, String target, String replacement, long modulus) {
        return new RelabelConfig(sources, ";", RelabelPattern.of(regex), modulus, target, replacement, action);
    }

    static Stream<Case> steps() {
        Labels ab = Labels.of("a", "foo", "b", "bar");
        return Stream.of(
                new Case(
                        "replace joins sources and fills groups",
                        ab,
                        step(RelabelAction.REPLACE, List.of("a", "b"), "f(.*);(.*)r", "d", "ch${1}-ch${2}", 0),
                        Labels.of("a", "foo", "b", "bar", "d", "choo-chba")),
                new Case(
                        "replace without a match changes nothing",
                        ab,
                        step(RelabelAction.REPLACE, List.of("a"), "x", "d", "y", 0),
                        ab),
                new Case(
                        "replace with an empty result removes the label",
                        ab,
                        step(RelabelAction.REPLACE, List.of("a"), "f(.*)", "b", "", 0),
                        Labels.of("a", "foo")),
                new Case(
                        "replace takes the target from the match",
                        ab,
                        step(RelabelAction.REPLACE, List.of("a"), "(f).*", "${1}_x", "v", 0),
                        Labels.of("a", "foo", "b", "bar", "f_x", "v")),
                new Case(
                        "a named group is filled by name",
                        ab,
                        step(RelabelAction.REPLACE, List.of("a"), "(?P<first>f).*", "c", "$first", 0),
                        Labels.of("a", "foo", "b", "bar", "c", "f")),
                new Case(
                        "a word swallows the digits and letters behind it",
                        ab,
                        step(RelabelAction.REPLACE, List.of("a"), "(f).*", "c", "$1x", 0),
                        ab),
                new Case(
                        "two dollar signs are one",
                        ab,
                        step(RelabelAction.REPLACE, List.of("a"), "(f).*", "c", "$$1", 0),
                        Labels.of("a", "foo", "b", "bar", "c", "$1")),
                new Case("keep drops what does not match", ab, RelabelConfig.keep(List.of("a"), "fo"), null),
                new Case("keep keeps what matches", ab, RelabelConfig.keep(List.of("a"), "fo+"), ab),
                new Case(
                        "a missing source counts as empty",
                        ab,
                        step(RelabelAction.DROP, List.of("none"), "", "", "$1", 0),
                        null),
                new Case(
                        "keepequal compares with the target",
                        Labels.of("a", "x", "b", "x"),
                        step(RelabelAction.KEEP_EQUAL, List.of("a"), "(.*)", "b", "$1", 0),
                        Labels.of("a", "x", "b", "x")),
                new Case(
                        "dropequal drops what equals the target",
                        Labels.of("a", "x", "b", "x"),
                        step(RelabelAction.DROP_EQUAL, List.of("a"), "(.*)", "b", "$1", 0),
                        null),
                new Case(
                        "lowercase and its target",
                        Labels.of("a", "MiXed"),
                        step(RelabelAction.LOWERCASE, List.of("a"), "(.*)", "l", "$1", 0),
                        Labels.of("a", "MiXed", "l", "mixed")),
                new Case(
                        "uppercase and its target",
                        Labels.of("a", "MiXed"),
                        step(RelabelAction.UPPERCASE, List.of("a"), "(.*)", "u", "$1", 0),
                        Labels.of("a", "MiXed", "u", "MIXED")),
                new Case(
                        "labelmap copies matching names",
                        Labels.of("__meta_x", "1", "__meta_y", "2", "z", "3"),
                        step(RelabelAction.LABEL_MAP, List.of(), "__meta_(.+)", "", "$1", 0),
                        Labels.of("__meta_x", "1", "__meta_y", "2", "x", "1", "y", "2", "z", "3")),
                new Case(
                        "labeldrop removes matching names",
                        ab,
                        step(RelabelAction.LABEL_DROP, List.of(), "a", "", "$1", 0),
                        Labels.of("b", "bar")),
                new Case(
                        "labelkeep removes the other names",
                        ab,
                        step(RelabelAction.LABEL_KEEP, List.of(), "a", "", "$1", 0),
                        Labels.of("a", "foo")),
                new Case(
                        "hashmod takes the last eight bytes of MD5",
                        Labels.of("a", "foo"),
                        step(RelabelAction.HASH_MOD, List.of("a"), "(.*)", "m", "$1", 1000),
                        Labels.of("a", "foo", "m", HASH_MOD_OF_FOO)));
    }

    /** md5("foo") = acbd18db4cc2f85cedef654fccc4a4d8; 0xedef654fccc4a4d8 modulo 1000. */
    private static final String HASH_MOD_OF_FOO =
            Long.toUnsignedString(Long.remainderUnsigned(Long.parseUnsignedLong("edef654fccc4a4d8", 16), 1000));

    @ParameterizedTest
    @MethodSource("steps")
    void appliesOneStepAsTheDocumentationSays(Case given) {
        assertThat(Relabeler.relabel(given.before(), List.of(given.step()))).isEqualTo(given.after());
    }
}
