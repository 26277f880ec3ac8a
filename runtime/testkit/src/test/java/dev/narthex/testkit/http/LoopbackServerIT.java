// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LoopbackServerIT {
    @Test
    void answersRequestAfterRequestOnOneConnection() throws IOException, InterruptedException {
        try (LoopbackServer server = LoopbackServer.start((request, out) -> LoopbackServer.respond(
                        out,
                        "text/plain",
                        (request.method() + " " + request.target() + " " + request.header("x-test") + " "
                                        + request.bodyText())
                                .getBytes(StandardCharsets.ISO_8859_1)));
                HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 3; i++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + server.address() + "/a?b=" + i))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("X-Test", "yes")
                        .POST(HttpRequest.BodyPublishers.ofString("body"))
                        .build();
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(response.body()).isEqualTo("POST /a?b=" + i + " yes body");
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }
}
