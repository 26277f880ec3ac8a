// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {
    @TempDir
    Path directory;

    @Test
    void prefersTheNamedDirectoriesThenTheCacheThenThePath() throws IOException {
        Path named = program("named/deep/promtool");
        Path cached = program("cache/narthex-peers/root/usr/bin/promtool");
        Path onPath = program("bin/promtool");
        String path = directory.resolve("empty") + File.pathSeparator + onPath.getParent();
        String cache = directory.resolve("cache").toString();
        String peers = directory.resolve("none") + File.pathSeparator + directory.resolve("named");

        assertThat(Peers.of(peers, cache, "", path).find(PeerProgram.PROMTOOL)).contains(named);
        assertThat(Peers.of("", cache, "", path).find(PeerProgram.PROMTOOL)).contains(cached);
        assertThat(Peers.of(null, null, directory.resolve("home").toString(), path)
                        .find(PeerProgram.PROMTOOL))
                .contains(onPath);
    }

    @Test
    void findsTheHomeDirectoryCacheAndDebiansNames() throws IOException {
        Path cached = program(".cache/narthex-peers/root/usr/bin/prometheus-alertmanager");

        assertThat(Peers.of(null, "", directory.toString(), null).find(PeerProgram.ALERTMANAGER))
                .contains(cached);
    }

    @Test
    void prefersThePackagedProgramToTheBuiltOne() throws IOException {
        program("cache/narthex-peers/go/prometheus");
        program("cache/narthex-peers/root/etc/init.d/prometheus");
        Path packaged = program("cache/narthex-peers/root/usr/bin/prometheus");

        assertThat(Peers.of(null, directory.resolve("cache").toString(), "", null)
                        .find(PeerProgram.PROMETHEUS))
                .contains(packaged);
    }

    @Test
    void ignoresFilesThatCannotBeRun() throws IOException {
        Files.createFile(directory.resolve("amtool"));

        assertThat(Peers.of(directory.toString(), "/none", "", null).find(PeerProgram.AMTOOL))
                .isEmpty();
    }

    @Test
    void skipsTheTestWithTheReason() {
        assertThatRuntimeException()
                .isThrownBy(() -> Peers.of(null, "/none", "", null).orSkip(PeerProgram.PROMETHEUS))
                .withMessageContaining("no real prometheus here")
                .withMessageContaining("e2e/peers installs one");
    }

    private Path program(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
