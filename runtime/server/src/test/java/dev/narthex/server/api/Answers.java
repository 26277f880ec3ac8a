// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.server.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads what a handler answered. */
final class Answers {
    private Answers() {}

    static String text(Response response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        response.body().writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
