// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.ConfigException;
import dev.narthex.config.PrometheusConfig;
import org.junit.jupiter.api.Test;

/** No secret of a configuration is printed, by whatever way. Each secret here holds the word hush or the number 5ec2e7. */
class SecretsTest {
    private static final String EVERY_SECRET = """
            scrape_configs:
            - job_name: basic
              basic_auth: {username: u, password: hush}
              http_headers: {X-A: {secrets: [hush, hush2]}}
              tls_config: {cert: c, key: hush}
            - job_name: credentials
              authorization: {credentials: hush}
            - job_name: bearer
              bearer_token: hush
            - job_name: oauth
              oauth2: {client_id: i, client_secret: hush, token_url: 'http://u:hush@t', tls_config: {cert: c, key: hush}}
            - job_name: jwt
              oauth2:
                client_id: i
                grant_type: urn:ietf:params:oauth:grant-type:jwt-bearer
                client_certificate_key: hush
                token_url: http://t
            - job_name: proxies
              proxy_url: http://u:hush@p
              proxy_connect_header: {X-A: [hush]}
            - job_name: discoveries
              consul_sd_configs: [{token: hush}, {username: u, password: hush}]
              ec2_sd_configs: [{region: r, access_key: a, secret_key: hush}]
              lightsail_sd_configs: [{region: r, access_key: a, secret_key: hush}]
              azure_sd_configs: [{subscription_id: s, tenant_id: t, client_id: c, client_secret: hush}]
              openstack_sd_configs:
              - {region: r, role: instance, username: u, domain_name: d, password: hush}
              marathon_sd_configs: [{servers: [http://m], auth_token: hush}]
              scaleway_sd_configs:
              - project_id: 11111111-2222-4333-8444-555555555555
                role: instance
                access_key: SCWXXXXXXXXXXXXXXXXX
                secret_key: 11111111-2222-4333-8444-0000005ec2e7
              ovhcloud_sd_configs:
              - {application_key: k, application_secret: hush, consumer_key: hush, service: vps}
              uyuni_sd_configs: [{server: http://u, username: u, password: hush}]
              http_sd_configs: [{url: 'http://h', basic_auth: {username: u, password: hush}}, {url: 'http://u:hush@h'}]
            remote_write:
            - url: http://w
              sigv4: {region: r, access_key: a, secret_key: hush}
            - url: http://w2
              azuread: {oauth: {client_id: 11111111-2222-4333-8444-555555555555, client_secret: hush,
                tenant_id: 11111111-2222-4333-8444-555555555555}}
            - url: http://w3
              headers: {X-A: b}
              basic_auth: {username: u, password: hush}
            remote_read:
            - {url: 'http://r', authorization: {credentials: hush}}
            alerting:
              alertmanagers:
              - basic_auth: {username: u, password: hush}
            tracing: {endpoint: e, tls_config: {cert: c, key: hush}}
            """;

    private final ConfigLoader loader = new ConfigLoader(_ -> "");

    private static void assertSilent(String printed) {
        assertThat(printed).doesNotContain("hush").doesNotContain("5ec2e7");
    }

    @Test
    void neitherTheRecordsNorTheWrittenConfigurationShowOne() throws ConfigException {
        Checked<PrometheusConfig> read = loader.checkPrometheus(EVERY_SECRET, "p.yml", null);
        assertSilent(read.toString());
        assertSilent(ConfigWriter.effective().prometheus(read.value()));
        assertThat(ConfigWriter.effective().prometheus(read.value())).contains("<secret>");
    }

    @Test
    void noErrorShowsOne() {
        // Each line in turn gets a neighbour that nobody knows, and the whole is wrong in many places.
        String broken = EVERY_SECRET
                .replace("job_name:", "job_nam:")
                .replace("{", "{zzz: 1, ")
                .replaceAll("url: http://w\\S*", "url: '://w'")
                .replace("region: r", "region: [r]");
        assertThatThrownBy(() -> loader.checkPrometheus(broken, "p.yml", null))
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertSilent(String.valueOf(e.getMessage())))
                .hasMessageContaining("job_nam: unknown field; did you mean job_name?")
                .hasMessageContaining("zzz: unknown field");
    }

    @Test
    void aSecretOfTheWrongKindIsNotShown() {
        String wrong = EVERY_SECRET.replace(": hush", ": [hush]").replace("[hush, hush2]", "{a: hush}");
        assertThatThrownBy(() -> loader.checkPrometheus(wrong, "p.yml", null))
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertSilent(String.valueOf(e.getMessage())))
                .hasMessageContaining("scrape_configs[0].basic_auth.password: found a list; a text is expected");
    }
}
