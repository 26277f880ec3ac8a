// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BcryptTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Hashes that crypt(3) of libxcrypt made. */
    @ParameterizedTest
    @CsvSource({
        "secret,$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
        "'',$2b$04$abcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq",
        "pässwörd,$2b$04$abcdefghijklmnopqrstuuyx2n0Zzopyr9QuYTMCfOJJOj526QVoC",
        "secret,$2a$05$......................35w9tBXOiWEqF4YNx8Fn9rPUbxS7RTu",
        "'',$2a$05$......................J2ihDv8vVf7QZ9BsaRrKyqs2tkn55Yq",
        "pässwörd,$2y$06$0123456789ABCDEFGHIJK.Ew9osBvWzsfth1WktH94lGAWve40ncO",
    })
    void knowsThePasswordOfAHash(String password, String hash) {
        assertThat(Bcrypt.matches(bytes(password), hash)).isTrue();
        assertThat(Bcrypt.matches(bytes(password + "x"), hash)).isFalse();
    }

    @Test
    void looksAtSeventyTwoBytes() {
        String hash = "$2b$04$abcdefghijklmnopqrstuuBzzIgyKkz7xMWYSzkIjUSnxEQFQ0WNe";
        assertThat(Bcrypt.matches(bytes("a".repeat(80)), hash)).isTrue();
        assertThat(Bcrypt.matches(bytes("a".repeat(71) + "b"), hash)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "$2b$04$",
        "$2b$xx$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
        "$2b$03$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
        "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIr!",
        "$1b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
    })
    void nobodyHasThePasswordOfWhatIsNoHash(String hash) {
        assertThat(Bcrypt.matches(bytes("secret"), hash)).isFalse();
    }
}
