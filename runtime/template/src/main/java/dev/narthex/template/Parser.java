// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.QuotedString;
import dev.narthex.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tree of a template, by recursive descent (Go documentation, text/template, "Actions" and "Pipelines"). Nesting is
 * bounded, so that no template can exhaust the stack.
 */
final class Parser {
    private static final int MAX_DEPTH = 500;

    private final Source source;
    private final Set<String> functions;
    private final List<Token> tokens;
    private final Map<String, List<Node.Statement>> templates = new HashMap<>();
    private final List<String> variables = new ArrayList<>();
    private int at;
    private int rangeDepth;
    private int depth;

    private Parser(Source source, Set<String> functions) {
        this.source = source;
        this.functions = functions;
        this.tokens = Lexer.tokens(source);
    }

    /**
     * Parses a source.
     *
     * @param functions the names of functions that may be called
     * @param variables that are there at the start, with their dollar signs
     * @return the templates by name, the source's own among them
     * @throws TemplateException at the first error
     */
    static Map<String, List<Node.Statement>> parse(Source source, Set<String> functions, List<String> variables) {
        Parser parser = new Parser(source, functions);
        parser.variables.add("$");
        parser.variables.addAll(variables);
        List<Node.Statement> main = parser.topLevel();
        parser.templates.put(source.name(), main);
        return parser.templates;
    }

    private List<Node.Statement> topLevel() {
        List<Node.Statement> statements = new ArrayList<>();
        while (!peek().is(Kind.EOF)) {
            if (peek().is(Kind.LEFT_DELIMITER)) {
                int mark = at;
                next();
                if (nextNonSpace().is(Kind.DEFINE)) {
                    define();
                    continue;
                }
                at = mark;
            }
            Statements end = new Statements();
            Node.Statement statement = textOrAction(end);
            if (end.stoppedBy != null) {
                throw error("unexpected {{" + end.stoppedBy.text() + "}}");
            }
            if (statement != null) {
                statements.add(statement);
            }
        }
        return List.copyOf(statements);
    }

    private void define() {
        Token name = nextNonSpace();
        if (!name.is(Kind.STRING) && !name.is(Kind.RAW_STRING)) {
            throw unexpected(name, "define clause");
        }
        expect(Kind.RIGHT_DELIMITER, "define clause");
        List<String> outer = List.copyOf(variables);
        int outerRanges = rangeDepth;
        variables.clear();
        variables.add("$");
        rangeDepth = 0;
        Statements body = statements();
        if (body.stoppedBy == null || !body.stoppedBy.is(Kind.END)) {
            throw error("unexpected {{else}} in define clause");
        }
        variables.clear();
        variables.addAll(outer);
        rangeDepth = outerRanges;
        templates.put(stringValue(name), List.copyOf(body.statements));
    }

    /** A list of statements and the keyword that ended it. */
    private static final class Statements {
        final List<Node.Statement> statements = new ArrayList<>();

        @Nullable
        Token stoppedBy;
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw error("nested too deep; at most " + MAX_DEPTH + " levels");
        }
    }

    private void leave() {
        depth--;
    }

    private Statements statements() {
        enter();
        Statements list = new Statements();
        while (list.stoppedBy == null) {
            if (peek().is(Kind.EOF)) {
                next();
                throw error("unexpected EOF");
            }
            Node.Statement statement = textOrAction(list);
            if (statement != null) {
                list.statements.add(statement);
            }
        }
        leave();
        return list;
    }

    private Node.@Nullable Statement textOrAction(Statements list) {
        Token token = next();
        if (token.is(Kind.TEXT)) {
            return new Node.Text(token.position(), token.text());
        }
        if (token.is(Kind.LEFT_DELIMITER)) {
            return action(list);
        }
        throw unexpected(token, "input");
    }

    private Node.@Nullable Statement action(Statements list) {
        Token token = nextNonSpace();
        return switch (token.kind()) {
            case BLOCK -> block();
            case BREAK -> loopControl(token, new Node.Break(token.position()));
            case CONTINUE -> loopControl(token, new Node.Continue(token.position()));
            case ELSE, END -> {
                passListEnd(token);
                list.stoppedBy = token;
                yield null;
            }
            case IF, WITH -> branch(token);
            case RANGE -> range(token);
            case TEMPLATE -> invocation();
            default -> {
                back();
                int position = peek().position();
                yield new Node.Action(position, pipeline("command", Kind.RIGHT_DELIMITER));
            }
        };
    }

    private void passListEnd(Token keyword) {
        if (keyword.is(Kind.END)) {
            expect(Kind.RIGHT_DELIMITER, "end");
        } else if (!peekNonSpace().is(Kind.IF) && !peekNonSpace().is(Kind.WITH)) {
            expect(Kind.RIGHT_DELIMITER, "else");
        }
    }

    private Node.Statement loopControl(Token token, Node.Statement statement) {
        Token end = nextNonSpace();
        if (!end.is(Kind.RIGHT_DELIMITER)) {
            throw unexpected(end, "{{" + token.text() + "}}");
        }
        if (rangeDepth == 0) {
            throw error("{{" + token.text() + "}} outside {{range}}");
        }
        return statement;
    }

    private Node.Statement branch(Token keyword) {
        int scope = variables.size();
        Node.Pipeline condition = pipeline(keyword.text(), Kind.RIGHT_DELIMITER);
        Statements then = statements();
        List<Node.Statement> otherwise = List.of();
        if (then.stoppedBy != null && then.stoppedBy.is(Kind.ELSE)) {
            otherwise = otherwise(keyword);
        }
        dropVariables(scope);
        List<Node.Statement> body = List.copyOf(then.statements);
        return keyword.is(Kind.IF)
                ? new Node.If(keyword.position(), condition, body, otherwise)
                : new Node.With(keyword.position(), condition, body, otherwise);
    }

    /** What follows {@code else}; an {@code else if} or {@code else with} is a branch of its own, without its own end. */
    private List<Node.Statement> otherwise(Token keyword) {
        Token chained = peekNonSpace();
        if (!chained.is(keyword.kind())) {
            return elseBody();
        }
        enter();
        Node.Statement branch = branch(nextNonSpace());
        leave();
        return List.of(branch);
    }

    private List<Node.Statement> elseBody() {
        Statements body = statements();
        if (body.stoppedBy != null && !body.stoppedBy.is(Kind.END)) {
            throw error("expected end; found {{else}}");
        }
        return List.copyOf(body.statements);
    }

    private Node.Statement range(Token keyword) {
        int scope = variables.size();
        Node.Pipeline values = pipeline("range", Kind.RIGHT_DELIMITER);
        rangeDepth++;
        Statements body = statements();
        rangeDepth--;
        List<Node.Statement> otherwise =
                body.stoppedBy != null && body.stoppedBy.is(Kind.ELSE) ? elseBody() : List.of();
        dropVariables(scope);
        return new Node.Range(keyword.position(), values, List.copyOf(body.statements), otherwise);
    }

    private Node.Statement invocation() {
        Token name = templateName("template clause");
        return new Node.Invocation(name.position(), stringValue(name), data("template clause"));
    }

    private Node.Statement block() {
        Token name = templateName("block clause");
        Node.Pipeline data = pipeline("block clause", Kind.RIGHT_DELIMITER);
        List<String> outer = List.copyOf(variables);
        variables.clear();
        variables.add("$");
        Statements body = statements();
        if (body.stoppedBy != null && !body.stoppedBy.is(Kind.END)) {
            throw error("unexpected {{else}} in block clause");
        }
        variables.clear();
        variables.addAll(outer);
        templates.put(stringValue(name), List.copyOf(body.statements));
        return new Node.Invocation(name.position(), stringValue(name), data);
    }

    private Token templateName(String context) {
        Token name = nextNonSpace();
        if (!name.is(Kind.STRING) && !name.is(Kind.RAW_STRING)) {
            throw unexpected(name, context);
        }
        return name;
    }

    private Node.@Nullable Pipeline data(String context) {
        if (nextNonSpace().is(Kind.RIGHT_DELIMITER)) {
            return null;
        }
        back();
        return pipeline(context, Kind.RIGHT_DELIMITER);
    }

    private Node.Pipeline pipeline(String context, Kind end) {
        int position = peekNonSpace().position();
        List<String> declared = new ArrayList<>();
        boolean assigns = declarations(context, declared);
        List<Node.Command> commands = new ArrayList<>();
        while (true) {
            Token token = nextNonSpace();
            if (token.is(end)) {
                checkPipeline(commands, context);
                // A declared variable is there from the end of its pipeline on.
                if (!assigns) {
                    variables.addAll(declared);
                }
                return new Node.Pipeline(position, List.copyOf(declared), assigns, List.copyOf(commands));
            }
            switch (token.kind()) {
                case BOOLEAN,
                        CHARACTER,
                        DOT,
                        FIELD,
                        IDENTIFIER,
                        NUMBER,
                        NIL,
                        RAW_STRING,
                        STRING,
                        VARIABLE,
                        LEFT_PAREN -> {
                    back();
                    commands.add(command());
                }
                default -> throw unexpected(token, context);
            }
        }
    }

    /** Takes the variables in front of a pipeline; true when they exist already. */
    private boolean declarations(String context, List<String> declared) {
        while (peekNonSpace().is(Kind.VARIABLE)) {
            int start = at;
            Token variable = next();
            Token then = peekNonSpace();
            if (then.is(Kind.DECLARE) || then.is(Kind.ASSIGN)) {
                next();
                declared.add(variable.text());
                return then.is(Kind.ASSIGN);
            }
            if (!then.is(Kind.COMMA)) {
                at = start;
                return false;
            }
            next();
            declared.add(variable.text());
            if (!context.equals("range") || declared.size() > 1) {
                throw error("too many declarations in " + context);
            }
            Token after = peekNonSpace();
            if (!after.is(Kind.VARIABLE) && !after.is(Kind.RIGHT_DELIMITER) && !after.is(Kind.RIGHT_PAREN)) {
                throw error("range can only initialize variables");
            }
        }
        return false;
    }

    private void checkPipeline(List<Node.Command> commands, String context) {
        if (commands.isEmpty()) {
            throw error("missing value for " + context);
        }
        for (int i = 1; i < commands.size(); i++) {
            switch (commands.get(i).operands().getFirst()) {
                case Node.Bool _, Node.Dot _, Node.Nil _, Node.Constant _, Node.TextConstant _ ->
                    throw error("non executable command in pipeline stage " + (i + 1));
                case Node.Chain _, Node.Fields _, Node.Function _, Node.Pipeline _, Node.Variable _ -> {
                    // These may be functions.
                }
            }
        }
    }

    private Node.Command command() {
        int position = peekNonSpace().position();
        List<Node.Operand> operands = new ArrayList<>();
        while (true) {
            peekNonSpace();
            Node.Operand operand = operand();
            if (operand != null) {
                operands.add(operand);
            }
            Token token = next();
            if (token.is(Kind.SPACE)) {
                continue;
            }
            if (token.is(Kind.RIGHT_DELIMITER) || token.is(Kind.RIGHT_PAREN)) {
                back();
            } else if (!token.is(Kind.PIPE)) {
                throw unexpected(token, "operand");
            }
            if (operands.isEmpty()) {
                throw error("empty command");
            }
            return new Node.Command(position, List.copyOf(operands));
        }
    }

    private Node.@Nullable Operand operand() {
        Node.Operand term = term();
        if (term == null || !peek().is(Kind.FIELD)) {
            return term;
        }
        int position = peek().position();
        List<String> names = new ArrayList<>();
        while (peek().is(Kind.FIELD)) {
            names.add(next().text().substring(1));
        }
        return switch (term) {
            case Node.Fields(int _, List<String> before) -> new Node.Fields(position, joined(before, names));
            case Node.Variable(int _, String name, List<String> before) ->
                new Node.Variable(position, name, joined(before, names));
            case Node.Bool _, Node.TextConstant _, Node.Constant _, Node.Nil _, Node.Dot _ ->
                throw error("unexpected . after term " + QuotedString.of(term.toString()));
            case Node.Chain _, Node.Function _, Node.Pipeline _ -> new Node.Chain(position, term, List.copyOf(names));
        };
    }

    private static List<String> joined(List<String> before, List<String> after) {
        List<String> all = new ArrayList<>(before);
        all.addAll(after);
        return List.copyOf(all);
    }

    private Node.@Nullable Operand term() {
        Token token = nextNonSpace();
        int position = token.position();
        return switch (token.kind()) {
            case IDENTIFIER -> {
                if (!functions.contains(token.text())) {
                    throw error("function " + QuotedString.of(token.text()) + " not defined");
                }
                yield new Node.Function(position, token.text());
            }
            case DOT -> new Node.Dot(position);
            case NIL -> new Node.Nil(position);
            case VARIABLE -> {
                checkVariable(token.text());
                yield new Node.Variable(position, token.text(), List.of());
            }
            case FIELD -> new Node.Fields(position, List.of(token.text().substring(1)));
            case BOOLEAN -> new Node.Bool(position, token.text().equals("true"));
            case CHARACTER -> new Node.Constant(position, token.text(), character(token));
            case NUMBER -> new Node.Constant(position, token.text(), number(token));
            case STRING, RAW_STRING -> new Node.TextConstant(position, token.text(), stringValue(token));
            case LEFT_PAREN -> {
                enter();
                Node.Pipeline inner = pipeline("parenthesized pipeline", Kind.RIGHT_PAREN);
                leave();
                yield inner;
            }
            default -> {
                back();
                yield null;
            }
        };
    }

    private Long character(Token token) {
        String value = stringValue(token);
        if (value.codePointCount(0, value.length()) != 1) {
            throw error("malformed character constant: " + token.text());
        }
        return (long) value.codePointAt(0);
    }

    private Object number(Token token) {
        if (token.text().endsWith("i")) {
            GoComplex complex = Literals.complex(token.text());
            if (complex == null) {
                throw error("illegal number syntax: " + QuotedString.of(token.text()));
            }
            return complex;
        }
        Number number = Literals.number(token.text());
        if (number == null) {
            throw error("bad number syntax: " + QuotedString.of(token.text()));
        }
        if (number instanceof Double && !Literals.isFloatingPoint(token.text())) {
            throw error("integer overflow: " + QuotedString.of(token.text()));
        }
        return number;
    }

    private String stringValue(Token token) {
        if (token.is(Kind.RAW_STRING)) {
            return token.text().substring(1, token.text().length() - 1);
        }
        try {
            return Literals.unquote(token.text());
        } catch (IllegalArgumentException e) {
            throw error(String.valueOf(e.getMessage()));
        }
    }

    private void checkVariable(String name) {
        if (!variables.contains(name)) {
            throw error("undefined variable " + QuotedString.of(name));
        }
    }

    private void dropVariables(int size) {
        variables.subList(size, variables.size()).clear();
    }

    private void expect(Kind kind, String context) {
        Token token = nextNonSpace();
        if (!token.is(kind)) {
            throw unexpected(token, context);
        }
    }

    private Token next() {
        Token token = tokens.get(at);
        if (at < tokens.size() - 1) {
            at++;
        }
        if (token.is(Kind.ERROR)) {
            throw source.parseError(token.line(), token.text());
        }
        return token;
    }

    private Token nextNonSpace() {
        Token token = next();
        return token.is(Kind.SPACE) ? next() : token;
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token peekNonSpace() {
        if (peek().is(Kind.SPACE)) {
            at++;
        }
        return peek();
    }

    private void back() {
        at--;
    }

    private TemplateException unexpected(Token token, String context) {
        return source.parseError(token.line(), "unexpected " + token.shown() + " in " + context);
    }

    private TemplateException error(String message) {
        return source.parseError(tokens.get(Math.max(0, at - 1)).line(), message);
    }
}
