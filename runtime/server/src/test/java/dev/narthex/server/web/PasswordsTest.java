// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    private static final Map<String, Secret> USERS =
            Map.of("alice", new Secret("$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"));

    private final Passwords passwords = new Passwords(new SecureRandom());

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatWasCheckedIsKnown() {
        assertThat(passwords.known(basic("alice:secret"), USERS)).isEmpty();
        assertThat(passwords.check(basic("alice:secret"), USERS)).isTrue();
        assertThat(passwords.known(basic("alice:secret"), USERS)).contains(true);
        assertThat(passwords.check(basic("alice:wrong"), USERS)).isFalse();
        assertThat(passwords.known(basic("alice:wrong"), USERS)).contains(false);
    }

    @Test
    void anotherHashOfTheUserIsAnotherPassword() {
        assertThat(passwords.check(basic("alice:secret"), USERS)).isTrue();
        Map<String, Secret> changed =
                Map.of("alice", new Secret("$2b$04$abcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq"));
        assertThat(passwords.known(basic("alice:secret"), changed)).isEmpty();
        assertThat(passwords.check(basic("alice:secret"), changed)).isFalse();
        assertThat(passwords.check(basic("alice:"), changed)).isTrue();
    }

    @Test
    void whatIsNoCredentialsNeedsNoCheck() {
        assertThat(passwords.known(null, USERS)).contains(false);
        assertThat(passwords.known("Bearer x", USERS)).contains(false);
        assertThat(passwords.known("Basic !", USERS)).contains(false);
        assertThat(passwords.known(basic("alice"), USERS)).contains(false);
    }

    @Test
    void aUserThatThereIsNotIsNobodyWhateverThePassword() {
        assertThat(passwords.check(basic("bob:secret"), USERS)).isFalse();
        assertThat(passwords.check(basic(":"), USERS)).isFalse();
    }

    @Test
    void keepsAFewHundredOnly() {
        assertThat(passwords.check(basic("alice:secret"), USERS)).isTrue();
        Map<String, Secret> cheap = Map.of("bob", new Secret("no hash"));
        for (int i = 0; i < 300; i++) {
            assertThat(passwords.check(basic("bob:" + i), cheap)).isFalse();
        }
        assertThat(passwords.known(basic("alice:secret"), USERS)).isEmpty();
        assertThat(passwords.known(basic("bob:299"), cheap)).contains(false);
    }
}
