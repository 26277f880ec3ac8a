// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.scrape.http.BodyBuffer;
import dev.narthex.scrape.http.ScrapeClient;
import dev.narthex.scrape.http.ScrapeRequest;
import dev.narthex.scrape.http.ScrapeResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers from a table by URL; 404 for others. */
final class FakeClient implements ScrapeClient {
    private final Map<String, Answer> answers = new HashMap<>();
    private final List<ScrapeRequest> requests = new ArrayList<>();
    private boolean keepRequests = true;
    private Runnable whileFetching = () -> {};

    private record Answer(ScrapeResponse response, ByteBuffer body, String failure) {}

    FakeClient serve(String url, String body) {
        return serve(url, body.getBytes(StandardCharsets.UTF_8), "");
    }

    FakeClient serve(String url, byte[] body, String encoding) {
        return serve(url, new ScrapeResponse(200, "text/plain; version=0.0.4", encoding), body);
    }

    FakeClient serve(String url, ScrapeResponse response, byte[] body) {
        answers.put(url, new Answer(response, ByteBuffer.wrap(body), ""));
        return this;
    }

    FakeClient fail(String url, String failure) {
        answers.put(url, new Answer(new ScrapeResponse(0, "", ""), ByteBuffer.allocate(0), failure));
        return this;
    }

    FakeClient whileFetching(Runnable action) {
        whileFetching = action;
        return this;
    }

    /** Notes no more requests. */
    void keepNoRequests() {
        keepRequests = false;
    }

    List<ScrapeRequest> requests() {
        return requests;
    }

    @Override
    public ScrapeResponse fetch(ScrapeRequest request, BodyBuffer into) throws IOException {
        if (keepRequests) {
            requests.add(request);
        }
        whileFetching.run();
        Answer answer = answers.get(request.uri().toString());
        if (answer == null) {
            return new ScrapeResponse(404, "text/plain", "");
        }
        if (!answer.failure.isEmpty()) {
            throw new IOException(answer.failure);
        }
        into.add(answer.body.duplicate());
        return answer.response;
    }
}
