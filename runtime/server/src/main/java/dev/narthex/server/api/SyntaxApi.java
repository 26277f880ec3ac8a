// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.PrettyPrinter;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.util.function.Supplier;

/** {@code /api/v1/format_query} and {@code /api/v1/parse_query}: queries as texts, not evaluated. */
public final class SyntaxApi {
    private final Supplier<PromqlEngine> engine;

    public SyntaxApi(Supplier<PromqlEngine> engine) {
        this.engine = engine;
    }

    /** {@code query}, well formatted. */
    public Response format(Request request) {
        String formatted = PrettyPrinter.print(parse(request));
        return JsonEnvelope.success(json -> json.string(formatted));
    }

    /** {@code query}, as a tree of its parts. */
    public Response tree(Request request) {
        Expr expr = parse(request);
        if (!ExprJson.isFinite(expr)) {
            throw ApiException.invalidParameter("query", "a fill value that is not finite has no form in JSON");
        }
        return JsonEnvelope.success(json -> new ExprJson(json).write(expr));
    }

    private Expr parse(Request request) {
        try {
            return engine.get().parse(request.parameter("query"));
        } catch (PromqlParseException e) {
            throw ApiException.invalidParameter("query", e.words());
        }
    }
}
