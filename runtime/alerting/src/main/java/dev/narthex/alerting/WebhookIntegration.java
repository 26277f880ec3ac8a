// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.config.WebhookConfig;
import dev.narthex.model.Alert;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;

/** Posts notifications as JSON to an address. */
final class WebhookIntegration implements Integration {
    private final WebhookConfig config;
    private final HttpPoster http;
    private final String externalUrl;

    WebhookIntegration(WebhookConfig config, HttpPoster http, String externalUrl) {
        this.config = config;
        this.http = http;
        this.externalUrl = externalUrl;
    }

    @Override
    public Outcome notify(Notification notification, Duration limit) throws InterruptedException {
        List<Alert> alerts = notification.alerts();
        boolean truncates = config.maxAlerts() > 0 && alerts.size() > config.maxAlerts();
        int truncated = truncates ? alerts.size() - config.maxAlerts() : 0;
        Notification shown = truncates ? notification.withAlerts(alerts.subList(0, config.maxAlerts())) : notification;
        Duration timeout = config.timeout();
        boolean hasTimeout = !timeout.isZero() && timeout.compareTo(limit) < 0;
        try {
            byte[] body = WebhookPayload.json(shown, externalUrl, truncated);
            return outcome(http.post(URI.create(config.url().value()), body, hasTimeout ? timeout : limit));
        } catch (HttpTimeoutException e) {
            return new Failed(FailureReason.DEADLINE_EXCEEDED, "no answer in time", true);
        } catch (IOException e) {
            // The message may hold the address, which may hold a token.
            return new Failed(FailureReason.OTHER, "cannot reach the webhook: " + kind(e), true);
        } catch (IllegalArgumentException e) {
            return new Failed(
                    FailureReason.CLIENT_ERROR, "the webhook's URL is none; give an absolute http or https URL", false);
        }
    }

    private static String kind(IOException e) {
        String message = e.getMessage();
        boolean plain = message != null && !message.contains("://");
        return e.getClass().getSimpleName() + (plain ? ": " + message : "");
    }

    private static Outcome outcome(HttpPoster.Answer answer) {
        int status = answer.status();
        if (status / 100 == 2) {
            return new Delivered();
        }
        FailureReason reason = switch (status) {
            case 401, 403 -> FailureReason.AUTH_ERROR;
            case 429 -> FailureReason.RATE_LIMITED;
            default ->
                status / 100 == 5
                        ? FailureReason.SERVER_ERROR
                        : status / 100 == 4 ? FailureReason.CLIENT_ERROR : FailureReason.OTHER;
        };
        String body = answer.body().isEmpty() ? "" : ": " + answer.body();
        boolean recoverable = status / 100 == 5 || status == 429;
        return new Failed(reason, "unexpected status code " + status + body, recoverable);
    }
}
