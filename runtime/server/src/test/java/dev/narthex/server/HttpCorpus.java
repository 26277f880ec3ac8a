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

    /** A body of another type comes behind its type between bars. */
    private static final Pattern LINE = Pattern.compile(
            "(?<newer>~?)(?<raw>!?)(?<method>[A-Z]+) (?<target>.*?)(?: \\|(?:(?<type>[^| ][^|]*)\\|)? (?<form>.*))?");

    private HttpCorpus() {}

    /** One request, as the file has it. */
    record Entry(
            String method,
            String target,
            @Nullable String form,
            @Nullable String type,
            boolean isRaw,
            boolean isNewer) {
        /** A request as most are: parameters to be encoded, and a form where there is a body. */
        Entry(String method, String target, @Nullable String form) {
            this(method, target, form, null, false, false);
        }

        @Override
        public String toString() {
            return method + " " + target
                    + (form == null ? "" : type == null ? " | " + form : " |" + type + "| " + form);
        }

        /** The same below a prefix. */
        Entry below(String prefix) {
            return new Entry(method, prefix + target, form, type, isRaw, isNewer);
        }

        /** What Content-Type says, null where there is no body. */
        @Nullable
        String contentType() {
            return form == null || type != null ? type : "application/x-www-form-urlencoded";
        }

        /** The path with its query, percent-encoded. */
        String encodedTarget(long second) {
            if (isRaw) {
                return target.replace("{T}", Long.toString(second));
            }
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
                    : HttpRequest.BodyPublishers.ofString(
                            type == null ? pairs(form, second) : form.replace("{T}", Long.toString(second)));
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
        entries.addAll(entries("further.txt"));
        return entries;
    }

    /** What is asked of servers with the search API. */
    static List<Entry> search() throws IOException {
        return entries("search.txt");
    }

    /** What is asked of servers that have targets and rules. */
    static List<Entry> live(String ruleFile) throws IOException {
        return entries("live.txt").stream()
                .map(entry -> new Entry(
                        entry.method,
                        entry.target.replace("{rules}", ruleFile),
                        entry.form,
                        entry.type,
                        entry.isRaw,
                        entry.isNewer))
                .toList();
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
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no request: " + line);
        }
        String type = parts.group("type") == null || parts.group("type").isBlank() ? null : parts.group("type");
        return new Entry(
                parts.group("method"),
                parts.group("target"),
                parts.group("form"),
                type,
                !parts.group("raw").isEmpty(),
                !parts.group("newer").isEmpty());
    }
}
