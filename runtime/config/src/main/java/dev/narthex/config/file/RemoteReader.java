// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.NameValidationScheme;
import dev.narthex.config.UrlPassword;
import dev.narthex.config.yaml.MappingReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks {@code remote_write} and {@code remote_read} (Prometheus documentation) for what shows them. */
final class RemoteReader {
    private static final Set<String> RESERVED_HEADERS = Set.of(
            "connection",
            "content-encoding",
            "accept-encoding",
            "content-length",
            "content-type",
            "host",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "user-agent",
            "www-authenticate",
            "x-prometheus-remote-read-version",
            "x-prometheus-remote-write-version",
            "x-amz-date",
            "x-amz-security-token",
            "x-amz-content-sha256");
    private static final Pattern IDENTIFIER = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final ReaderContext context;
    private final RelabelReader relabelling;

    RemoteReader(ReaderContext context, NameValidationScheme names) {
        this.context = context;
        this.relabelling = new RelabelReader(names);
    }

    List<Object> writes(MappingReader root) {
        List<Object> trees = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (MappingReader entry : root.mappings("remote_write")) {
            Section section = new Section(entry, context);
            requireUrl(section);
            section.duration("remote_timeout", "30s");
            checkHeaders(section);
            section.relabelling("write_relabel_configs", relabelling);
            checkName(section, names);
            section.bool("send_exemplars", false);
            section.bool("send_native_histograms", false);
            section.bool("round_robin_dns", false);
            section.oneOf(
                    "protobuf_message",
                    "prometheus.WriteRequest",
                    "prometheus.WriteRequest",
                    "io.prometheus.write.v2.Request");
            HttpClientConfig http = section.http(false);
            section.fields().given("queue_config", queue(section.inner("queue_config"), entry));
            section.fields().given("metadata_config", metadata(section.inner("metadata_config"), entry));
            logins(section, http);
            trees.add(section.finish());
        }
        return trees;
    }

    List<Object> reads(MappingReader root) {
        List<Object> trees = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (MappingReader entry : root.mappings("remote_read")) {
            Section section = new Section(entry, context);
            requireUrl(section);
            section.duration("remote_timeout", "1m");
            section.integer("chunked_read_limit", entry.unsigned("chunked_read_limit", 50_000_000));
            checkHeaders(section);
            section.bool("read_recent", false);
            checkName(section, names);
            section.http();
            section.fields()
                    .given("required_matchers", PrometheusTree.labels(ConfigValues.labels(entry, "required_matchers")));
            section.bool("filter_external_labels", true);
            trees.add(section.finish());
        }
        return trees;
    }

    private static void requireUrl(Section section) {
        section.url("url");
        section.fields().put("url", UrlPassword.hidden(section.reader().string("url", "")));
        if (!section.reader().has("url")) {
            section.report("url", "is missing; give the URL of the endpoint");
        }
    }

    private static void checkName(Section section, Set<String> names) {
        String name = section.text("name", "");
        if (!name.isEmpty() && !names.add(name)) {
            section.report("name", "\"" + name + "\" occurs twice; names must be unique");
        }
    }

    /** Headers of requests that may not be those of the protocol. */
    static void checkHeaders(Section section) {
        for (String name : section.map("headers").keySet()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals("authorization")) {
                section.report("headers", name + " may not stand here; say how to log in by fields of their own");
            } else if (RESERVED_HEADERS.contains(lower)) {
                section.report("headers", name + " is a header that may not be set here; remove it");
            }
        }
    }

    private static Map<String, Object> queue(Section section, MappingReader entry) {
        if (entry.isWritten("queue_config") && !entry.has("queue_config")) {
            entry.report("queue_config", "is null; leave it out for the defaults");
            return section.finish();
        }
        long capacity = section.integer("capacity", 10_000);
        long maxShards = section.integer("max_shards", 50);
        long minShards = section.integer("min_shards", 1);
        long perSend = section.integer("max_samples_per_send", 2000);
        requirePositive(section, "capacity", capacity);
        requirePositive(section, "max_shards", maxShards);
        requirePositive(section, "min_shards", minShards);
        requirePositive(section, "max_samples_per_send", perSend);
        if (minShards > maxShards) {
            section.report("min_shards", "is more than max_shards; lower it");
        }
        section.duration("batch_send_deadline", "5s");
        var min = section.duration("min_backoff", "30ms");
        var max = section.duration("max_backoff", "5s");
        if (max.compareTo(min) < 0) {
            section.report("max_backoff", "is less than min_backoff; raise it");
        }
        section.bool("retry_on_http_429", false);
        section.duration("sample_age_limit", "0s");
        return section.finish();
    }

    private static void requirePositive(Section section, String field, long value) {
        if (value <= 0) {
            section.report(field, "found " + value + "; a number greater than 0 is expected");
        }
    }

    private static Map<String, Object> metadata(Section section, MappingReader entry) {
        boolean isNull = entry.isWritten("metadata_config") && !entry.has("metadata_config");
        boolean send = section.bool("send", !isNull);
        section.duration("send_interval", isNull ? "0s" : "1m");
        section.integer("max_samples_per_send", isNull ? 0 : 2000);
        Map<String, Object> tree = section.finish();
        if (!tree.isEmpty()) {
            // Shown even where it is false, unless all is.
            tree.put("send", send);
        }
        return tree;
    }

    private void logins(Section section, HttpClientConfig http) {
        List<String> given = new ArrayList<>();
        if (http.basicAuth() != null) {
            given.add("basic_auth");
        }
        if (http.authorization() != null) {
            given.add("authorization");
        }
        if (http.oauth2() != null) {
            given.add("oauth2");
        }
        if (section.reader().has("sigv4")) {
            given.add("sigv4");
            section.fields().put("sigv4", sigV4(section.inner("sigv4")));
        }
        if (section.reader().has("azuread")) {
            given.add("azuread");
            section.fields().put("azuread", azure(section.inner("azuread")));
        }
        if (section.reader().has("google_iam")) {
            given.add("google_iam");
            Section google = section.inner("google_iam");
            google.path("credentials_file");
            section.fields().put("google_iam", google.finish());
        }
        if (given.size() > 1) {
            section.report(given.get(1), "stands beside " + given.getFirst() + "; give one way to log in");
        }
    }

    /** Signatures of AWS. */
    static Map<String, Object> sigV4(Section section) {
        section.text("region", "");
        boolean access = !section.text("access_key", "").isEmpty();
        boolean secret = !section.secret("secret_key").isEmpty();
        if (access != secret) {
            section.report(access ? "secret_key" : "access_key", "is missing; give both keys or none");
        }
        section.text("profile", "");
        boolean role = !section.text("role_arn", "").isEmpty();
        if (!section.text("external_id", "").isEmpty() && !role) {
            section.report("external_id", "has no meaning without role_arn; give that too");
        }
        section.bool("use_fips_sts_endpoint", false);
        section.text("service_name", "");
        return section.finish();
    }

    private Map<String, Object> azure(Section section) {
        List<String> methods = List.of("managed_identity", "workload_identity", "oauth", "certificate", "sdk");
        List<String> given = methods.stream().filter(section.reader()::has).toList();
        if (given.size() != 1) {
            section.report(
                    given.isEmpty() ? "oauth" : given.get(1),
                    "found no or another one; one of " + String.join(", ", methods) + " is expected");
        }
        for (String method : given) {
            Section inner = section.inner(method);
            switch (method) {
                case "managed_identity" -> {
                    String client = inner.text("client_id", "");
                    if (!client.isEmpty() && !IDENTIFIER.matcher(client).matches()) {
                        inner.report("client_id", "is no UUID");
                    }
                }
                case "sdk" -> inner.text("tenant_id", "");
                default -> {
                    identifier(inner, "client_id");
                    if (method.equals("oauth") && inner.secret("client_secret").isEmpty()) {
                        inner.report("client_secret", "is missing; give one");
                    }
                    identifier(inner, "tenant_id");
                    if (method.equals("workload_identity")) {
                        inner.text("token_file_path", "/var/run/secrets/azure/tokens/azure-identity-token");
                    } else if (method.equals("certificate")) {
                        inner.required("certificate_path");
                        inner.secret("certificate_password");
                        inner.bool("send_certificate_chain", false);
                    }
                }
            }
            section.fields().put(method, inner.finish());
        }
        section.oneOf("cloud", "AzurePublic", "AzurePublic", "AzureChina", "AzureGovernment");
        section.text("scope", "");
        return section.finish();
    }

    private static void identifier(Section section, String field) {
        if (!IDENTIFIER.matcher(section.required(field)).matches()) {
            section.report(field, "is no UUID");
        }
    }
}
