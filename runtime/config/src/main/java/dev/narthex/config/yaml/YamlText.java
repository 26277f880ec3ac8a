// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.ConfigProblem;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What YAML 1.1, which Prometheus reads, has otherwise than YAML 1.2, which our parser reads (yaml.org, both
 * specifications): line breaks, tabs between tokens, escapes, directives.
 */
final class YamlText {
    private static final Pattern OTHER_BREAKS = Pattern.compile("[\u0085\u2028\u2029]");
    private static final Pattern TAB_BEHIND_KEY =
            Pattern.compile("^([ ]*(?:- +)*(?:[A-Za-z0-9_.-]+|<<):)([ ]*\t[ \t]*)", Pattern.MULTILINE);
    /** A text in double quotes, or what has to be passed over so that a quote in it begins none. */
    private static final Pattern QUOTED = Pattern.compile(
            "\"(?:[^\"\\\\]|\\\\[\\s\\S])*+\"|'(?:[^']|'')*+'|(?<![^\\s])#[^\\n]*+|[^\\s\"'#\\[\\]{},]++[\"'#]*+");

    private static final Pattern ESCAPE = Pattern.compile("\\\\(/|u[dD][89a-fA-F]|[\\s\\S])");

    private YamlText() {}

    /** The text as our parser has to see it for the same lines and tokens. */
    static String readable(String text) {
        String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
        if (plain.indexOf('\u0085') >= 0 || plain.indexOf('\u2028') >= 0 || plain.indexOf('\u2029') >= 0) {
            plain = OTHER_BREAKS.matcher(plain).replaceAll("\n");
        }
        if (plain.indexOf('\t') >= 0) {
            plain = TAB_BEHIND_KEY
                    .matcher(plain)
                    .replaceAll(found -> Matcher.quoteReplacement(
                            found.group(1) + found.group(2).replace('\t', ' ')));
        }
        return plain;
    }

    /** Reports escapes and directives that YAML 1.1 does not have. */
    static void checkEscapesAndDirectives(String text, String file, List<ConfigProblem> problems) {
        if (text.contains("\\/") || text.contains("\\u")) {
            checkEscapes(text, file, problems);
        }
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            if (line.startsWith("%")) {
                checkDirective(line.strip(), file, number, problems);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                return;
            }
        }
    }

    private static void checkDirective(String line, String file, int number, List<ConfigProblem> problems) {
        String[] words = line.split("\\s+", -1);
        if (words[0].equals("%YAML") && words.length > 1 && !words[1].equals("1.1")) {
            problems.add(new ConfigProblem(
                    file, "", number, 1, "not valid YAML: found version " + words[1] + "; YAML 1.1 is read"));
        } else if (!words[0].equals("%YAML") && !words[0].equals("%TAG")) {
            problems.add(new ConfigProblem(
                    file, "", number, 1, "not valid YAML: unknown directive " + words[0] + "; remove the line"));
        }
    }

    private static void checkEscapes(String text, String file, List<ConfigProblem> problems) {
        Matcher quoted = QUOTED.matcher(text);
        while (quoted.find()) {
            if (text.charAt(quoted.start()) != '"') {
                continue;
            }
            Matcher escape = ESCAPE.matcher(text).region(quoted.start(), quoted.end());
            while (escape.find()) {
                if (escape.group(1).length() > 1 || escape.group(1).equals("/")) {
                    int line = (int) text.substring(0, escape.start())
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
                    int column = escape.start() - text.lastIndexOf('\n', escape.start());
                    problems.add(new ConfigProblem(
                            file,
                            "",
                            line + 1,
                            column,
                            "not valid YAML: unknown escape " + escape.group() + " between double quotes; write the"
                                    + " character itself"));
                }
            }
        }
    }
}
