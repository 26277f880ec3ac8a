// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.alerting.NotificationLog.Entry;
import dev.narthex.model.Labels;
import dev.narthex.testkit.files.FaultyFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The example in {@code docs/formats/notification-log.md} is true. */
class NotificationLogPageTest {
    private static final Instant TOLD = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void writesWhatThePageShows() throws IOException {
        FaultyFiles files = new FaultyFiles();
        Path directory = Path.of("/alerting");
        new NotificationLog(new NotificationLogFile(files, directory), TOLD)
                .put(new Entry(
                        NotificationLog.key("{}:{alertname=\"ShopDown\"}", "hook", "webhook", 0),
                        TOLD,
                        TOLD.plusSeconds(28_800),
                        Set.of(Fingerprint.of(Labels.of("alertname", "ShopDown", "instance", "a"))),
                        Set.of()));
        String written = new String(files.content(directory.resolve("notifications.log")), StandardCharsets.UTF_8);
        String page = Files.readString(Path.of("../../docs/formats/notification-log.md"));
        assertThat(page).contains("```\n" + written.replace('\t', ' ').replace(" \n", "\n") + "```");
    }
}
