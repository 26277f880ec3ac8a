// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.http.BodyBuffer;
import dev.narthex.http.HttpAnswer;
import dev.narthex.http.HttpCall;
import dev.narthex.http.HttpFetcher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers from a table by URL; 404 for others. */
final class FakeClient implements HttpFetcher {
    private final Map<String, Answer> answers = new HashMap<>();
    private final List<HttpCall> requests = new ArrayList<>();
    private boolean keepRequests = true;
    private Runnable whileFetching = () -> {};

    private record Answer(HttpAnswer response, ByteBuffer body, String failure) {}

    FakeClient serve(String url, String body) {
        return serve(url, body.getBytes(StandardCharsets.UTF_8), "");
    }

    FakeClient serve(String url, byte[] body, String encoding) {
        return serve(url, new HttpAnswer(200, "text/plain; version=0.0.4", encoding), body);
    }

    FakeClient serve(String url, HttpAnswer response, byte[] body) {
        answers.put(url, new Answer(response, ByteBuffer.wrap(body), ""));
        return this;
    }

    FakeClient fail(String url, String failure) {
        answers.put(url, new Answer(new HttpAnswer(0, "", ""), ByteBuffer.allocate(0), failure));
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

    List<HttpCall> requests() {
        return requests;
    }

    /** Refuses a client whose proxy is named {@code broken}; all others are the same one. */
    @Override
    public HttpFetcher configured(HttpClientConfig config) {
        if (config.proxy().url().value().equals("broken")) {
            throw new IllegalArgumentException("broken proxy");
        }
        return this;
    }

    @Override
    public HttpAnswer fetch(HttpCall request, BodyBuffer into) throws IOException {
        if (keepRequests) {
            requests.add(request);
        }
        whileFetching.run();
        Answer answer = answers.get(request.uri().toString());
        if (answer == null) {
            return new HttpAnswer(404, "text/plain", "");
        }
        if (!answer.failure.isEmpty()) {
            throw new IOException(answer.failure);
        }
        into.add(answer.body.duplicate());
        return answer.response;
    }
}
