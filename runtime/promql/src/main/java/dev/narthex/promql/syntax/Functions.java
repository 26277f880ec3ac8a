// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All functions of the language (Prometheus documentation, "Query functions"). */
public final class Functions {
    private static final int MAX_DISTANCE = 2;
    private static final Map<String, Function> BY_NAME = byName();

    private Functions() {}

    /** The function of a name, null where there is none. Names are case-sensitive. */
    public static @Nullable Function find(String name) {
        return BY_NAME.get(name);
    }

    /** The names of all functions, in no order. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    private static Map<String, Function> byName() {
        // One line a group: return type, then the arguments by letter: v instant vector, r range vector, s scalar,
        // t string; ? before an optional one, * behind the last for any number of it.
        Map<String, Function> functions = new HashMap<>();
        add(functions, "v", "v", false, """
                abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count \
                histogram_stddev histogram_stdvar histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt \
                tan tanh timestamp""");
        add(functions, "v", "r", false, """
                absent_over_time avg_over_time changes count_over_time delta deriv first_over_time idelta increase \
                irate last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time \
                stdvar_over_time sum_over_time""");
        add(functions, "v", "?v", false, """
                day_of_month day_of_week day_of_year days_in_month hour minute month year""");
        add(functions, "v", "vss", false, "clamp");
        add(functions, "v", "vs", false, "clamp_max clamp_min");
        add(functions, "v", "v?s", false, "round");
        add(functions, "v", "ssv", false, "histogram_fraction");
        add(functions, "v", "sv", false, "histogram_quantile");
        add(functions, "v", "vttt*", false, "label_join");
        add(functions, "v", "vtttt", false, "label_replace");
        add(functions, "v", "rs", false, "predict_linear");
        add(functions, "v", "sr", false, "quantile_over_time");
        add(functions, "s", "v", false, "scalar");
        add(functions, "v", "s", false, "vector");
        add(functions, "s", "", false, "pi time");
        add(functions, "v", "rss", true, "double_exponential_smoothing");
        add(functions, "s", "", true, "start end step range");
        add(functions, "s", "ss", true, "max_of min_of");
        add(functions, "v", "v?v", true, "info");
        add(functions, "v", "r", true, """
                mad_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time""");
        add(functions, "v", "vt*", true, "sort_by_label sort_by_label_desc");
        add(functions, "v", "v", true, "start_timestamp");
        add(functions, "v", "vts?s?s?s?s?s?s?s?s?s", true, "histogram_quantiles");
        return Map.copyOf(functions);
    }

    /** What may be meant by a name that no function has: the function with the most similar name. */
    static String suggestion(String name) {
        String nearest = "";
        int least = Integer.MAX_VALUE;
        for (String known : new TreeSet<>(BY_NAME.keySet())) {
            int distance = distance(name, known);
            if (distance < least) {
                least = distance;
                nearest = known;
            }
        }
        return "a function" + (least <= MAX_DISTANCE ? " such as \"" + nearest + '"' : ", such as \"rate\"");
    }

    /** How many letters must be put in, taken out or changed to make one text another. */
    private static int distance(String a, String b) {
        if (!a.equals(b)
                && Arrays.equals(
                        a.chars().sorted().toArray(), b.chars().sorted().toArray())) {
            // Letters that changed places.
            return 1;
        }
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    private static void add(
            Map<String, Function> functions, String result, String signature, boolean experimental, String names) {
        List<ValueType> types = new ArrayList<>();
        int required = 0;
        boolean optional = false;
        boolean unlimited = false;
        for (int i = 0; i < signature.length(); i++) {
            char letter = signature.charAt(i);
            switch (letter) {
                case '?' -> optional = true;
                case '*' -> {
                    // The last one may also be missing.
                    unlimited = true;
                    required--;
                }
                default -> {
                    types.add(type(letter));
                    required += optional ? 0 : 1;
                }
            }
        }
        int max = unlimited ? Integer.MAX_VALUE : types.size();
        for (String name : names.split(" ", -1)) {
            functions.put(name, new Function(name, types, required, max, type(result.charAt(0)), experimental));
        }
    }

    private static ValueType type(char letter) {
        return switch (letter) {
            case 'v' -> ValueType.INSTANT_VECTOR;
            case 'r' -> ValueType.RANGE_VECTOR;
            case 's' -> ValueType.SCALAR;
            case 't' -> ValueType.STRING;
            default -> throw new IllegalArgumentException("function signature: letter " + letter);
        };
    }
}
