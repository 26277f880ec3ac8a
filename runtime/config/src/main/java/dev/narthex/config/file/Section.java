// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.Secret;
import dev.narthex.config.TlsConfig;
import dev.narthex.config.yaml.MappingReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A section that is checked and shown, but that nothing in this build acts on: each field is read, checked and put down
 * as Prometheus shows it, in one call. A field named "shown" stands there always, others unless they are false, 0 or
 * empty. Secrets are hidden.
 */
final class Section {
    private static final TreeForm FORM = new TreeForm(true, false);

    private final MappingReader reader;
    private final ReaderContext context;
    private final Fields fields = FORM.fields();

    Section(MappingReader reader, ReaderContext context) {
        this.reader = reader;
        this.context = context;
    }

    MappingReader reader() {
        return reader;
    }

    Fields fields() {
        return fields;
    }

    String text(String field, String fallback) {
        String text = reader.string(field, fallback);
        fields.given(field, text);
        return text;
    }

    String shownText(String field, String fallback) {
        String text = reader.string(field, fallback);
        fields.put(field, text);
        return text;
    }

    /** A text that must be there and not be empty. */
    String required(String field) {
        String text = reader.required(field);
        fields.put(field, text);
        return text;
    }

    /** One of some words. */
    String oneOf(String field, String fallback, String... words) {
        if (!reader.has(field) && !reader.isWritten(field)) {
            if (fallback.isEmpty()) {
                reader.report(field, "is missing; one of " + String.join(", ", words) + " is expected");
            }
            fields.put(field, fallback);
            return fallback;
        }
        String word = reader.string(field, "");
        if (!List.of(words).contains(word)) {
            reader.report(field, "found \"" + word + "\"; one of " + String.join(", ", words) + " is expected");
        }
        fields.put(field, word);
        return word;
    }

    Secret secret(String field) {
        Secret secret = reader.secret(field);
        fields.given(field, FORM.secret(secret));
        return secret;
    }

    String path(String field) {
        String path = context.path(reader, field);
        fields.given(field, path);
        return path;
    }

    boolean bool(String field, boolean fallback) {
        boolean flag = reader.bool(field, fallback);
        fields.given(field, flag);
        return flag;
    }

    boolean shownBool(String field, boolean fallback) {
        boolean flag = reader.bool(field, fallback);
        fields.put(field, flag);
        return flag;
    }

    long integer(String field, long fallback) {
        long number = reader.integer(field, fallback, Integer.MIN_VALUE, Long.MAX_VALUE);
        fields.given(field, number);
        return number;
    }

    long shownInteger(String field, long fallback) {
        long number = reader.integer(field, fallback, Integer.MIN_VALUE, Long.MAX_VALUE);
        fields.put(field, number);
        return number;
    }

    double number(String field, double fallback) {
        double number = reader.number(field, fallback);
        fields.given(field, number);
        return number;
    }

    Duration duration(String field, String fallback) {
        Duration duration = ConfigValues.duration(reader, field, ConfigValues.parsedDuration(fallback));
        fields.given(field, duration);
        return duration;
    }

    List<String> texts(String field) {
        List<String> texts = reader.strings(field);
        fields.given(field, texts);
        return texts;
    }

    Map<String, String> map(String field) {
        Map<String, String> map = reader.stringMap(field);
        fields.given(field, map);
        return map;
    }

    /** A URL that may be anything that is one; whether it is there is told by {@link MappingReader#has}. */
    String url(String field) {
        ConfigValues.checkUrl(reader, field);
        String url = reader.string(field, "");
        fields.given(field, FORM.url(url));
        return url;
    }

    /** Filters of a name and values each. */
    void filters(String field, boolean shown) {
        List<Object> filters = new ArrayList<>();
        for (MappingReader entry : reader.mappingsOrEmpty(field)) {
            Section filter = new Section(entry, context);
            filter.shownText("name", "");
            filter.fields.put("values", entry.strings("values"));
            filters.add(filter.finish());
        }
        if (shown) {
            fields.put(field, filters);
        } else {
            fields.given(field, filters);
        }
    }

    HttpClientConfig http() {
        return http(true);
    }

    HttpClientConfig http(boolean defaultHttp2) {
        return http(true, defaultHttp2);
    }

    HttpClientConfig http(boolean defaultRedirects, boolean defaultHttp2) {
        HttpClientConfig config = new HttpClientReader(context).read(reader, defaultRedirects, defaultHttp2);
        fields.all(new HttpClientTree(FORM).fields(config));
        return config;
    }

    /** The same where Prometheus does not mind fields that contradict each other. */
    void lenientHttp(boolean defaultRedirects, boolean defaultHttp2) {
        HttpClientConfig config = HttpClientReader.lenient(context).read(reader, defaultRedirects, defaultHttp2);
        fields.all(new HttpClientTree(FORM).fields(config));
    }

    @Nullable
    TlsConfig tls() {
        TlsConfig tls = new HttpClientReader(context).readTls(reader);
        new HttpClientTree(FORM).putTls(fields, tls);
        return tls;
    }

    void relabelling(String field, RelabelReader relabelling) {
        fields.given(field, new RelabelTree(FORM).list(relabelling.read(reader, field)));
    }

    /** A section in this one. */
    Section inner(String field) {
        return new Section(reader.mapping(field), context);
    }

    void report(String field, String message) {
        reader.report(field, message);
    }

    /** Reports what nobody asked for, and gives the fields. */
    Map<String, Object> finish() {
        reader.finish();
        return fields.tree();
    }
}
