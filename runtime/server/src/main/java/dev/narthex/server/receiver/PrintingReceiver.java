// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.receiver;

import dev.narthex.model.time.Ticker;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.HttpLimits;
import dev.narthex.server.http.HttpListener;
import dev.narthex.server.http.HttpRouter;
import dev.narthex.server.http.ListenAddress;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.http.Route;
import dev.narthex.server.lifecycle.Component;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Takes notifications in Alertmanager's webhook form at {@code POST /notify} and prints them. */
public final class PrintingReceiver implements Component {
    /** Where the examples expect the receiver. */
    public static final int DEFAULT_PORT = 9465;

    public static final String PATH = "/notify";

    private final Consumer<String> out;
    private final HttpListener listener;

    /** @param out takes the text of a notification, lines ended by line feeds */
    public PrintingReceiver(Vertx vertx, ListenAddress address, Ticker ticker, Consumer<String> out) {
        this.out = out;
        HttpRouter router = new HttpRouter("", null, () -> true, (_, _, _, _) -> {}, ticker);
        this.listener = new HttpListener(
                vertx, address, HttpLimits.DEFAULT, router.build(List.of(Route.postOrPut(PATH, this::take))));
    }

    private Response take(Request request) {
        try {
            out.accept(
                    String.join("\n", NotificationPrinter.lines(request.body().text())) + "\n");
        } catch (IllegalArgumentException e) {
            throw ApiException.badData(String.valueOf(e.getMessage()));
        }
        return Response.empty(200);
    }

    @Override
    public String name() {
        return "printing receiver";
    }

    /** Where notifications go; known once it is started. */
    public String url() {
        return listener.url() + PATH;
    }

    public int port() {
        return listener.port();
    }

    @Override
    public void start() throws IOException, InterruptedException {
        listener.start();
    }

    @Override
    public void stop(Duration deadline) throws InterruptedException {
        listener.stop(deadline);
    }
}
