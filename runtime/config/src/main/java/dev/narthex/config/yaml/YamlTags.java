// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the tags of YAML 1.1 make of a scalar. Tags of other kinds make a text of it. */
final class YamlTags {
    private static final String CORE = "tag:yaml.org,2002:";
    private static final Set<String> BOOLEANS = Set.of("true", "True", "TRUE", "false", "False", "FALSE");
    private static final Set<String> OLD_BOOLEANS =
            Set.of("yes", "Yes", "YES", "on", "On", "ON", "y", "Y", "no", "No", "NO", "off", "Off", "OFF", "n", "N");

    /** A date, and then a time, which has a zone where a T is before it. */
    private static final Pattern TIMESTAMP = Pattern.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
            + "(?:(?: |[Tt](?=.*(?:Z|[-+][0-9]{2}:[0-9]{2})$))([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?"
            + "(?:(?<=[Tt].{0,40})(?:Z|[-+][0-9]{2}:[0-9]{2}))?)?");

    private final YamlDialect dialect;

    YamlTags(YamlDialect dialect) {
        this.dialect = dialect;
    }

    static boolean isMerge(String tag) {
        return tag.equals(CORE + "merge");
    }

    /**
     * The scalar as readers see it.
     *
     * @throws IllegalArgumentException where the tag does not fit the text, with a message that can be shown
     */
    YamlNode.Scalar resolve(RawYaml.Scalar scalar) {
        String text = scalar.text();
        boolean plain = scalar.plain();
        if (!scalar.tag().isEmpty()) {
            plain = false;
            String kind = scalar.tag().startsWith(CORE) ? scalar.tag().substring(CORE.length()) : "";
            switch (kind) {
                case "null", "bool", "int", "float" -> {
                    demand(kind, isOfKind(kind, text), text);
                    plain = true;
                }
                case "timestamp" -> demand(kind, isTimestamp(text), text);
                case "binary" -> text = binary(text);
                default -> {
                    // A text, whatever else the tag says.
                }
            }
        }
        return new YamlNode.Scalar(
                text, plain, scalar.mark().line() + 1, scalar.mark().column() + 1);
    }

    private static void demand(String kind, boolean fits, String text) {
        if (!fits) {
            throw new IllegalArgumentException("found \"" + MappingReader.shortened(text) + "\" behind !!" + kind
                    + ", which it is not; remove the tag");
        }
    }

    private boolean isOfKind(String kind, String text) {
        return switch (kind) {
            case "null" -> YamlNode.Scalar.isNullText(text);
            case "bool" ->
                BOOLEANS.contains(text) || (dialect == YamlDialect.CONFIGURATION && OLD_BOOLEANS.contains(text));
            case "int" -> YamlNumber.isWhole(text);
            default -> YamlNumber.real(text) != null;
        };
    }

    private static boolean isTimestamp(String text) {
        Matcher found = TIMESTAMP.matcher(text);
        if (!found.matches()) {
            return false;
        }
        try {
            LocalDate.of(number(found, 1), number(found, 2), number(found, 3));
            if (found.group(4) != null) {
                LocalTime.of(number(found, 4), number(found, 5), number(found, 6));
            }
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }

    private static int number(Matcher found, int group) {
        return Integer.parseInt(found.group(group));
    }

    private static String binary(String base64) {
        String digits = base64.replaceAll("[\r\n]", "");
        try {
            if (digits.length() % 4 == 0) {
                return YamlBytes.utf8(Base64.getDecoder().decode(digits));
            }
        } catch (IllegalArgumentException _) {
            // Reported below.
        }
        throw new IllegalArgumentException("found what is no Base64 behind !!binary; remove the tag");
    }
}
