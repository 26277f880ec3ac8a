// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the expectations of an evaluation wrong in one place. */
final class Mutation {
    private static final Pattern COUNT = Pattern.compile("count:(\\S+)");

    private Mutation() {}

    /** Lines that differ from those given, of an evaluation with its expectations. */
    static List<String> of(List<String> evaluation, Random random) {
        List<String> lines = new ArrayList<>(evaluation);
        boolean instant = lines.getFirst().contains(" instant ");
        int at = 1 + random.nextInt(lines.size() - 1);
        String line = lines.get(at).strip();
        if (line.startsWith("expect ")) {
            lines.set(at, "  " + expectation(line));
        } else if (!line.startsWith("{")) {
            lines.set(at, "  " + number(line));
        } else {
            switch (random.nextInt(4)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, "  {another=\"series\"}" + (instant ? " 1" : " 1x100"));
                case 2 ->
                    lines.set(at, "  {another=\"label\"" + (line.startsWith("{}") ? "" : ", ") + line.substring(1));
                default -> lines.set(at, "  " + lastValue(line));
            }
        }
        return lines;
    }

    private static String expectation(String line) {
        return switch (line) {
            case "expect no_warn" -> "expect warn";
            case "expect no_info" -> "expect info";
            case "expect ordered" -> "expect fail";
            default ->
                line.startsWith("expect string")
                        ? "expect string \"another\""
                        : line.startsWith("expect range") ? "expect string \"none\"" : line + " and more";
        };
    }

    private static String lastValue(String line) {
        int histogram = line.lastIndexOf("{{");
        if (line.endsWith("}}")) {
            Matcher count = COUNT.matcher(line);
            if (count.find(histogram)) {
                return line.substring(0, count.start(1)) + number(count.group(1)) + line.substring(count.end(1));
            }
        }
        int space = line.lastIndexOf(' ');
        return line.substring(0, space + 1) + number(line.substring(space + 1));
    }

    private static String number(String text) {
        double value = SeriesNotation.number(text);
        return Double.isFinite(value) ? String.valueOf(value == 0 ? 1 : value * 1.01) : "17";
    }
}
