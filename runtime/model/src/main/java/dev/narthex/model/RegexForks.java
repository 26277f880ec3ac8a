// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How far our engine may have to go through a regular expression without reading a letter: for each part that may be left
 * out, each choice and each group it goes down a level of the stack, of which a thread has half a megabyte. Fed with the
 * parts of the expression from left to right.
 */
final class RegexForks {
    /** Of this weight at most, an expression needs half of the stack that a thread has, on code that is not compiled yet. */
    static final long MOST = 2000;

    private static final int BETWEEN_LETTERS = 2;
    private static final int REPEAT = 2;
    private static final int GROUP = 2;

    /**
     * A part of the expression.
     *
     * @param first how far the engine goes from its beginning on until it reads a letter
     * @param last how far behind its last letter
     * @param through how far from its beginning to its end without a letter, less than 0 where it needs one
     * @param most the longest way between two letters in it
     * @param both what is on the way in as well as on the way out, as a repeat is
     */
    private record Part(long first, long last, long through, long most, long both) {
        static final Part NOTHING = new Part(0, 0, 0, 0);
        static final Part LETTER = new Part(0, 0, -1, 0);

        Part(long first, long last, long through, long most) {
            this(first, last, through, most, 0);
        }

        static Part ofWeight(long weight) {
            return new Part(weight, weight, weight, weight);
        }

        Part then(Part next) {
            if (equals(NOTHING)) {
                return next;
            }
            return new Part(
                    first + (through < 0 ? 0 : next.first),
                    next.last + (next.through < 0 ? 0 : last),
                    through < 0 || next.through < 0 ? -1 : through + next.through,
                    Math.max(Math.max(most, next.most), last + next.first));
        }

        Part or(Part other) {
            long through = Math.max(0, this.through) + Math.max(0, other.through) + 1;
            return new Part(
                            first + other.first + 1,
                            last + other.last + 1,
                            this.through < 0 && other.through < 0 ? -1 : through,
                            Math.max(most, other.most))
                    .atLeastItsEnds();
        }

        /** The part so many times, of which some need not be there. */
        Part repeated(int times, int optional) {
            long chain = through < 0 ? optional : Math.max(optional, times);
            if (chain == 0) {
                return new Part(first, last, through, Math.max(most, last + first));
            }
            return new Part(
                            (first + REPEAT) * chain,
                            (last + REPEAT) * chain,
                            through < 0 && optional < times ? -1 : (Math.max(0, through) + REPEAT) * chain,
                            Math.max(most, last + first + REPEAT - both),
                            chain == 1 ? both + REPEAT : 0)
                    .atLeastItsEnds();
        }

        private Part atLeastItsEnds() {
            return new Part(first, last, through, Math.max(most, Math.max(first, last)), both);
        }
    }

    /** A group that is open, or the whole expression. */
    private static final class Group {
        private final boolean captures;
        private @Nullable Part choices;
        private Part before = Part.NOTHING;
        private Part last = Part.NOTHING;

        Group(boolean captures) {
            this.captures = captures;
        }

        void add(Part part) {
            before = before.then(last);
            last = part;
        }

        void endChoice() {
            Part choice = before.then(last);
            choices = choices == null ? choice : choices.or(choice);
            before = Part.NOTHING;
            last = Part.NOTHING;
        }

        Part end() {
            endChoice();
            Part all = choices == null ? Part.NOTHING : choices;
            return captures ? Part.ofWeight(GROUP).then(all).then(Part.ofWeight(GROUP)) : all;
        }
    }

    private final Deque<Group> open = new ArrayDeque<>();

    RegexForks() {
        open.push(new Group(false));
    }

    /** A letter, a class or an escape. */
    void letter() {
        open.element().add(Part.LETTER);
    }

    /** What stands between letters, as the end of a word. */
    void betweenLetters() {
        open.element().add(Part.ofWeight(BETWEEN_LETTERS));
    }

    void open(boolean captures) {
        open.push(new Group(captures));
    }

    void close() {
        if (open.size() > 1) {
            Part group = open.pop().end();
            open.element().add(group);
        }
    }

    void choice() {
        open.element().endChoice();
    }

    /** The last part is there several times, of which some are optional. */
    void repeat(int times, int optional) {
        Group group = open.element();
        group.last = group.last.repeated(times, optional);
    }

    /** The longest way between two letters; to be asked for once, when all has been fed. */
    long weight() {
        while (open.size() > 1) {
            close();
        }
        return open.pop().end().most;
    }
}
