// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 7541, appendix C, and blocks that are none. */
class HeaderFieldsTest {
    private final HeaderFields fields = new HeaderFields();

    private List<String> read(String hex) throws IOException {
        byte[] block = HexFormat.of().parseHex(hex.replace(" ", ""));
        return fields.read(block, block.length, 1 << 16).stream()
                .map(field -> field.name() + ": " + field.value())
                .toList();
    }

    @Test
    void readsTheRequestsOfTheSpecification() throws IOException {
        assertThat(read("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"))
                .containsExactly(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
        assertThat(read("8286 84be 5808 6e6f 2d63 6163 6865"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: http",
                        ":path: /",
                        ":authority: www.example.com",
                        "cache-control: no-cache");
        assertThat(read("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: https",
                        ":path: /index.html",
                        ":authority: www.example.com",
                        "custom-key: custom-value");
    }

    @Test
    void readsTheSameInShortCodes() throws IOException {
        assertThat(read("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))
                .containsExactly(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
        assertThat(read("8286 84be 5886 a8eb 1064 9cbf")).endsWith("cache-control: no-cache");
        assertThat(read("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"))
                .endsWith("custom-key: custom-value");
    }

    @Test
    void forgetsTheOldestOfAFullTable() throws IOException {
        // As section C.5 does, but with a table made smaller first.
        assertThat(read("3fe1 01 4803 3330 3258 0770 7269 7661 7465"))
                .containsExactly(":status: 302", "cache-control: private");
        assertThat(read("be bf")).containsExactly("cache-control: private", ":status: 302");
        assertThat(read("20 3fe1 01 4803 3330 37")).containsExactly(":status: 307");
        assertThatThrownBy(() -> read("bf")).hasMessage("connection error: COMPRESSION_ERROR");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "be",
                "ff ff ff ff ff ff ff",
                "ff ff ff ff ff 7f",
                "40",
                "40 05 61",
                "3f e2 1f 82",
                // Codes whose padding is longer than a byte, or not of ones, or that hold the end itself.
                "00 82 ff ff 00",
                "00 81 00 00",
                "00 84 ff ff ff ff 00",
            })
    void refusesWhatIsNone(String block) {
        assertThatThrownBy(() -> read(block)).isInstanceOf(Http2Exception.class);
    }

    @Test
    void refusesMoreThanIsAllowed() {
        byte[] block = new byte[2000];
        Arrays.fill(block, (byte) 0x82);
        assertThatThrownBy(() -> fields.read(block, block.length, 10_000))
                .hasMessage("http2: response header list larger than advertised limit");
    }

    @Test
    void endsWellWhateverTheBytes() {
        Random random = new Random(4711);
        for (int i = 0; i < 20_000; i++) {
            byte[] block = new byte[random.nextInt(40)];
            random.nextBytes(block);
            try {
                assertThat(fields.read(block, block.length, 1 << 16)).hasSizeLessThanOrEqualTo(block.length);
            } catch (IOException e) {
                assertThat(e).isInstanceOf(Http2Exception.class);
            }
        }
    }
}
