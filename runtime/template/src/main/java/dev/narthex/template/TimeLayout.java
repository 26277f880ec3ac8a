// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.time.OffsetDateTime;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;

/** Times by a layout that shows the reference time, 2006-01-02 15:04:05 (Go documentation, time, "Constants"). */
final class TimeLayout {
    /** What a layout may hold; where one starts another, the longer one stands first. */
    private static final List<String> ELEMENTS = List.of(
            "January",
            "Jan",
            "Monday",
            "Mon",
            "MST",
            "002",
            "01",
            "02",
            "03",
            "04",
            "05",
            "06",
            "2006",
            "__2",
            "_2006",
            "_2",
            "15",
            "1",
            "2",
            "3",
            "4",
            "5",
            "PM",
            "pm",
            "Z07:00:00",
            "Z070000",
            "Z07:00",
            "Z0700",
            "Z07",
            "-07:00:00",
            "-070000",
            "-07:00",
            "-0700",
            "-07");

    private TimeLayout() {}

    static String format(String layout, OffsetDateTime time) {
        StringBuilder out = new StringBuilder(layout.length() + 8);
        int at = 0;
        while (at < layout.length()) {
            int fraction = fractionLength(layout, at);
            if (fraction > 0) {
                out.append(fraction(layout.substring(at, at + fraction), time.getNano()));
                at += fraction;
                continue;
            }
            String element = elementAt(layout, at);
            if (element.isEmpty()) {
                out.append(layout.charAt(at++));
            } else {
                out.append(value(element, time));
                at += element.length();
            }
        }
        return out.toString();
    }

    private static String elementAt(String layout, int at) {
        for (String element : ELEMENTS) {
            if (layout.startsWith(element, at)) {
                boolean partOfWord = element.equals("Jan") || element.equals("Mon");
                int end = at + element.length();
                boolean lowerFollows = end < layout.length() && Character.isLowerCase(layout.charAt(end));
                if (!partOfWord || !lowerFollows) {
                    return element;
                }
            }
        }
        return "";
    }

    private static String value(String element, OffsetDateTime time) {
        return switch (element) {
            case "January" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Jan" -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "Monday" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Mon" -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case "MST" -> "UTC";
            case "01" -> padded(time.getMonthValue(), 2, '0');
            case "1" -> Integer.toString(time.getMonthValue());
            case "02" -> padded(time.getDayOfMonth(), 2, '0');
            case "_2" -> padded(time.getDayOfMonth(), 2, ' ');
            case "2" -> Integer.toString(time.getDayOfMonth());
            case "002" -> padded(time.getDayOfYear(), 3, '0');
            case "__2" -> padded(time.getDayOfYear(), 3, ' ');
            case "15" -> padded(time.getHour(), 2, '0');
            case "03" -> padded((time.getHour() + 11) % 12 + 1, 2, '0');
            case "3" -> Integer.toString((time.getHour() + 11) % 12 + 1);
            case "04" -> padded(time.getMinute(), 2, '0');
            case "4" -> Integer.toString(time.getMinute());
            case "05" -> padded(time.getSecond(), 2, '0');
            case "5" -> Integer.toString(time.getSecond());
            case "2006" -> padded(time.getYear(), 4, '0');
            case "_2006" -> "_" + padded(time.getYear(), 4, '0');
            case "06" -> padded(time.getYear() % 100, 2, '0');
            case "PM" -> time.getHour() < 12 ? "AM" : "PM";
            case "pm" -> time.getHour() < 12 ? "am" : "pm";
            default -> offset(element);
        };
    }

    private static String offset(String element) {
        return element.startsWith("Z") ? "Z" : element.replace('7', '0').replace("-", "+");
    }

    /** The length of a fraction such as {@code .000} or {@code ,999} at a position, 0 where there is none. */
    private static int fractionLength(String layout, int at) {
        char c = layout.charAt(at);
        if ((c != '.' && c != ',') || at + 1 == layout.length()) {
            return 0;
        }
        char digit = layout.charAt(at + 1);
        if (digit != '0' && digit != '9') {
            return 0;
        }
        int end = at + 1;
        while (end < layout.length() && layout.charAt(end) == digit) {
            end++;
        }
        boolean digitFollows = end < layout.length() && Character.isDigit(layout.charAt(end));
        return digitFollows ? 0 : end - at;
    }

    private static String fraction(String element, int nanos) {
        String digits = padded(nanos, 9, '0').substring(0, Math.min(9, element.length() - 1));
        if (element.charAt(1) == '9') {
            int end = digits.length();
            while (end > 0 && digits.charAt(end - 1) == '0') {
                end--;
            }
            return end == 0 ? "" : element.charAt(0) + digits.substring(0, end);
        }
        return element.charAt(0) + digits;
    }

    private static String padded(int number, int width, char with) {
        String text = Integer.toString(number);
        return Character.toString(with).repeat(Math.max(0, width - text.length())) + text;
    }
}
