// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers what the test says and remembers what was posted. */
final class FakePoster implements HttpPoster {
    private static final Pattern REASON = Pattern.compile("\"notification_reason\":\"([^\"]*)\"");
    private static final Pattern ALERT =
            Pattern.compile("\\{\"status\":\"(\\w+)\",\"labels\":\\{[^}]*\"i\":\"(\\w+)\"");

    /** A request. */
    record Posted(Instant at, URI uri, String body, Duration limit) {
        String reason() {
            Matcher reason = REASON.matcher(body);
            return reason.find() ? reason.group(1) : "";
        }

        /** The alerts by the label {@code i}: {@code 1:firing 2:resolved}. */
        String alerts() {
            List<String> alerts = new ArrayList<>();
            Matcher alert = ALERT.matcher(body);
            while (alert.find()) {
                alerts.add(alert.group(2) + ":" + alert.group(1));
            }
            return String.join(" ", alerts);
        }
    }

    private final InstantSource clock;
    final List<Posted> posted = new ArrayList<>();
    int status = 200;
    String answer = "";
    boolean unreachable;
    Runnable onPost = () -> {};

    FakePoster(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Answer post(URI uri, byte[] json, Duration limit) throws IOException {
        posted.add(new Posted(clock.instant(), uri, new String(json, StandardCharsets.UTF_8), limit));
        onPost.run();
        if (unreachable) {
            throw new IOException("Connection refused");
        }
        return new Answer(status, answer);
    }

    /** What was posted since the last call, as {@code second reason alerts}. */
    List<String> take(Instant start) {
        List<String> lines = posted.stream()
                .map(post -> Duration.between(start, post.at()).toSeconds() + " " + post.reason() + " " + post.alerts())
                .toList();
        posted.clear();
        return lines;
    }
}
