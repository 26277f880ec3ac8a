// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {
    @ParameterizedTest
    @CsvSource({
        "http://a/b, a, -1",
        "http://a.example:81/b, a.example, 81",
        "http://[::1]:80/, [::1], 80",
        "http://my_app:9100/metrics, my_app, 9100",
        "http://shop.1:80, shop.1, 80",
        "http://my_app/metrics, my_app, -1",
        "http://u:p@my_app:1/, my_app, 1",
        "http://my_app:/, my_app, -1",
        "http://:80/, '', 80"
    })
    void knowsHostsThatAreNoNamesToo(String url, String host, int port) {
        assertThat(HostAndPort.of(URI.create(url))).isEqualTo(new HostAndPort(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "mailto:a@b", "http://my_app:1x/", "http://my_app:70000/", "http://:/"})
    void tellsWhereThereIsNone(String url) {
        assertThat(HostAndPort.of(URI.create(url))).isNull();
    }

    @Test
    void routesAndRequestsNameSuchAHost() {
        URI url = URI.create("http://my_app:9100/metrics");
        Route route = Route.of(url, null);
        assertThat(route.firstHost()).isEqualTo("my_app");
        assertThat(route.firstPort()).isEqualTo(9100);
        assertThat(new HostAndPort("my_app", 9100)).hasToString("my_app:9100");
    }
}
