// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.promql.differential.Shaped.Content;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** Puts two vectors together so that series of the one mostly find series of the other. */
final class RandomJoin {
    private final Chance chance;
    private final boolean fills;

    /** @param fills whether series that find none are filled in for now and then */
    RandomJoin(Chance chance, boolean fills) {
        this.chance = chance;
        this.fills = fills;
    }

    /** Joins two vectors by an operator that gives what is said. */
    Shaped join(Shaped left, String operator, Shaped right, Content content) {
        if (chance.onceIn(25)) {
            // Whatever comes of it, which often is an error.
            String matching = chance.one("", "on (job) ", "on (job) group_left () ", "ignoring (path) group_right () ");
            return result(left, operator, matching, right, content, new TreeSet<>(left.labels()))
                    .indistinct();
        }
        SortedSet<String> common = common(left, right);
        Shaped one = left;
        Shaped other = right;
        boolean nested =
                one.labels().containsAll(other.labels()) || other.labels().containsAll(one.labels());
        if (!one.distinct()) {
            one = grouped(one, common);
        }
        if (!other.distinct() || !(nested || chance.onceIn(3))) {
            other = grouped(other, common);
        }
        if (one.labels().equals(other.labels())) {
            String matching = chance.onceIn(2) ? "" : on(one.labels());
            return result(one, operator, matching, other, content, one.labels());
        }
        if (one.labels().containsAll(other.labels())) {
            String matching = chance.onceIn(2)
                    ? on(other.labels())
                    : "ignoring (" + list(minus(one.labels(), other.labels())) + ") ";
            return result(one, operator, matching + "group_left () ", other, content, one.labels());
        }
        if (other.labels().containsAll(one.labels())) {
            return result(one, operator, on(one.labels()) + "group_right () ", other, content, other.labels());
        }
        // Neither has all labels of the other.
        return result(grouped(one, common), operator, on(common), grouped(other, common), content, common);
    }

    private Shaped result(
            Shaped left, String operator, String matching, Shaped right, Content content, SortedSet<String> labels) {
        String text = "(" + left.text() + " " + operator + " " + matching + fill(operator) + right.text() + ")";
        return new Shaped(text, content, labels, true);
    }

    private String fill(String operator) {
        return fills && !operator.isEmpty() && chance.onceIn(2)
                ? chance.one(
                        "fill (0) ",
                        "fill_left (1) ",
                        "fill_right (2) ",
                        "fill_left (3) fill_right (4) ",
                        "fill (NaN) ")
                : "";
    }

    /** Intersection, union or difference. */
    Shaped set(Shaped left, Shaped right) {
        String operator = chance.one("and", "and", "and", "or", "or", "or", "unless");
        SortedSet<String> common = common(left, right);
        boolean same = left.labels().equals(right.labels());
        boolean united = operator.equals("or");
        SortedSet<String> matched = operator.equals("unless") || chance.onceIn(3) ? common : chance.some(common);
        String matching = same && chance.onceIn(2)
                ? ""
                : chance.onceIn(2) ? on(matched) : "ignoring (" + list(minus(union(left, right), matched)) + ") ";
        // Where all series are on both sides, there would be nothing left.
        boolean some =
                operator.equals("unless") && right.content() == Content.FLOATS && right.isExact() && !chance.onceIn(3);
        String other = some ? "(" + right.text() + chance.one(" > 50", " == 1", " < 2") + ")" : right.text();
        String text = "(" + left.text() + " " + operator + " " + matching + other + ")";
        return united
                ? new Shaped(
                        text,
                        left.content().with(right.content()),
                        union(left, right),
                        same && matching.isEmpty() && left.distinct() && right.distinct())
                : left.as(text);
    }

    /** One series for each of the labels. */
    private Shaped grouped(Shaped shaped, SortedSet<String> labels) {
        String aggregation = shaped.content() == Content.FLOATS ? chance.one("sum", "avg", "max", "count") : "sum";
        return new Shaped(
                aggregation + " by (" + list(labels) + ") (" + shaped.text() + ")",
                aggregation.equals("count") ? Content.FLOATS : shaped.content(),
                labels,
                true);
    }

    private static SortedSet<String> common(Shaped left, Shaped right) {
        SortedSet<String> common = new TreeSet<>(left.labels());
        common.retainAll(right.labels());
        return common;
    }

    private static SortedSet<String> union(Shaped left, Shaped right) {
        SortedSet<String> union = new TreeSet<>(left.labels());
        union.addAll(right.labels());
        return union;
    }

    private static SortedSet<String> minus(SortedSet<String> labels, SortedSet<String> others) {
        SortedSet<String> less = new TreeSet<>(labels);
        less.removeAll(others);
        return less;
    }

    private static String on(SortedSet<String> labels) {
        return "on (" + list(labels) + ") ";
    }

    static String list(Collection<String> labels) {
        return String.join(", ", labels);
    }
}
