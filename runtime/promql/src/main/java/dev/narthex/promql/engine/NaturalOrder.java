// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Utf8Order;

/** The order of texts in which numbers count by their size: {@code 4m5} comes before {@code 4m600}. */
final class NaturalOrder {
    private NaturalOrder() {}

    static int compare(String left, String right) {
        int l = 0;
        int r = 0;
        while (l < left.length() && r < right.length()) {
            int leftEnd = endOfPart(left, l);
            int rightEnd = endOfPart(right, r);
            int order = isDigit(left.charAt(l)) && isDigit(right.charAt(r))
                    ? compareNumbers(left, l, leftEnd, right, r, rightEnd)
                    : Utf8Order.compare(left.substring(l, leftEnd), right.substring(r, rightEnd));
            if (order != 0) {
                return order;
            }
            l = leftEnd;
            r = rightEnd;
        }
        return Integer.compare(left.length() - l, right.length() - r);
    }

    private static int compareNumbers(String left, int l, int leftEnd, String right, int r, int rightEnd) {
        int a = l;
        int b = r;
        while (a < leftEnd && left.charAt(a) == '0') {
            a++;
        }
        while (b < rightEnd && right.charAt(b) == '0') {
            b++;
        }
        int byLength = Integer.compare(leftEnd - a, rightEnd - b);
        return byLength != 0 ? byLength : left.substring(a, leftEnd).compareTo(right.substring(b, rightEnd));
    }

    private static int endOfPart(String text, int start) {
        boolean digits = isDigit(text.charAt(start));
        int end = start + 1;
        while (end < text.length() && isDigit(text.charAt(end)) == digits) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
