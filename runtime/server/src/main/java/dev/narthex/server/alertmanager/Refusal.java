// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import dev.narthex.model.QuotedString;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Response;

/**
 * A request that cannot be answered. Alertmanager says so in two forms: as a text where the request was understood, and
 * as an object with a code where it does not keep to the API's definition.
 */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int UNPROCESSABLE = 422;

    private final int status;

    /** The code beside the message; 0 for a text alone. */
    private final int code;

    private Refusal(int status, int code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** A request that was understood and cannot be done. */
    static Refusal of(int status, String message) {
        return new Refusal(status, 0, message);
    }

    static Refusal badRequest(String message) {
        return of(400, message);
    }

    /** A request that HTTP itself refuses. */
    static Refusal ofHttp(int status, String message) {
        return new Refusal(status, status, message);
    }

    /** A required value that is not there. */
    static Refusal required(String place) {
        return new Refusal(UNPROCESSABLE, 602, place + " in body is required");
    }

    static Refusal tooFew(String place) {
        return new Refusal(UNPROCESSABLE, 612, place + " in body should have at least 1 items");
    }

    /** A value that is not of its type. */
    static Refusal wrongType(String place, String type, String value) {
        return new Refusal(UNPROCESSABLE, 601, place + " must be of type " + type + ": " + QuotedString.of(value));
    }

    Response response() {
        String message = String.valueOf(getMessage());
        return Response.of(status, Response.JSON, out -> {
            JsonWriter json = new JsonWriter(out);
            if (code == 0) {
                json.string(message).flush();
                out.write('\n');
            } else {
                json.beginObject()
                        .member("code", code)
                        .member("message", message)
                        .endObject()
                        .flush();
            }
        });
    }
}
