// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AuthorizationConfig;
import dev.narthex.config.BasicAuthConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.HttpHeaderConfig;
import dev.narthex.config.OAuth2Config;
import dev.narthex.config.ProxyConfig;
import dev.narthex.config.TlsConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of an HTTP client as fields of the section that they stand in. */
final class HttpClientTree {
    private final TreeForm form;

    HttpClientTree(TreeForm form) {
        this.form = form;
    }

    Map<String, Object> fields(HttpClientConfig config) {
        return fields(config, HttpClientConfig.DEFAULT.enableHttp2());
    }

    Map<String, Object> fields(HttpClientConfig config, boolean defaultHttp2) {
        Fields fields = form.fields();
        BasicAuthConfig basic = config.basicAuth();
        if (basic != null) {
            fields.put("basic_auth", basic(basic));
        }
        AuthorizationConfig authorization = config.authorization();
        if (authorization != null) {
            fields.put("authorization", authorization(authorization));
        }
        OAuth2Config oauth2 = config.oauth2();
        if (oauth2 != null) {
            fields.put("oauth2", oauth2(oauth2));
        }
        putTls(fields, config.tls());
        return fields.always("follow_redirects", config.followRedirects(), true)
                .always("enable_http2", config.enableHttp2(), defaultHttp2)
                .all(proxy(config.proxy()))
                .given("http_headers", headers(config.headers()))
                .tree();
    }

    void putTls(Fields fields, @Nullable TlsConfig tls) {
        // Prometheus shows no section that says nothing.
        if (tls != null && !(form.effective() && tls.equals(TlsConfig.DEFAULT))) {
            fields.put("tls_config", tls(tls));
        }
    }

    private Map<String, Object> tls(TlsConfig tls) {
        return form.fields()
                .given("ca", tls.ca())
                .given("cert", tls.cert())
                .given("key", form.secret(tls.key()))
                .given("ca_file", tls.caFile())
                .given("cert_file", tls.certFile())
                .given("key_file", tls.keyFile())
                .given("server_name", tls.serverName())
                .always("insecure_skip_verify", tls.insecureSkipVerify(), false)
                .given(
                        "min_version",
                        tls.minVersion() == null ? null : tls.minVersion().name())
                .given(
                        "max_version",
                        tls.maxVersion() == null ? null : tls.maxVersion().name())
                .tree();
    }

    private Map<String, Object> basic(BasicAuthConfig basic) {
        return form.fields()
                .given("username", basic.username())
                .given("username_file", basic.usernameFile())
                .given("password", form.secret(basic.password()))
                .given("password_file", basic.passwordFile())
                .tree();
    }

    private Map<String, Object> authorization(AuthorizationConfig authorization) {
        return form.fields()
                .given("type", authorization.type())
                .given("credentials", form.secret(authorization.credentials()))
                .given("credentials_file", authorization.credentialsFile())
                .tree();
    }

    private Map<String, Object> oauth2(OAuth2Config oauth2) {
        Fields fields = form.fields()
                .put("client_id", oauth2.clientId())
                .given("client_secret", form.secret(oauth2.clientSecret()))
                .given("client_secret_file", oauth2.clientSecretFile())
                .given("client_certificate_key_id", oauth2.clientCertificateKeyId())
                .given("client_certificate_key", form.secret(oauth2.clientCertificateKey()))
                .given("client_certificate_key_file", oauth2.clientCertificateKeyFile())
                .given("grant_type", oauth2.grantType())
                .given("signature_algorithm", oauth2.signatureAlgorithm())
                .given("iss", oauth2.iss())
                .given("audience", oauth2.audience())
                .given("claims", oauth2.claims())
                .given("scopes", oauth2.scopes())
                .put("token_url", form.url(oauth2.tokenUrl()))
                .given("endpoint_params", oauth2.endpointParams());
        putTls(fields, oauth2.tls());
        return fields.all(proxy(oauth2.proxy())).tree();
    }

    private Map<String, Object> proxy(ProxyConfig proxy) {
        Map<String, Object> headers = new LinkedHashMap<>();
        proxy.connectHeaders().forEach((name, values) -> headers.put(name, form.secrets(values)));
        return form.fields()
                .given("proxy_url", form.url(proxy.url().value()))
                .given("no_proxy", proxy.noProxy())
                .given("proxy_from_environment", proxy.fromEnvironment())
                .given("proxy_connect_header", headers)
                .tree();
    }

    private Map<String, Object> headers(Map<String, HttpHeaderConfig> headers) {
        Map<String, Object> tree = new LinkedHashMap<>();
        headers.forEach((name, header) -> tree.put(
                name,
                form.fields()
                        .given("values", header.values())
                        .given("secrets", form.secrets(header.secrets()))
                        .given("files", header.files())
                        .tree()));
        return tree;
    }
}
