// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.ProxyConfig;
import dev.narthex.config.Secret;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyChoiceTest {
    private static final String PROXY = "http://proxy:3128";

    private static ProxyChoice by(String noProxy) {
        return ProxyChoice.of(new ProxyConfig(new Secret(PROXY), noProxy, false, Map.of()), Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "'a.example.com', http://a.example.com/, true",
        "'a.example.com', http://x.a.example.com/, true",
        "'a.example.com', http://b.example.com/, false",
        "'.example.com', http://a.example.com/, true",
        "'.example.com', http://example.com/, false",
        "'*.example.com', http://a.example.com/, true",
        "'A.Example.com', http://a.example.COM/, true",
        "'a:8080', http://a:8080/, true",
        "'a:8080', http://a:8081/, false",
        "'a:80', http://a/, true",
        "'a:443', https://a/, true",
        "'10.0.0.0/8', http://10.1.2.3:1/, true",
        "'10.0.0.0/8', http://11.1.2.3:1/, false",
        "'10.1.2.3', http://10.1.2.3:1/, true",
        "'10.1.2.3:2', http://10.1.2.3:1/, false",
        "'fd00::/8', 'http://[fd00::1]:1/', true",
        "'*', http://anything/, true",
        "'b, a', http://a/, true",
        "'b', http://localhost/, true",
        "'b', http://127.0.0.1:9/, true",
        "'', http://127.0.0.1:9/, false",
        "'', http://a/, false",
    })
    void asksDirectlyWhatNoProxyNames(String noProxy, String url, boolean direct) {
        URI expected = direct ? null : URI.create(PROXY);
        assertThat(by(noProxy).proxyFor(URI.create(url))).isEqualTo(expected);
    }

    @Test
    void goesByTheEnvironmentWhereItIsToldTo() {
        ProxyChoice choice = ProxyChoice.of(
                new ProxyConfig(Secret.NONE, "", true, Map.of()),
                Map.of("HTTP_PROXY", "plain:1", "https_proxy", "http://secure:2", "no_proxy", "c"));
        assertThat(choice.proxyFor(URI.create("http://a/"))).isEqualTo(URI.create("http://plain:1"));
        assertThat(choice.proxyFor(URI.create("https://a/"))).isEqualTo(URI.create("http://secure:2"));
        assertThat(choice.proxyFor(URI.create("http://c/"))).isNull();
        assertThat(ProxyChoice.of(ProxyConfig.NONE, Map.of("HTTP_PROXY", "plain:1"))
                        .proxyFor(URI.create("http://a/")))
                .isNull();
    }
}
