// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How high the tree of a regular expression is, as Go's parser makes it: a group that captures and a repeat are a level
 * each, so are a sequence and a choice, unless they stand in another one. Fed with the parts of the expression from left
 * to right.
 */
final class RegexHeight {
    /** What a node is, as far as it matters to the one above it. */
    private enum Kind {
        LETTERS,
        SEQUENCE,
        CHOICE,
        OTHER
    }

    private record Node(Kind kind, int height) {
        static final Node LETTERS = new Node(Kind.LETTERS, 1);

        /** How high it is within a node of a kind, which takes up the parts of a node of its own kind. */
        int within(Kind outer) {
            return kind == outer ? height - 1 : height;
        }
    }

    /** A group that is open, or the whole expression. */
    private static final class Group {
        final boolean captures;
        private int choices;
        private int highestChoice;
        private Node onlyChoice = Node.LETTERS;
        private int parts;
        private int highestPart;
        private Node last = Node.LETTERS;

        Group(boolean captures) {
            this.captures = captures;
        }

        void add(Node node) {
            boolean joins = parts > 0 && node.kind == Kind.LETTERS && last.kind == Kind.LETTERS;
            parts += joins ? 0 : 1;
            highestPart = Math.max(highestPart, node.within(Kind.SEQUENCE));
            last = node;
        }

        void repeatLast() {
            if (parts > 0) {
                last = new Node(Kind.OTHER, last.height + 1);
                highestPart = Math.max(highestPart, last.height);
            }
        }

        void endChoice() {
            Node choice = parts == 1 ? last : parts == 0 ? Node.LETTERS : new Node(Kind.SEQUENCE, 1 + highestPart);
            choices++;
            onlyChoice = choice;
            highestChoice = Math.max(highestChoice, choice.within(Kind.CHOICE));
            parts = 0;
            highestPart = 0;
            last = Node.LETTERS;
        }

        Node end() {
            endChoice();
            Node all = choices == 1 ? onlyChoice : new Node(Kind.CHOICE, 1 + highestChoice);
            return captures ? new Node(Kind.OTHER, 1 + all.height) : all;
        }
    }

    private final Deque<Group> open = new ArrayDeque<>();

    RegexHeight() {
        open.push(new Group(false));
    }

    /** A letter, a class or an escape. */
    void letter() {
        open.element().add(Node.LETTERS);
    }

    void open(boolean captures) {
        open.push(new Group(captures));
    }

    void close() {
        if (open.size() > 1) {
            Node group = open.pop().end();
            open.element().add(group);
        }
    }

    void choice() {
        open.element().endChoice();
    }

    /** The last part is repeated, or need not be there. */
    void repeat() {
        open.element().repeatLast();
    }

    /** The height; to be asked for once, when all has been fed. */
    int height() {
        while (open.size() > 1) {
            close();
        }
        return open.pop().end().height;
    }
}
