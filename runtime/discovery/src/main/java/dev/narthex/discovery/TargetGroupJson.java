// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.QuotedString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads target groups in JSON (RFC 8259), as strictly as Prometheus: unknown members, text behind the end, and addresses or
 * values that are no strings are refused. As there, members may be in other cases, null is an empty text, and of a member
 * that is there twice the last counts. For one thread.
 */
final class TargetGroupJson {
    private static final int HEX_DIGITS = 4;
    private static final int HEX = 16;
    private static final char REPLACEMENT = '\ufffd';

    private final String text;
    private final String where;
    private int at;

    private TargetGroupJson(String text, String where) {
        this.text = text;
        this.where = where;
    }

    /** @throws ConfigException when the text is not a list of target groups */
    static List<TargetGroupReader.Group> read(String text, String where) throws ConfigException {
        TargetGroupJson json = new TargetGroupJson(text, where);
        List<TargetGroupReader.Group> groups = json.groups();
        json.skipSpace();
        if (json.at < text.length()) {
            throw json.problem("text behind the list of target groups");
        }
        return groups;
    }

    private List<TargetGroupReader.Group> groups() throws ConfigException {
        List<TargetGroupReader.Group> groups = new ArrayList<>();
        if (isNull()) {
            return groups;
        }
        need('[', "a list of target groups");
        if (!take(']')) {
            do {
                groups.add(group());
            } while (take(','));
            need(']', "a comma or the end of the list");
        }
        return groups;
    }

    private TargetGroupReader.Group group() throws ConfigException {
        if (isNull()) {
            throw problem("nil target group item found; an object with targets and labels is accepted");
        }
        need('{', "a target group: an object with targets and labels");
        List<Labels> targets = new ArrayList<>();
        Map<String, String> labels = new TreeMap<>();
        if (!take('}')) {
            do {
                String member = string("the name of a member");
                need(':', "a colon");
                if (member.equalsIgnoreCase("targets")) {
                    targets.clear();
                    readTargets(targets);
                } else if (member.equalsIgnoreCase("labels")) {
                    // Of several, the last ones hold.
                    labels.clear();
                    readLabels(labels);
                } else {
                    throw problem("unknown member " + QuotedString.of(member) + "; accepted are targets and labels");
                }
            } while (take(','));
            need('}', "a comma or the end of the object");
        }
        LabelsBuilder all = Labels.builder();
        labels.forEach(all::set);
        return new TargetGroupReader.Group(all.build(), targets);
    }

    private void readTargets(List<Labels> into) throws ConfigException {
        if (isNull()) {
            return;
        }
        need('[', "a list of targets");
        if (!take(']')) {
            do {
                into.add(Labels.of(TargetGroupReader.ADDRESS, stringOrNull("a target: a text in quotes")));
            } while (take(','));
            need(']', "a comma or the end of the list");
        }
    }

    private void readLabels(Map<String, String> into) throws ConfigException {
        if (isNull()) {
            return;
        }
        need('{', "labels: an object");
        if (!take('}')) {
            do {
                String name = string("the name of a label");
                if (name.isEmpty() || !LabelNames.isValidUtf8(name)) {
                    throw problem("invalid label name " + QuotedString.of(name));
                }
                need(':', "a colon");
                into.put(name, stringOrNull("the value of a label: a text in quotes"));
            } while (take(','));
            need('}', "a comma or the end of the object");
        }
    }

    private String stringOrNull(String what) throws ConfigException {
        return isNull() ? "" : string(what);
    }

    private String string(String what) throws ConfigException {
        need('"', what);
        StringBuilder string = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c < ' ') {
                throw problem("a control character in a text");
            }
            at++;
            if (c == '"') {
                return whole(string);
            }
            string.append(c == '\\' ? escaped() : c);
        }
        throw problem("a text without its closing quote");
    }

    /** Escapes may give halves of characters, for which the replacement character stands. */
    private static String whole(StringBuilder string) {
        for (int i = 0; i < string.length(); i++) {
            int character = string.codePointAt(i);
            if (character > Character.MAX_VALUE) {
                i++;
            } else if (Character.isSurrogate((char) character)) {
                string.setCharAt(i, REPLACEMENT);
            }
        }
        return string.toString();
    }

    private char escaped() throws ConfigException {
        char c = at < text.length() ? text.charAt(at++) : ' ';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw problem("an unknown escape in a text");
        };
    }

    private char unicode() throws ConfigException {
        int code = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), HEX) : -1;
            if (digit < 0) {
                throw problem("an escape without four hexadecimal digits");
            }
            code = code * HEX + digit;
            at++;
        }
        return (char) code;
    }

    private boolean isNull() {
        skipSpace();
        boolean found = text.startsWith("null", at);
        at += found ? "null".length() : 0;
        return found;
    }

    private boolean take(char wanted) {
        skipSpace();
        boolean found = at < text.length() && text.charAt(at) == wanted;
        at += found ? 1 : 0;
        return found;
    }

    private void need(char wanted, String what) throws ConfigException {
        if (!take(wanted)) {
            throw problem("no JSON that is accepted here, found " + found() + "; " + what + " is accepted");
        }
    }

    private String found() {
        return at < text.length() ? QuotedString.of(text.substring(at, at + 1)) : "the end";
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private ConfigException problem(String what) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < Math.min(at, text.length()); i++) {
            boolean end = text.charAt(i) == '\n';
            line += end ? 1 : 0;
            column = end ? 1 : column + 1;
        }
        return new ConfigException(List.of(new ConfigProblem(where, "", line, column, what)));
    }
}
