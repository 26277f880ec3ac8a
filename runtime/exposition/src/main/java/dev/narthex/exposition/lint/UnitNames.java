// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition.lint;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Units in names of metrics: the base units of the naming conventions, and those that stand for others. */
final class UnitNames {
    private static final Map<String, String> BASES = Map.ofEntries(
            Map.entry("amperes", "amperes"),
            Map.entry("bytes", "bytes"),
            Map.entry("celsius", "celsius"),
            Map.entry("grams", "grams"),
            Map.entry("joules", "joules"),
            Map.entry("kelvin", "kelvin"),
            Map.entry("meters", "meters"),
            Map.entry("metres", "metres"),
            Map.entry("seconds", "seconds"),
            Map.entry("volts", "volts"),
            Map.entry("bits", "bytes"),
            Map.entry("calories", "joules"),
            Map.entry("days", "seconds"),
            Map.entry("fahrenheit", "celsius"),
            Map.entry("hours", "seconds"),
            Map.entry("inches", "meters"),
            Map.entry("kelvins", "kelvin"),
            Map.entry("miles", "meters"),
            Map.entry("minutes", "seconds"),
            Map.entry("ounces", "grams"),
            Map.entry("pounds", "grams"),
            Map.entry("rankine", "celsius"),
            Map.entry("weeks", "seconds"),
            Map.entry("yards", "meters"));
    private static final List<String> PREFIXES = List.of(
            "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo", "kibi", "mega", "mibi", "giga",
            "gibi", "tera", "tebi", "peta", "pebi");

    private UnitNames() {}

    /** The base unit of a word that is a unit, null where it is none. */
    static @Nullable String baseOf(String word) {
        String base = BASES.get(word);
        for (int i = 0; base == null && i < PREFIXES.size(); i++) {
            String prefix = PREFIXES.get(i);
            base = word.startsWith(prefix) ? BASES.get(word.substring(prefix.length())) : null;
        }
        return base;
    }
}
