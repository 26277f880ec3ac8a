// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.notification.Notification;
import dev.narthex.server.notification.Notifications;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code /api/v1/notifications} and {@code /api/v1/notifications/live}. Safe for use by many threads. */
public final class NotificationsApi {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);

    private final Notifications notifications;

    public NotificationsApi(Notifications notifications) {
        this.notifications = notifications;
    }

    /** {@code GET /api/v1/notifications}: what is so now. */
    public Response list(Request request) {
        return JsonEnvelope.success(json -> {
                    json.beginArray();
                    for (Notification notification : notifications.active()) {
                        write(json, notification);
                    }
                    json.endArray();
                })
                .withHeader("Vary", "Origin"); // as Prometheus, which does not compress it
    }

    /**
     * {@code GET /api/v1/notifications/live}: the same and every change from now on, as server-sent events (HTML
     * standard, section 9.2); 204 where too many listen already.
     */
    public Response live(Request request) {
        Notifications.Subscription subscription = notifications.subscribe();
        if (subscription == null) {
            return Response.empty(204);
        }
        return new Response(
                200,
                Response.EVENTS,
                Map.of("Cache-Control", "no-cache", "Connection", "keep-alive"),
                out -> tell(subscription, out));
    }

    private static void tell(Notifications.Subscription subscription, OutputStream out) throws IOException {
        try (subscription) {
            out.flush();
            Notification next = subscription.next();
            while (next != null) {
                out.write(DATA);
                JsonWriter json = new JsonWriter(out);
                write(json, next);
                json.flush();
                out.write(END);
                out.flush();
                next = subscription.next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException gone = new InterruptedIOException("notifications: the client has gone away");
            gone.initCause(e);
            throw gone;
        }
    }

    private static void write(JsonWriter json, Notification notification) throws IOException {
        json.beginObject()
                .member("text", notification.text())
                .member("date", GoTime.format(notification.since()))
                .member("active", notification.active())
                .endObject();
    }
}
