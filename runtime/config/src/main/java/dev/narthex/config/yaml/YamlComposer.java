// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.yaml.YamlToken.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes documents of tokens, by the grammar of YAML 1.1. Where Prometheus' reader was seen to take what the grammar has not,
 * so does this: what follows the first document is not looked at.
 */
final class YamlComposer {
    private static final String CORE = "tag:yaml.org,2002:";

    private final YamlScanner scanner;
    private final Map<String, String> handles = new HashMap<>();
    private final Map<String, RawYaml.Anchor> anchors = new HashMap<>();
    private boolean first = true;

    YamlComposer(String text, YamlDialect dialect) {
        scanner = new YamlScanner(text, dialect == YamlDialect.RULES ? 2 : 0);
    }

    /** The next document with its end, null where there is none. */
    @Nullable
    RawYaml next() {
        anchors.clear();
        handles.clear();
        while (!first && scanner.peek().is(Kind.DOCUMENT_END)) {
            scanner.next();
        }
        YamlToken token = scanner.peek();
        if (token.is(Kind.STREAM_END)) {
            return null;
        }
        boolean implicit = first && !token.is(Kind.VERSION, Kind.TAG_DIRECTIVE, Kind.DOCUMENT_START);
        first = false;
        RawYaml root;
        if (implicit) {
            root = node(true, false);
        } else {
            directives();
            if (!scanner.peek().is(Kind.DOCUMENT_START)) {
                throw refuse(" where a document is to begin; --- begins one behind directives, or behind another");
            }
            scanner.next();
            root = isDocumentEmpty() ? empty(scanner.peek().start()) : node(true, false);
        }
        if (scanner.peek().is(Kind.DOCUMENT_END)) {
            scanner.next();
        }
        return root;
    }

    private boolean isDocumentEmpty() {
        return scanner.peek().is(Kind.VERSION, Kind.TAG_DIRECTIVE, Kind.DOCUMENT_START)
                || scanner.peek().is(Kind.DOCUMENT_END, Kind.STREAM_END);
    }

    private void directives() {
        boolean version = false;
        while (scanner.peek().is(Kind.VERSION, Kind.TAG_DIRECTIVE)) {
            YamlToken token = scanner.next();
            if (token.is(Kind.VERSION)) {
                if (version) {
                    throw new YamlSyntaxException(token.start(), "%YAML occurs twice; remove one of them");
                }
                if (!token.text().equals("1.1")) {
                    throw new YamlSyntaxException(
                            token.start(), "found version " + token.text() + "; YAML 1.1 is read");
                }
                version = true;
            } else if (handles.putIfAbsent(token.handle(), token.text()) != null) {
                throw new YamlSyntaxException(
                        token.start(), "%TAG " + token.handle() + " occurs twice; remove one of them");
            }
        }
    }

    private YamlSyntaxException refuse(String message) {
        YamlToken token = scanner.peek();
        return new YamlSyntaxException(token.start(), "found " + token.found() + message);
    }

    private static RawYaml empty(YamlMark at) {
        return new RawYaml.Scalar("", true, "", at);
    }

    /**
     * A value.
     *
     * @param block whether it may be written in lines rather than in brackets
     * @param indentless whether it may be a list that is not moved in
     */
    private RawYaml node(boolean block, boolean indentless) {
        YamlToken token = scanner.peek();
        YamlMark start = token.start();
        if (token.is(Kind.ALIAS)) {
            scanner.next();
            RawYaml.Anchor anchor = anchors.get(token.text());
            if (anchor == null) {
                throw new YamlSyntaxException(
                        start,
                        "found *" + token.text() + ", but nothing before it has the anchor &" + token.text()
                                + "; set that, or put the text in quotes");
            }
            return new RawYaml.Alias(token.text(), anchor, start);
        }
        RawYaml.Anchor anchor = null;
        String tag = null;
        if (token.is(Kind.ANCHOR)) {
            anchor = anchor();
            tag = scanner.peek().is(Kind.TAG) ? tag() : null;
        } else if (token.is(Kind.TAG)) {
            tag = tag();
            anchor = scanner.peek().is(Kind.ANCHOR) ? anchor() : null;
        }
        RawYaml value = content(block, indentless, start, tag == null ? "" : tag, anchor != null || tag != null);
        if (anchor != null) {
            anchor.set(value);
        }
        return value;
    }

    private RawYaml.Anchor anchor() {
        RawYaml.Anchor anchor = new RawYaml.Anchor();
        anchors.put(scanner.next().text(), anchor);
        return anchor;
    }

    private String tag() {
        YamlToken token = scanner.next();
        if (token.handle().isEmpty()) {
            return token.text();
        }
        String prefix = handles.get(token.handle());
        if (prefix == null) {
            prefix = switch (token.handle()) {
                case "!" -> "!";
                case "!!" -> CORE;
                default ->
                    throw new YamlSyntaxException(
                            token.start(),
                            "found a tag with " + token.handle() + ", which no directive explains; remove the tag");
            };
        }
        return prefix + token.text();
    }

    private RawYaml content(boolean block, boolean indentless, YamlMark start, String tag, boolean mayBeEmpty) {
        YamlToken token = scanner.peek();
        if (indentless && token.is(Kind.BLOCK_ENTRY)) {
            return indentlessSequence(start);
        }
        switch (token.kind()) {
            case SCALAR -> {
                scanner.next();
                return new RawYaml.Scalar(token.text(), token.plain(), tag, start);
            }
            case FLOW_SEQUENCE_START -> {
                return flowSequence(start);
            }
            case FLOW_MAPPING_START -> {
                return flowMapping(start);
            }
            case BLOCK_SEQUENCE_START -> {
                if (block) {
                    return blockSequence(start);
                }
            }
            case BLOCK_MAPPING_START -> {
                if (block) {
                    return blockMapping(start);
                }
            }
            default -> {
                // Nothing, or something that may not stand here.
            }
        }
        if (mayBeEmpty) {
            return new RawYaml.Scalar("", tag.isEmpty(), tag, start);
        }
        throw refuse(" where a value is expected; put a text with characters such as - [ { , in quotes");
    }

    private RawYaml blockSequence(YamlMark start) {
        scanner.next();
        List<RawYaml> items = new ArrayList<>();
        while (scanner.peek().is(Kind.BLOCK_ENTRY)) {
            YamlToken dash = scanner.next();
            items.add(scanner.peek().is(Kind.BLOCK_ENTRY, Kind.BLOCK_END) ? empty(dash.start()) : node(true, false));
        }
        if (!scanner.peek().is(Kind.BLOCK_END)) {
            throw refuse(" where an entry of a list is expected; begin it with a dash, as far in as the others");
        }
        scanner.next();
        return new RawYaml.Sequence(items, start);
    }

    private RawYaml indentlessSequence(YamlMark start) {
        List<RawYaml> items = new ArrayList<>();
        while (scanner.peek().is(Kind.BLOCK_ENTRY)) {
            YamlToken dash = scanner.next();
            boolean empty = scanner.peek().is(Kind.BLOCK_ENTRY, Kind.BLOCK_END)
                    || scanner.peek().is(Kind.KEY, Kind.VALUE);
            items.add(empty ? empty(dash.start()) : node(true, false));
        }
        return new RawYaml.Sequence(items, start);
    }

    private RawYaml blockMapping(YamlMark start) {
        scanner.next();
        List<RawYaml.Pair> pairs = new ArrayList<>();
        while (scanner.peek().is(Kind.KEY)) {
            YamlToken keyToken = scanner.next();
            RawYaml key = blockValue(keyToken.start());
            RawYaml value;
            if (scanner.peek().is(Kind.VALUE)) {
                value = blockValue(scanner.next().start());
            } else {
                value = empty(keyToken.start());
            }
            pairs.add(new RawYaml.Pair(key, value));
        }
        if (!scanner.peek().is(Kind.BLOCK_END)) {
            throw refuse(
                    " where a key is expected; begin it as far in as the others, with a colon and a space behind it");
        }
        scanner.next();
        return new RawYaml.Mapping(pairs, start);
    }

    private RawYaml blockValue(YamlMark before) {
        return scanner.peek().is(Kind.KEY, Kind.VALUE, Kind.BLOCK_END) ? empty(before) : node(true, true);
    }

    private RawYaml flowSequence(YamlMark start) {
        scanner.next();
        List<RawYaml> items = new ArrayList<>();
        while (!scanner.peek().is(Kind.FLOW_SEQUENCE_END)) {
            demandMore("]", start);
            if (!items.isEmpty()) {
                separator("]", start);
            }
            if (scanner.peek().is(Kind.KEY)) {
                items.add(singlePair());
            } else if (!scanner.peek().is(Kind.FLOW_SEQUENCE_END)) {
                items.add(node(false, false));
            }
        }
        scanner.next();
        return new RawYaml.Sequence(items, start);
    }

    private void separator(String end, YamlMark start) {
        if (!scanner.peek().is(Kind.FLOW_ENTRY)) {
            throw refuse(
                    " in brackets that begin in line " + (start.line() + 1) + "; a comma or " + end + " is expected");
        }
        scanner.next();
    }

    private void demandMore(String end, YamlMark start) {
        if (scanner.peek().is(Kind.STREAM_END)) {
            throw new YamlSyntaxException(start, "found brackets that are not closed; " + end + " is expected");
        }
    }

    /** A key with its value without braces, as an entry of a list in brackets. */
    private RawYaml singlePair() {
        YamlMark start = scanner.next().start();
        RawYaml key;
        if (scanner.peek().is(Kind.VALUE, Kind.FLOW_ENTRY, Kind.FLOW_SEQUENCE_END)) {
            // Prometheus' reader loses the token behind a question mark without a key.
            scanner.next();
            key = empty(start);
        } else {
            key = node(false, false);
        }
        RawYaml value = flowValue(Kind.FLOW_SEQUENCE_END, start);
        return new RawYaml.Mapping(List.of(new RawYaml.Pair(key, value)), start);
    }

    private RawYaml flowValue(Kind end, YamlMark before) {
        if (!scanner.peek().is(Kind.VALUE)) {
            return empty(before);
        }
        YamlToken colon = scanner.next();
        return scanner.peek().is(Kind.FLOW_ENTRY, end) ? empty(colon.start()) : node(false, false);
    }

    private RawYaml flowMapping(YamlMark start) {
        scanner.next();
        List<RawYaml.Pair> pairs = new ArrayList<>();
        while (!scanner.peek().is(Kind.FLOW_MAPPING_END)) {
            demandMore("}", start);
            if (!pairs.isEmpty()) {
                separator("}", start);
            }
            if (scanner.peek().is(Kind.KEY)) {
                YamlMark at = scanner.next().start();
                boolean noKey = scanner.peek().is(Kind.VALUE, Kind.FLOW_ENTRY, Kind.FLOW_MAPPING_END);
                RawYaml key = noKey ? empty(at) : node(false, false);
                pairs.add(new RawYaml.Pair(key, flowValue(Kind.FLOW_MAPPING_END, at)));
            } else if (!scanner.peek().is(Kind.FLOW_MAPPING_END)) {
                RawYaml key = node(false, false);
                pairs.add(new RawYaml.Pair(key, empty(key.mark())));
            }
        }
        scanner.next();
        return new RawYaml.Mapping(pairs, start);
    }
}
