// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.model.QuotedString;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What the two text formats have in common: where the parser stands, names, quotes, and how a fault is told. */
abstract sealed class LineParser implements ConvertibleParser permits TextParser, OpenMetricsParser {
    static final byte NAME_START = 1;
    static final byte NAME_DIGIT = 2;
    static final byte NAME_COLON = 4;
    private static final byte[] CLASSES = classes();
    private static final int MAX_QUOTED_BYTES = 200;
    private static final byte[] EMPTY = new byte[0];

    final FloatParser floats = new FloatParser();
    byte[] bytes = EMPTY;
    int start;
    int limit;
    /** Where the next entry starts. */
    int at;
    /** Behind the last sample: where the lead of the next one starts. */
    int following;

    int lead;
    int entryStart;
    int seriesEnd;
    int nameStart;
    int nameEnd;
    int textStart;
    int textEnd;
    MetricType type = MetricType.UNKNOWN;
    boolean timestamped;
    long timestampMs;
    double value;
    /** Whether only comments are read, whose exposition was accepted before. */
    boolean commentsOnly;

    @Override
    public void reset(byte[] body, int from, int to) {
        bytes = body;
        start = from;
        limit = to;
        at = from;
        following = from;
        lead = from;
        type = MetricType.UNKNOWN;
        commentsOnly = false;
    }

    /** Starts on the comments that stand before a sample of an exposition, or behind its last one. */
    final void resetToComments(byte[] text, int from, int to) {
        reset(text, from, to);
        commentsOnly = true;
    }

    @Override
    public final void clear() {
        reset(EMPTY, 0, 0);
    }

    @Override
    public final byte[] text() {
        return bytes;
    }

    @Override
    public final int leadStart() {
        return lead;
    }

    @Override
    public final int seriesStart() {
        return entryStart;
    }

    @Override
    public final void readComments(MetadataReader reader, Map<String, Metadata> into) {
        reader.read(format(), bytes, following, Math.max(following, entryStart), into);
    }

    @Override
    public final int seriesEnd() {
        return seriesEnd;
    }

    @Override
    public final boolean givesWholeHistograms() {
        return false;
    }

    @Override
    public final double value() {
        return value;
    }

    @Override
    public final boolean hasTimestamp() {
        return timestamped;
    }

    @Override
    public final long timestampMs() {
        return timestampMs;
    }

    @Override
    public final MetricType type() {
        return type;
    }

    @Override
    public final void assumeType(MetricType announced) {
        type = announced;
    }

    @Override
    public final String familyName() {
        return new String(bytes, nameStart, nameEnd - nameStart, StandardCharsets.UTF_8);
    }

    final String unescapedFamilyName() {
        return Escapes.unescapeQuoted(bytes, nameStart, nameEnd);
    }

    /** Behind the current entry. */
    public final int position() {
        return at;
    }

    /** The sample that starts at {@code entryStart} ends here. */
    final void sampleEndsAt(int end) {
        lead = following;
        following = end;
        at = end;
    }

    /** The exposition ends here. */
    final ExpositionEntry end() {
        at = limit;
        lead = following;
        entryStart = limit;
        seriesEnd = limit;
        return ExpositionEntry.END;
    }

    final boolean textIs(String word) {
        return textEnd - textStart == word.length() && startsWith(textStart, word);
    }

    /** Whether ASCII stands at an offset. */
    final boolean startsWith(int from, String word) {
        if (limit - from < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Behind a word, negative where it does not stand there. NUL bytes behind its first letter are passed over, as
     * Prometheus does.
     */
    final int endOfKeyword(int from, String word) {
        int p = from;
        for (int i = 0; i < word.length(); i++) {
            if (p >= limit || bytes[p] != word.charAt(i)) {
                return -1;
            }
            p++;
            // The first letter stands behind at most "# ".
            if (i >= 2 || word.charAt(0) != '#') {
                p = skipNuls(p);
            }
        }
        return p;
    }

    final int skipNuls(int from) {
        int p = from;
        while (p < limit && bytes[p] == 0) {
            p++;
        }
        return p;
    }

    final int skipName(int from) {
        int p = from;
        while (p < limit && classOf(bytes[p]) != 0) {
            p++;
        }
        return p;
    }

    final int skipLabelName(int from) {
        int p = from;
        while (p < limit && (classOf(bytes[p]) & (p == from ? NAME_START : NAME_START | NAME_DIGIT)) != 0) {
            p++;
        }
        return p;
    }

    final boolean isNameStart(int p) {
        return p < limit && (classOf(bytes[p]) & (NAME_START | NAME_COLON)) != 0;
    }

    static int classOf(byte c) {
        return CLASSES[c & 0xff];
    }

    /** From an opening quote to behind the closing one; negative where there is none or an escape is broken. */
    final int endOfQuoted(int open, boolean nulAllowed) {
        for (int p = open + 1; p < limit; p++) {
            byte c = bytes[p];
            if (c == '"') {
                return p + 1;
            }
            if (c == '\\' && (++p >= limit || bytes[p] == '\n')) {
                return -1;
            }
            if (c == 0 && !nulAllowed) {
                return -1;
            }
        }
        return -1;
    }

    final ExpositionException failure(String problem, int p) {
        String found = p >= limit ? "the end" : quote(p, p + 1);
        return new ExpositionException(
                lineOf(Math.min(p, limit)), problem + ", found " + found + " in " + quote(entryStart, p));
    }

    final ExpositionException unclosed(String what, int open) {
        return new ExpositionException(
                lineOf(open), "expected a closing quote of the " + what + ", found the end in " + quote(open, limit));
    }

    /** The offset behind a name in braces, whether it is quoted or not. */
    final int endOfName(int from) {
        int end = bytes[from] == '"' ? endOfQuoted(from, false) : skipLabelName(from);
        if (end < 0) {
            throw badName(from);
        }
        if (end == from) {
            throw failure("expected a label name", from);
        }
        return end;
    }

    /** What is wrong with a quoted name that has no end: it is left open, or a byte in it is none of a name. */
    private ExpositionException badName(int open) {
        for (int p = open; p < limit; p++) {
            if (bytes[p] == 0) {
                return failure("expected a label name", p);
            }
        }
        return unclosed("metric or label name", open);
    }

    final int lineOf(int offset) {
        int line = 1;
        for (int p = start; p < offset; p++) {
            line += bytes[p] == '\n' ? 1 : 0;
        }
        return line;
    }

    /** Bytes of the exposition for a message: the end of them counts where there are too many. */
    final String quote(int from, int to) {
        int end = Math.min(to, limit);
        int begin = Math.max(from, end - MAX_QUOTED_BYTES);
        String text = new String(bytes, begin, Math.max(0, end - begin), StandardCharsets.UTF_8);
        return QuotedString.of(begin > from ? "..." + text : text);
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 'a'; c <= 'z'; c++) {
            classes[c] = NAME_START;
            classes[c - 'a' + 'A'] = NAME_START;
        }
        classes['_'] = NAME_START;
        for (int c = '0'; c <= '9'; c++) {
            classes[c] = NAME_DIGIT;
        }
        classes[':'] = NAME_COLON;
        return classes;
    }
}
