// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import com.google.re2j.Pattern;
import dev.narthex.config.file.AlertMatchers;
import dev.narthex.model.AnchoredRegex;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.server.http.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** The parameters of requests that choose alerts, silences and receivers, with Alertmanager's words on wrong ones. */
final class Filters {
    private static final Set<String> TRUE =
            Set.of("true", "1", "yes", "ok", "y", "on", "selected", "checked", "t", "enabled");

    /** The older form of a matcher, which has the last word wherever it takes a text. */
    private static final Pattern CLASSIC =
            Pattern.compile("(?s)^\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(=~|=|!=|!~)\\s*(.*?)\\s*$");

    private Filters() {}

    /** A truth value, true where it is not given; the last counts. */
    static boolean flag(Request request, String name) {
        List<String> values = request.parameters(name);
        String value = values.isEmpty() ? "" : values.getLast();
        return value.isEmpty() || TRUE.contains(value.toLowerCase(Locale.ROOT));
    }

    /** The matchers of {@code filter}. */
    static List<LabelMatcher> filter(Request request) {
        List<LabelMatcher> matchers = new ArrayList<>();
        request.parameters("filter").forEach(text -> matchers.add(matcher(text)));
        return matchers;
    }

    /** Which receivers {@code receiver} and {@code receiver_matchers} choose. */
    static Predicate<String> receivers(Request request) {
        List<String> given = request.parameters("receiver");
        String regex = given.isEmpty() ? "" : given.getLast();
        Predicate<String> chosen = receiverMatchers(request);
        if (regex.isEmpty()) {
            return chosen;
        }
        try {
            Pattern pattern = anchored(regex);
            return chosen.and(name -> pattern.matcher(name).find());
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("failed to parse receiver param: " + e.getMessage());
        }
    }

    /** Which receivers {@code receiver_matchers} chooses: by their one label, the name. */
    static Predicate<String> receiverMatchers(Request request) {
        List<LabelMatcher> matchers = new ArrayList<>();
        for (String text : request.parameters("receiver_matchers")) {
            try {
                matchers.add(parse(text));
            } catch (IllegalArgumentException e) {
                throw Refusal.badRequest("failed to parse receiver_matchers param: " + e.getMessage());
            }
        }
        return name -> LabelMatcher.allMatch(matchers, Labels.of("name", name));
    }

    private static LabelMatcher matcher(String text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static LabelMatcher parse(String text) {
        if (text.startsWith("{") || text.endsWith("}")) {
            throw new IllegalArgumentException("unexpected open or close brace: " + text);
        }
        List<LabelMatcher> newer;
        try {
            newer = AlertMatchers.parse(text);
        } catch (IllegalArgumentException _) {
            return classic(text);
        }
        if (newer.size() != 1) {
            return classic(text);
        }
        try {
            return classic(text); // where both forms take a text, it means what it always did
        } catch (IllegalArgumentException _) {
            return newer.getFirst();
        }
    }

    private static LabelMatcher classic(String text) {
        com.google.re2j.Matcher parts = CLASSIC.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("bad matcher format: " + text);
        }
        MatchOp op = MatchOp.of(parts.group(2));
        String value = unquoted(parts.group(3));
        if (op.isRegex()) {
            Pattern _ = anchored(value);
        }
        return LabelMatcher.of(op, parts.group(1), value);
    }

    private static String unquoted(String raw) {
        boolean quoted = raw.startsWith("\"");
        StringBuilder value = new StringBuilder();
        boolean closed = false;
        for (int i = quoted ? 1 : 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '"') {
                closed = quoted && i == raw.length() - 1;
                if (!closed) {
                    throw new IllegalArgumentException("matcher value contains unescaped double quote: " + raw);
                }
            } else if (c == '\\' && i + 1 < raw.length()) {
                char escaped = raw.charAt(++i);
                switch (escaped) {
                    case 'n' -> value.append('\n');
                    case '"', '\\' -> value.append(escaped);
                    default -> value.append(c).append(escaped);
                }
            } else {
                value.append(c);
            }
        }
        if (quoted && !closed) {
            throw new IllegalArgumentException("matcher value contains unescaped double quote: " + raw);
        }
        return value.toString();
    }

    private static Pattern anchored(String regex) {
        return AnchoredRegex.compileAsItIs("^(?:" + regex + ")$");
    }
}
