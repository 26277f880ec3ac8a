// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.syntax.PromqlFeature;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file in the language of PromQL tests, read and ready to be run; each of its evaluations is a test. */
public final class PromqlTestFile {
    private final String name;
    private final List<Command> commands;

    private PromqlTestFile(String name, List<Command> commands) {
        this.name = name;
        this.commands = commands;
    }

    /**
     * Reads a file.
     *
     * @param name how messages name it
     * @param text its content
     * @throws IllegalArgumentException when it is not in the language; the message says where and why
     */
    public static PromqlTestFile parse(String name, String text) {
        PromqlTestFile file = read(name, text);
        for (Command command : file.commands) {
            if (command instanceof Command.Unreadable unreadable) {
                throw unreadable.reason();
            }
        }
        return file;
    }

    /** Reads a file that may have commands which are not in the language: each of these is a test that fails. */
    public static PromqlTestFile read(String name, String text) {
        return new PromqlTestFile(name, CommandParser.parse(name, text.lines().toList()));
    }

    /**
     * The engine that test files are written for: with every feature of the language, and no limit of time. What is said
     * of counters goes by their names, since the series of the files have no types.
     */
    public static PromqlEngine engine() {
        return new PromqlEngine(
                PromqlEngineConfig.defaults()
                        .withFeatures(EnumSet.complementOf(EnumSet.of(PromqlFeature.TYPE_AND_UNIT_LABELS))),
                () -> 0);
    }

    /**
     * A test: an evaluation, with what was loaded before it.
     *
     * @param name file, line and query
     * @param line the line of the evaluation, from 1 on
     */
    public record Case(String name, int line, Runnable test) {
        /**
         * Evaluates, and compares.
         *
         * @throws PromqlTestFailure when something else comes out than is expected
         */
        public void run() {
            test.run();
        }
    }

    /** The tests of the file in order; each may be run by itself, one at a time. */
    public List<Case> cases(PromqlEngine engine) {
        List<Case> cases = new ArrayList<>();
        List<Command.Load> loads = new ArrayList<>();
        Loaded loaded = new Loaded(name, List.of());
        for (Command command : commands) {
            switch (command) {
                case Command.Clear _ -> {
                    loads.clear();
                    loaded = new Loaded(name, List.of());
                }
                case Command.Load load -> {
                    loads.add(load);
                    loaded = new Loaded(name, List.copyOf(loads));
                }
                case Command.Unreadable unreadable ->
                    cases.add(new Case(name + ":" + unreadable.line(), unreadable.line(), () -> {
                        throw new PromqlTestFailure(
                                String.valueOf(unreadable.reason().getMessage()), unreadable.reason());
                    }));
                case Command.Eval eval -> {
                    Loaded before = loaded;
                    cases.add(new Case(
                            name + ":" + eval.line() + " " + eval.query(),
                            eval.line(),
                            () -> new TestSession(engine, before.storage()).check(eval)));
                }
            }
        }
        return cases;
    }

    /** What a number of commands load, done when it is first needed. */
    private static final class Loaded {
        private final String file;
        private final List<Command.Load> loads;
        private @Nullable MemoryStorage storage;

        Loaded(String file, List<Command.Load> loads) {
            this.file = file;
            this.loads = loads;
        }

        MemoryStorage storage() {
            MemoryStorage present = storage;
            if (present == null) {
                present = new MemoryStorage();
                for (Command.Load load : loads) {
                    try {
                        TestSession.load(present, load);
                    } catch (IllegalArgumentException e) {
                        throw new PromqlTestFailure(file + ":" + load.line() + ": load: " + e.getMessage(), e);
                    }
                }
                storage = present;
            }
            return present;
        }
    }
}
