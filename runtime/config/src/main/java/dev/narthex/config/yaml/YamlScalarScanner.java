// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.yaml.YamlToken.Kind;

/** Reads texts: plain, in quotes, and in blocks. */
final class YamlScalarScanner {
    private final YamlCharacters in;
    private boolean endedBehindBreak;

    YamlScalarScanner(YamlCharacters in) {
        this.in = in;
    }

    /** Whether the plain text that was read last ended where a line begins. */
    boolean endedBehindBreak() {
        return endedBehindBreak;
    }

    /** Line breaks and blanks between two words, and what they count as. */
    private static final class Gap {
        private final StringBuilder blanks = new StringBuilder();
        private String firstBreak = "";
        private final StringBuilder moreBreaks = new StringBuilder();

        boolean hasBreak() {
            return !firstBreak.isEmpty();
        }

        void addBreak(String found) {
            if (hasBreak()) {
                moreBreaks.append(found);
            } else {
                blanks.setLength(0);
                firstBreak = found;
            }
        }

        void moveTo(StringBuilder text) {
            if (!hasBreak()) {
                text.append(blanks);
            } else if (!firstBreak.equals("\n")) {
                text.append(firstBreak).append(moreBreaks);
            } else if (moreBreaks.isEmpty()) {
                text.append(' ');
            } else {
                text.append(moreBreaks);
            }
            clear();
        }

        void clear() {
            blanks.setLength(0);
            firstBreak = "";
            moreBreaks.setLength(0);
        }
    }

    YamlToken plain(boolean inFlow, int outerIndent) {
        YamlMark start = in.mark();
        int indent = outerIndent + 1;
        StringBuilder text = new StringBuilder();
        Gap gap = new Gap();
        endedBehindBreak = false;
        while (!in.isDocumentIndicator() && in.peek() != '#') {
            boolean any = false;
            while (!in.isGapAt(0) && !endsPlain(in.peek(), inFlow)) {
                if (!any) {
                    gap.moveTo(text);
                    endedBehindBreak = false;
                    any = true;
                }
                text.appendCodePoint(in.peek());
                in.skip();
            }
            if (!in.isBlankAt(0) && !YamlCharacters.isBreak(in.peek())) {
                break;
            }
            while (in.isBlankAt(0) || YamlCharacters.isBreak(in.peek())) {
                if (in.isBlankAt(0)) {
                    if (endedBehindBreak && in.column() < indent && in.peek() == '\t') {
                        throw tabInstead();
                    }
                    if (!endedBehindBreak) {
                        gap.blanks.appendCodePoint(in.peek());
                    }
                    in.skip();
                } else {
                    gap.addBreak(in.readBreak());
                    endedBehindBreak = true;
                }
            }
            if (!inFlow && in.column() < indent) {
                break;
            }
        }
        return new YamlToken(Kind.SCALAR, start, text.toString(), "", true);
    }

    private YamlSyntaxException tabInstead() {
        return new YamlSyntaxException(
                in.mark(), "found a tab where only spaces may stand; move the line in by spaces");
    }

    private boolean endsPlain(int c, boolean inFlow) {
        if (c == ':') {
            return in.isGapAt(1);
        }
        return inFlow && (c == ',' || c == '?' || c == '[' || c == ']' || c == '{' || c == '}');
    }

    YamlToken quoted(int quote) {
        YamlMark start = in.mark();
        boolean single = quote == '\'';
        in.skip();
        StringBuilder text = new StringBuilder();
        Gap gap = new Gap();
        while (true) {
            if (in.isDocumentIndicator()) {
                throw new YamlSyntaxException(
                        in.mark(),
                        "a document ends within quotes that began in line " + (start.line() + 1)
                                + "; close them before");
            }
            if (in.peek() == YamlCharacters.END) {
                throw new YamlSyntaxException(start, "quotes that are not closed; put one at the end of the text");
            }
            boolean continued = words(text, single, quote);
            if (in.peek() == quote) {
                in.skip();
                return new YamlToken(Kind.SCALAR, start, text.toString());
            }
            gap(gap, continued);
            // Behind a line that goes on there are the breaks of blank lines only.
            if (continued) {
                text.append(gap.moreBreaks);
                gap.clear();
            } else {
                gap.moveTo(text);
            }
        }
    }

    private void gap(Gap gap, boolean continued) {
        if (continued) {
            gap.firstBreak = "\n";
        }
        while (in.isBlankAt(0) || YamlCharacters.isBreak(in.peek())) {
            if (in.isBlankAt(0)) {
                if (!gap.hasBreak()) {
                    gap.blanks.appendCodePoint(in.peek());
                }
                in.skip();
            } else {
                gap.addBreak(in.readBreak());
            }
        }
    }

    /** Reads up to the next gap or quote; true where a line break was escaped. */
    private boolean words(StringBuilder text, boolean single, int quote) {
        while (!in.isGapAt(0)) {
            int c = in.peek();
            if (single && c == '\'' && in.peek(1) == '\'') {
                text.append('\'');
                in.skip(2);
            } else if (c == quote) {
                return false;
            } else if (!single && c == '\\' && YamlCharacters.isBreak(in.peek(1))) {
                in.skip();
                in.skipBreak();
                return true;
            } else if (!single && c == '\\') {
                escape(text);
            } else {
                text.appendCodePoint(c);
                in.skip();
            }
        }
        return false;
    }

    private void escape(StringBuilder text) {
        YamlMark start = in.mark();
        int letter = in.peek(1);
        int digits = 0;
        switch (letter) {
            case '0' -> text.append('\0');
            case 'a' -> text.append('\u0007');
            case 'b' -> text.append('\b');
            case 't', '\t' -> text.append('\t');
            case 'n' -> text.append('\n');
            case 'v' -> text.append('\u000b');
            case 'f' -> text.append('\f');
            case 'r' -> text.append('\r');
            case 'e' -> text.append('\u001b');
            case ' ', '"', '\'', '\\' -> text.appendCodePoint(letter);
            case 'N' -> text.append('\u0085');
            case '_' -> text.append('\u00a0');
            case 'L' -> text.append('\u2028');
            case 'P' -> text.append('\u2029');
            case 'x' -> digits = 2;
            case 'u' -> digits = 4;
            case 'U' -> digits = 8;
            default ->
                throw new YamlSyntaxException(
                        start,
                        "unknown escape \\" + (letter == 0 ? "" : Character.toString(letter))
                                + " between double quotes; write the character itself, or use single quotes");
        }
        in.skip(2);
        if (digits > 0) {
            text.appendCodePoint(codePoint(start, digits));
        }
    }

    private int codePoint(YamlMark start, int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int c = in.peek(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw new YamlSyntaxException(
                        start, "found an escape that is cut off; " + digits + " hexadecimal digits are expected");
            }
            value = value * 16 + digit;
        }
        if ((value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF) {
            throw new YamlSyntaxException(start, "an escape that names no character; write the character itself");
        }
        in.skip(digits);
        return (int) value;
    }

    YamlToken block(boolean literal, int outerIndent) {
        YamlMark start = in.mark();
        in.skip();
        int chomping = 0;
        int increment = 0;
        for (int i = 0; i < 2; i++) {
            int c = in.peek();
            if ((c == '+' || c == '-') && chomping == 0) {
                chomping = c == '+' ? 1 : -1;
                in.skip();
            } else if (c >= '0' && c <= '9' && increment == 0) {
                if (c == '0') {
                    throw new YamlSyntaxException(in.mark(), "found 0 behind | or >; 1 to 9 may stand there");
                }
                increment = c - '0';
                in.skip();
            }
        }
        in.skipBlanks();
        in.skipComment();
        if (!in.isBreakOrEnd()) {
            throw new YamlSyntaxException(
                    in.mark(), "found more behind | or >; the text begins in the next line, or stands in quotes");
        }
        in.skipBreak();
        return new YamlToken(Kind.SCALAR, start, lines(literal, chomping, increment, outerIndent));
    }

    private String lines(boolean literal, int chomping, int increment, int outerIndent) {
        int indent = increment == 0 ? 0 : Math.max(outerIndent, 0) + increment;
        StringBuilder text = new StringBuilder();
        StringBuilder breaks = new StringBuilder();
        indent = breaks(indent, outerIndent, breaks);
        String lastBreak = "";
        boolean blankBefore = false;
        while (in.column() == indent && in.peek() != YamlCharacters.END) {
            boolean blank = in.isBlankAt(0);
            if (!literal && lastBreak.equals("\n") && !blankBefore && !blank) {
                if (breaks.isEmpty()) {
                    text.append(' ');
                }
            } else {
                text.append(lastBreak);
            }
            text.append(breaks);
            breaks.setLength(0);
            blankBefore = blank;
            while (!in.isBreakOrEnd()) {
                text.appendCodePoint(in.peek());
                in.skip();
            }
            lastBreak = in.peek() == YamlCharacters.END ? "" : in.readBreak();
            indent = breaks(indent, outerIndent, breaks);
        }
        if (chomping != -1) {
            text.append(lastBreak);
        }
        if (chomping == 1) {
            text.append(breaks);
        }
        return text.toString();
    }

    /** Reads blank lines, and how far lines are moved in where that is not known yet. */
    private int breaks(int known, int outerIndent, StringBuilder breaks) {
        int indent = known;
        int widest = 0;
        while (true) {
            while ((indent == 0 || in.column() < indent) && in.peek() == ' ') {
                in.skip();
            }
            widest = Math.max(widest, in.column());
            if ((indent == 0 || in.column() < indent) && in.peek() == '\t') {
                throw tabInstead();
            }
            if (!YamlCharacters.isBreak(in.peek())) {
                break;
            }
            breaks.append(in.readBreak());
        }
        return indent == 0 ? Math.max(Math.max(widest, outerIndent + 1), 1) : indent;
    }
}
