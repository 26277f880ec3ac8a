// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.QuotedString;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tree of a parsed template. {@code toString} gives the text that messages show. */
sealed interface Node {
    /** Where the node starts in the source. */
    int position();

    /** What produces output or steers it. */
    sealed interface Statement extends Node {}

    record Text(int position, String text) implements Statement {}

    record Action(int position, Pipeline pipeline) implements Statement {
        @Override
        public String toString() {
            return "{{" + pipeline + "}}";
        }
    }

    record If(int position, Pipeline condition, List<Statement> then, List<Statement> otherwise) implements Statement {}

    record With(int position, Pipeline value, List<Statement> then, List<Statement> otherwise) implements Statement {}

    record Range(int position, Pipeline values, List<Statement> body, List<Statement> otherwise) implements Statement {}

    record Break(int position) implements Statement {
        @Override
        public String toString() {
            return "{{break}}";
        }
    }

    record Continue(int position) implements Statement {
        @Override
        public String toString() {
            return "{{continue}}";
        }
    }

    record Invocation(int position, String name, @Nullable Pipeline data) implements Statement {
        @Override
        public String toString() {
            return "{{template " + QuotedString.of(name) + (data == null ? "" : " " + data) + "}}";
        }
    }

    /** What has a value. */
    sealed interface Operand extends Node {}

    /**
     * Commands, each fed the value of the one before.
     *
     * @param variables those that get the value, with their dollar signs
     * @param assigns whether the variables exist already
     */
    record Pipeline(int position, List<String> variables, boolean assigns, List<Command> commands) implements Operand {
        @Override
        public String toString() {
            String left = variables.isEmpty() ? "" : String.join(", ", variables) + (assigns ? " = " : " := ");
            return left + commands.stream().map(Command::toString).collect(Collectors.joining(" | "));
        }
    }

    record Command(int position, List<Operand> operands) implements Node {
        @Override
        public String toString() {
            return operands.stream()
                    .map(operand -> operand instanceof Pipeline ? "(" + operand + ")" : operand.toString())
                    .collect(Collectors.joining(" "));
        }
    }

    record Dot(int position) implements Operand {
        @Override
        public String toString() {
            return ".";
        }
    }

    record Nil(int position) implements Operand {
        @Override
        public String toString() {
            return "nil";
        }
    }

    record Bool(int position, boolean value) implements Operand {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /** A constant: a {@link Long}, a {@link Double}, a {@link GoComplex}, or a character as a {@link Long}. */
    record Constant(int position, String text, Object value) implements Operand {
        @Override
        public String toString() {
            return text;
        }
    }

    record TextConstant(int position, String quoted, String value) implements Operand {
        @Override
        public String toString() {
            return quoted;
        }
    }

    record Function(int position, String name) implements Operand {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Fields of dot: {@code .A.B}. */
    record Fields(int position, List<String> names) implements Operand {
        @Override
        public String toString() {
            return "." + String.join(".", names);
        }
    }

    /** A variable, perhaps with fields: {@code $x.A.B}. */
    record Variable(int position, String name, List<String> fields) implements Operand {
        @Override
        public String toString() {
            return fields.isEmpty() ? name : name + "." + String.join(".", fields);
        }
    }

    /** Fields of what another operand gives: {@code (pipeline).A.B}. */
    record Chain(int position, Operand of, List<String> fields) implements Operand {
        @Override
        public String toString() {
            return (of instanceof Pipeline ? "(" + of + ")" : of.toString()) + "." + String.join(".", fields);
        }
    }
}
