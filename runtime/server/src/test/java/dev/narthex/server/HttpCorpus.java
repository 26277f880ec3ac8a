// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The requests of {@code http-corpus}: our own, and those that Grafana makes. */
final class HttpCorpus {
    private static final Pattern TIME = Pattern.compile("T(?:\\+(\\d+))?((?:\\.\\d+)?)");

    private HttpCorpus() {}

    /** One request, as the file has it. */
    record Entry(String method, String target, @Nullable String form) {
        @Override
        public String toString() {
            return method + " " + target + (form == null ? "" : " | " + form);
        }

        /** The path with its query, percent-encoded. */
        String encodedTarget(long second) {
            int question = target.indexOf('?');
            String path = question < 0 ? target : target.substring(0, question);
            String encodedPath = URLEncoder.encode(path, StandardCharsets.UTF_8)
                    .replace("%2F", "/")
                    .replace("+", "%20");
            return question < 0 ? encodedPath : encodedPath + "?" + pairs(target.substring(question + 1), second);
        }

        HttpRequest.BodyPublisher body(long second) {
            return form == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(pairs(form, second));
        }

        private static String pairs(String text, long second) {
            StringBuilder encoded = new StringBuilder();
            for (String pair : text.split("&(?=[a-z_\\[\\]]+=)", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    encoded.append(pair);
                    continue;
                }
                String value = pair.substring(equals + 1);
                Matcher time = TIME.matcher(value);
                if (time.matches()) {
                    long more = time.group(1) == null ? 0 : Long.parseLong(time.group(1));
                    value = second + more + time.group(2);
                }
                encoded.append(encoded.isEmpty() ? "" : "&")
                        .append(URLEncoder.encode(pair.substring(0, equals), StandardCharsets.UTF_8))
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
            return encoded.toString();
        }
    }

    static List<Entry> read() throws IOException {
        List<Entry> entries = new ArrayList<>(entries("requests.txt"));
        entries.addAll(entries("grafana.txt"));
        return entries;
    }

    private static List<Entry> entries(String file) throws IOException {
        try (InputStream in = HttpCorpus.class.getResourceAsStream("/http-corpus/" + file)) {
            if (in == null) {
                throw new IOException("http-corpus/" + file + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(HttpCorpus::entry)
                    .toList();
        }
    }

    private static Entry entry(String line) {
        int space = line.indexOf(' ');
        int bar = line.lastIndexOf(" | ");
        String target = bar < 0 ? line.substring(space + 1) : line.substring(space + 1, bar);
        return new Entry(line.substring(0, space), target, bar < 0 ? null : line.substring(bar + 3));
    }
}
