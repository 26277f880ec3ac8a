// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.MatchOp;
import dev.narthex.model.QuotedString;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A matcher of a silence as it was posted; null for what is missing. */
record MatcherGiven(
        int index,
        @Nullable String name,
        @Nullable String value,
        @Nullable Boolean regex,
        boolean equal) {
    static MatcherGiven read(Body body, JsonObject given, int index) {
        String place = "matchers." + index + ".";
        return new MatcherGiven(
                index,
                Body.member(given, "name") == null ? null : body.text(given, "name", place),
                Body.member(given, "value") == null ? null : body.text(given, "value", place),
                body.bool(given, "isRegex", place),
                !Boolean.FALSE.equals(body.bool(given, "isEqual", place)));
    }

    void checkComplete() {
        check("isRegex", regex);
        check("name", name);
        check("value", value);
    }

    private void check(String field, @Nullable Object given) {
        if (given == null) {
            throw Refusal.required("matchers." + index + "." + field);
        }
    }

    /** The matcher of one that is complete. */
    LabelMatcher matcher() {
        boolean isRegex = Boolean.TRUE.equals(regex);
        MatchOp op = isRegex ? equal ? MatchOp.REGEX : MatchOp.NOT_REGEX : equal ? MatchOp.EQUAL : MatchOp.NOT_EQUAL;
        String text = value == null ? "" : value;
        try {
            return LabelMatcher.of(op, name == null ? "" : name, text);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("invalid silence: invalid label matcher " + index
                    + " in set 0: invalid regular expression " + QuotedString.of(text) + ": " + e.getMessage());
        }
    }
}
