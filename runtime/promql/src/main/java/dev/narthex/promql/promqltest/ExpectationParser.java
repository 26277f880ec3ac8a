// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.PromqlParser;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads the lines that say what must come out of an evaluation. */
final class ExpectationParser {
    private static final Pattern EXPECT =
            Pattern.compile("expect\\s+(ordered|fail|warn|info|no_warn|no_info)(?:\\s+(msg|regex):\\s*(.*))?");
    /** How failures were expected before there was {@code expect}. */
    private static final Pattern EXPECTED_FAILURE = Pattern.compile("expected_fail_(message|regexp)\\s+(.*)");

    private static final Pattern EXPECT_STRING = Pattern.compile("expect\\s+string\\s+(.*)");
    private static final Pattern EXPECT_RANGE =
            Pattern.compile("expect\\s+range\\s+vector\\s+from\\s+(\\S+)\\s+to\\s+(\\S+)\\s+step\\s+(\\S+)");
    /** A label or value in quotes is no series, which might be called so. */
    private static final Pattern EXPECTS = Pattern.compile("expect\\s+[a-z_]+(\\s.*)?");

    private final TestLine command;
    private final boolean instant;

    private final List<Command.Wording> failures = new ArrayList<>();
    private final List<Command.Annotation> annotations = new ArrayList<>();
    private final List<SeriesNotation> series = new ArrayList<>();
    private boolean fails;
    private boolean ordered;
    private @Nullable String text;
    private Command.@Nullable Range range;
    private @Nullable Double scalar;

    private ExpectationParser(TestLine command, boolean instant) {
        this.command = command;
        this.instant = instant;
    }

    /**
     * Reads them.
     *
     * @param command the line of the evaluation
     * @param instant whether it is of one moment
     * @param kind what stands behind {@code eval_}, null for nothing
     * @throws IllegalArgumentException when a line says nothing that can be expected; the message says where and why
     */
    static Command.Expectation parse(TestLine command, boolean instant, @Nullable String kind, List<TestLine> block) {
        ExpectationParser parser = new ExpectationParser(command, instant);
        if (kind != null) {
            parser.expect(command, kind, Command.Wording.ANY);
        }
        block.forEach(parser::add);
        return parser.expectation();
    }

    private void add(TestLine line) {
        String content = line.text();
        Matcher expect = EXPECT.matcher(content);
        Matcher expectedFailure = EXPECTED_FAILURE.matcher(content);
        Matcher string = EXPECT_STRING.matcher(content);
        Matcher steps = EXPECT_RANGE.matcher(content);
        if (expect.matches()) {
            expect(line, expect.group(1), wording(line, expect.group(2), expect.group(3)));
        } else if (expectedFailure.matches()) {
            boolean pattern = expectedFailure.group(1).equals("regexp");
            expect(line, "fail", wording(line, pattern ? "regex" : "msg", expectedFailure.group(2)));
        } else if (string.matches()) {
            text = line.read(_ -> string(string.group(1)));
        } else if (steps.matches()) {
            range = new Command.Range(line.time(steps.group(1)), line.time(steps.group(2)), line.step(steps.group(3)));
        } else if (EXPECTS.matcher(content).matches()) {
            throw line.error("unknown expectation: " + content
                    + "; expected \"expect\" with ordered, no_warn, no_info, fail, warn or info (these three with \"msg: TEXT\""
                    + " or \"regex: EXPRESSION\" or nothing), string or range vector behind it");
        } else if (!content.contains(" ") && !content.contains("\t") && !content.contains("{")) {
            scalar = line.read(SeriesNotation::number);
        } else {
            series.add(line.read(SeriesNotation::parse));
        }
    }

    private static Command.Wording wording(TestLine line, @Nullable String kind, @Nullable String said) {
        if (kind == null || said == null) {
            return Command.Wording.ANY;
        }
        if (said.isEmpty()) {
            throw line.error("expected a text behind \"" + kind + ":\"");
        }
        try {
            return kind.equals("regex") ? Command.Wording.matching(said) : Command.Wording.exactly(said);
        } catch (PatternSyntaxException e) {
            throw line.error("regular expression " + said + ": " + e.getDescription());
        }
    }

    private void expect(TestLine line, String kind, Command.Wording wording) {
        switch (kind) {
            case "ordered" -> {
                if (!instant) {
                    throw line.error("the order of a range query is not told; it is that of an instant query");
                }
                ordered = true;
            }
            case "fail" -> {
                fails = true;
                failures.add(wording);
            }
            default -> annotations.add(new Command.Annotation(Command.Kind.of(kind), wording));
        }
        if (!wording.equals(Command.Wording.ANY) && (kind.equals("ordered") || kind.startsWith("no_"))) {
            throw line.error("\"expect " + kind + "\" takes no text");
        }
    }

    private static String string(String literal) {
        if (PromqlParser.parse(literal) instanceof Expr.StringLiteral string) {
            return string.value();
        }
        throw new IllegalArgumentException("expected a string in quotes behind \"expect string\"");
    }

    private Command.Expectation expectation() {
        Set<Command.Kind> kinds = EnumSet.noneOf(Command.Kind.class);
        annotations.forEach(annotation -> kinds.add(annotation.kind()));
        if ((kinds.contains(Command.Kind.WARN) && kinds.contains(Command.Kind.NO_WARN))
                || (kinds.contains(Command.Kind.INFO) && kinds.contains(Command.Kind.NO_INFO))) {
            throw command.error("expects an annotation and none of its kind");
        }
        Set<Object> labels = new HashSet<>();
        for (SeriesNotation one : series) {
            if (!labels.add(one.labels())) {
                throw command.error("expects the series " + one.labels() + " twice");
            }
            if (instant && range == null && one.values().size() > 1) {
                throw command.error("expects " + one.values().size() + " values of " + one.labels()
                        + " at one moment; an instant query gives one");
            }
        }
        return new Command.Expectation(fails, failures, ordered, annotations, text, range, scalar, series);
    }
}
