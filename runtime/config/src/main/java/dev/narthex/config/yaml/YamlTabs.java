// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tabs at the beginning of lines, which YAML 1.1 refuses and our parser takes where nothing else is in the line: they may stand
 * in a text and within brackets and braces only, and in or behind a plain text only where that could go on.
 */
final class YamlTabs {
    static final int NONE = -1;

    private static final Pattern LEADING = Pattern.compile("^ *\t", Pattern.MULTILINE);

    /** A line that is neither blank nor a comment. */
    private static final Pattern SOMETHING = Pattern.compile("^[ \t]*+[^ \t\r\n#]", Pattern.MULTILINE);

    /** The line of a tab, and whether something allows it. */
    private static final class Line {
        private final int start;
        private final int tab;
        private boolean allowed;
        private boolean refused;

        Line(int start, int tab) {
            this.start = start;
            this.tab = tab;
        }
    }

    private final String text;
    private final List<Line> lines = new ArrayList<>();
    private final Set<Integer> seen = new HashSet<>();

    YamlTabs(String text) {
        this.text = text;
        if (text.indexOf('\t') >= 0) {
            Matcher leading = LEADING.matcher(text);
            while (leading.find()) {
                lines.add(new Line(leading.start(), leading.end() - 1));
            }
        }
    }

    /** Whether there is nothing to look at. */
    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Allows all tabs between two places, in code points. */
    void allow(int from, int to) {
        int start = text.offsetByCodePoints(0, from);
        int end = text.offsetByCodePoints(start, to - from);
        for (Line line : lines) {
            line.allowed |= line.tab >= start && line.tab < end;
        }
    }

    /**
     * Allows the tabs in and behind a plain text that are moved in far enough, and refuses the others.
     *
     * @param from where it begins, in code points
     * @param to where it ends
     * @param indent how many columns its lines have to be moved in
     */
    void allowPlain(int from, int to, int indent) {
        if (from == to || !seen.add(from)) {
            return;
        }
        int at = text.offsetByCodePoints(0, from);
        int end = text.offsetByCodePoints(at, to - from);
        for (Line line : lines) {
            if (line.tab >= at
                    && (line.start <= end || text.substring(end, line.start).isBlank())) {
                boolean movedIn = line.tab - line.start >= indent;
                line.allowed |= movedIn;
                line.refused |= !movedIn;
            }
        }
    }

    /**
     * Where the first tab of a document is that nothing allows, or {@link #NONE}. What stands behind the next thing after its
     * end is not read any more.
     *
     * @param documentEnd in code points
     */
    int fault(int documentEnd) {
        int end = text.offsetByCodePoints(0, documentEnd);
        for (Line line : lines) {
            boolean further = line.start > end
                    && SOMETHING.matcher(text.substring(end, line.start)).find();
            if ((line.refused || !line.allowed) && !further) {
                return line.tab;
            }
        }
        return NONE;
    }
}
