// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:9090, 0.0.0.0, 127.0.0.1, 9090",
        ":0, 0.0.0.0, 127.0.0.1, 0",
        "127.0.0.1:65535, 127.0.0.1, 127.0.0.1, 65535",
        "[::1]:9090, ::1, [::1], 9090",
        "shop.example:80, shop.example, shop.example, 80",
    })
    void readsHostAndPort(String text, String bindHost, String clientHost, int port) {
        ListenAddress address = ListenAddress.parse(text);

        assertThat(address.bindHost()).isEqualTo(bindHost);
        assertThat(address.clientHost()).isEqualTo(clientHost);
        assertThat(address.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 'no port in the address, found \"localhost\"'",
        "a:b:1, 'too many colons in the address, found \"a:b:1\"'",
        "a:, 'no port from 0 to 65535 in the address, found \"a:\"'",
        "a:65536, 'no port from 0 to 65535 in the address, found \"a:65536\"'",
        "a:-1, 'no port from 0 to 65535 in the address, found \"a:-1\"'",
    })
    void refusesWhatIsNone(String text, String problem) {
        assertThatThrownBy(() -> ListenAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem + "; write host:port or :port, an IPv6 host in brackets");
    }
}
