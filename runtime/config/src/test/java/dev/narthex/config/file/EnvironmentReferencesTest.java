// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** External labels as Prometheus 3.15 expanded them, with these variables in its environment. */
class EnvironmentReferencesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("AAA", "va$BBB", "BBB", "vb", "\u00c9", "e");

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            nullValues = "nothing",
            value = {
                "${AAA} va$BBB",
                "$AAA-$BBB va$BBB-vb",
                "$$AAA $AAA",
                "$$$AAA $va$BBB",
                "$$$$ $$",
                "$UNSET|${UNSET} |",
                "${AAA AAA",
                "${AAA}} va$BBB}",
                "$ $",
                "a$ a$",
                "${} ``",
                "${}}x }x",
                "a${}b$BBB abvb",
                "${ ``",
                "${$} $",
                "${*}x x",
                "$1 ``",
                "$0$12 2",
                "$*$#$@ ``",
                "$-x x",
                "$?x x",
                "$!x x",
                "$_ ``",
                "%s$AAA_x %s",
                "$BBBx ``",
                "${AAA-x} ``",
                "$\u00e9$AAA $\u00e9va$BBB",
                "$\u00c9 $\u00c9",
                "${\u00c9} e",
                "$BBB\u65e5 vb\u65e5",
                "$(BBB) $(BBB)",
                "$.$BBB $.vb"
            })
    void areExpandedAsInPrometheus(String text, String expanded) {
        assertThat(EnvironmentReferences.expand(text, name -> ENVIRONMENT.getOrDefault(name, "")))
                .isEqualTo(expanded);
    }
}
