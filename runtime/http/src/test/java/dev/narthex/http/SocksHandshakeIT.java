// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.time.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to a SOCKS5 proxy, byte by byte (RFC 1928, RFC 1929), and what comes of its answers. */
class SocksHandshakeIT {
    private static final String NAME_REQUEST = "05010003" + "01" + hexOf("a") + "0051";
    private static final String GRANTED = "05000001" + "7f000001" + "1f90";

    private static String hexOf(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A handshake with a proxy that waits for so many bytes each time before it gives the next of its answers, and then has gone.
     *
     * @return what it was told
     */
    private static List<String> shake(String user, String target, int[] lengths, String... answers) throws Exception {
        List<String> told = new ArrayList<>();
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> proxy = CompletableFuture.runAsync(
                    () -> answer(listening, lengths, answers, told),
                    task -> Thread.ofVirtual().start(task));
            URI address = URI.create("socks5://" + user + "127.0.0.1:" + listening.getLocalPort());
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
                Deadline deadline = Deadline.after(Duration.ofSeconds(30), Ticker.system());
                new SocksHandshake(Route.of(URI.create(target), address)).on(new TimedSocket(socket, deadline));
            } catch (IOException e) {
                throw new IOException(
                        String.valueOf(e.getMessage()).replace(":" + listening.getLocalPort(), ":1080"), e);
            } finally {
                proxy.get();
            }
        }
        return told;
    }

    private static void answer(ServerSocket listening, int[] lengths, String[] answers, List<String> told) {
        try (Socket client = listening.accept()) {
            OutputStream out = client.getOutputStream();
            for (int i = 0; i < answers.length; i++) {
                told.add(HexFormat.of().formatHex(client.getInputStream().readNBytes(lengths[i])));
                out.write(HexFormat.of().parseHex(answers[i]));
            }
            client.shutdownOutput();
            told.add(HexFormat.of().formatHex(client.getInputStream().readAllBytes()));
        } catch (IOException e) {
            told.add(e.toString());
        }
    }

    @Test
    void asksForAName() throws Exception {
        assertThat(shake("", "http://a:81", new int[] {3, 8}, "0500", GRANTED))
                .containsExactly("050100", NAME_REQUEST, "");
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.2:81, 10, 050100017f0000020051",
        "https://127.0.0.2, 10, 050100017f00000201bb",
        "http://[::1]:81, 22, 05010004000000000000000000000000000000010051",
    })
    void asksForAnAddress(String target, int length, String request) throws Exception {
        assertThat(shake("", target, new int[] {3, length}, "0500", GRANTED)).containsExactly("050100", request, "");
    }

    @Test
    void logsInWhereTheProxyWantsThat() throws Exception {
        String login = "01" + "02" + hexOf("me") + "04" + hexOf("p@:w");
        assertThat(shake("me:p%40%3Aw@", "http://a:81", new int[] {4, 9, 8}, "0502", "0100", GRANTED))
                .containsExactly("05020002", login, NAME_REQUEST, "");
        assertThat(shake("me:pw@", "http://a:81", new int[] {4, 8}, "0500", GRANTED))
                .containsExactly("05020002", NAME_REQUEST, "");
        assertThat(shake("me@", "http://a:81", new int[] {4, 5, 8}, "0502", "0100", GRANTED))
                .containsExactly("05020002", "0102" + hexOf("me") + "00", NAME_REQUEST, "");
    }

    /** What stands behind an answer is the target's: an address of any kind is passed over to its end. */
    @ParameterizedTest
    @CsvSource({"05000001 7f000001 1f90", "05000004 00000000000000000000000000000001 1f90", "05000003 03 616263 1f90"})
    void readsAnAnswerToItsEnd(String granted) throws Exception {
        String answer = granted.replace(" ", "");
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
                Socket proxy = listening.accept()) {
            proxy.getOutputStream().write(HexFormat.of().parseHex("0500" + answer + "42"));
            URI address = URI.create("socks5://127.0.0.1:" + listening.getLocalPort());
            Deadline deadline = Deadline.after(Duration.ofSeconds(30), Ticker.system());
            new SocksHandshake(Route.of(URI.create("http://a:81"), address)).on(new TimedSocket(socket, deadline));
            assertThat(socket.getInputStream().read()).isEqualTo(0x42);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "01, general SOCKS server failure",
        "02, connection not allowed by ruleset",
        "03, network unreachable",
        "04, host unreachable",
        "05, connection refused",
        "06, TTL expired",
        "07, command not supported",
        "08, address type not supported",
        "09, code: 9",
    })
    void saysWhyTheProxyDoesNotConnect(String code, String words) {
        assertThatThrownBy(() -> shake("", "http://a:81", new int[] {3, 8}, "0500", "05" + code + "0001000000000000"))
                .hasMessage("socks connect tcp 127.0.0.1:1080->a:81: unknown error " + words);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0400, unexpected protocol version 4",
        "'', 05ff, no acceptable authentication methods",
        "'', 0502, no acceptable authentication methods",
        "me:pw@, 05ff, no acceptable authentication methods",
        "'', 05, EOF",
    })
    void saysWhyTheProxyIsNotUnderstood(String user, String answer, String words) {
        int length = user.isEmpty() ? 3 : 4;
        assertThatThrownBy(() -> shake(user, "http://a:81", new int[] {length}, answer))
                .hasMessage("socks connect tcp 127.0.0.1:1080->a:81: " + words);
    }

    @Test
    void saysThatTheProxyDoesNotTakeTheUser() {
        assertThatThrownBy(() -> shake("me:pw@", "http://a:81", new int[] {4, 7}, "0502", "0101"))
                .hasMessage("socks connect tcp 127.0.0.1:1080->a:81: username/password authentication failed");
    }

    @Test
    void refusesNamesThatDoNotFit() {
        assertThatThrownBy(() -> shake("", "http://" + "a".repeat(256) + ":81", new int[] {3}, "0500"))
                .hasMessageEndingWith("a name, user or password of more than 255 bytes");
    }
}
