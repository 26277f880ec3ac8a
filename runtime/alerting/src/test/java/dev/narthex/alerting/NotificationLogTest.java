// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.alerting.NotificationLog.Entry;
import dev.narthex.testkit.files.FaultyFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotificationLogTest {
    private static final Path DIRECTORY = Path.of("/alerting");
    private static final Path FILE = DIRECTORY.resolve("notifications.log");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # told before | firing now | resolved now | ends wanted | reason
            -     | 1   |     | true  | FIRST
            -     |     | 1   | true  | -
            1/    | 1   |     | true  | -
            1/    | 1 2 |     | true  | NEW_ALERTS
            1 2/  | 1   |     | true  | -
            1/    | 1   | 2   | true  | SOME_RESOLVED
            1/    | 1   | 2   | false | -
            1/2   | 1   | 2   | true  | -
            1/    |     | 1   | true  | ALL_RESOLVED
            1/    |     | 1   | false | ALL_RESOLVED
            /1    |     | 1   | true  | -
            /1    |     | 2   | true  | -
            /1    | 1   |     | true  | FIRST
            """)
    void tellsWhatIsNew(
            @Nullable String before,
            @Nullable String firing,
            @Nullable String resolved,
            boolean ends,
            @Nullable NotificationReason reason) {
        Entry last = null;
        if (before != null) {
            String[] parts = before.split("/", -1);
            last = new Entry("k", NOW, NOW.plusSeconds(60), set(parts[0]), set(parts[1]));
        }
        assertThat(NotificationLog.reason(last, set(firing), set(resolved), ends, NOW.minusSeconds(1)))
                .isEqualTo(reason);
    }

    @Test
    void repeatsWhenItIsTime() {
        Entry last = new Entry("k", NOW, NOW.plusSeconds(60), Set.of(1L), Set.of());
        assertThat(NotificationLog.reason(last, Set.of(1L), Set.of(), true, NOW.minusMillis(1)))
                .isNull();
        assertThat(NotificationLog.reason(last, Set.of(1L), Set.of(), true, NOW))
                .isEqualTo(NotificationReason.REPEAT);
    }

    @Test
    void readsWhatItWrote() {
        FaultyFiles files = new FaultyFiles();
        NotificationLog log = open(files);
        log.put(entry("{}:{a=\"b\"}\u0000hook", 1));
        log.put(entry("other", 2));
        log.put(entry("other", 3));
        NotificationLog again = open(files);
        assertThat(again.get("{}:{a=\"b\"}\u0000hook")).isEqualTo(entry("{}:{a=\"b\"}\u0000hook", 1));
        assertThat(again.get("other")).isEqualTo(entry("other", 3));
        assertThat(again.size()).isEqualTo(2);
        files.assertNoOpenFiles();
    }

    @Test
    void forgetsWhatHasExpired() throws Exception {
        FaultyFiles files = new FaultyFiles();
        NotificationLog log = open(files);
        log.put(entry("a", 1));
        log.put(new Entry("b", NOW, NOW.plusSeconds(10), Set.of(), Set.of()));
        log.collect(NOW.plusSeconds(10));
        assertThat(log.size()).isEqualTo(1);
        assertThat(new String(files.content(FILE), StandardCharsets.UTF_8).lines())
                .hasSize(2);
        assertThat(new NotificationLog(new NotificationLogFile(files, DIRECTORY), NOW.plusSeconds(60)).size())
                .isZero();
    }

    @Test
    void survivesATornEndAtEachByte() throws Exception {
        FaultyFiles files = new FaultyFiles();
        open(files).put(entry("a", 1));
        int whole = files.content(FILE).length;
        open(files).put(entry("b", 2));
        byte[] content = files.content(FILE);
        for (int length = 0; length < content.length; length++) {
            FaultyFiles torn = new FaultyFiles();
            open(torn);
            torn.put(FILE, Arrays.copyOf(content, length));
            NotificationLog log = open(torn);
            assertThat(log.size()).as("cut at %d", length).isEqualTo(length >= whole ? 1 : 0);
            log.put(entry("c", 3));
            assertThat(open(torn).get("c")).as("cut at %d", length).isNotNull();
        }
    }

    @Test
    void leavesOutADamagedLineAtEachByte() throws Exception {
        FaultyFiles files = new FaultyFiles();
        NotificationLog written = open(files);
        int header = files.content(FILE).length;
        written.put(entry("a", 1));
        int second = files.content(FILE).length;
        written.put(entry("b", 2));
        byte[] content = files.content(FILE);
        for (int i = header; i < second - 1; i++) {
            FaultyFiles damaged = new FaultyFiles();
            open(damaged);
            damaged.put(FILE, content);
            damaged.flip(FILE, i, 0x01);
            NotificationLog log = open(damaged);
            assertThat(log.get("b")).as("flipped at %d", i).isEqualTo(entry("b", 2));
            assertThat(log.get("a")).as("flipped at %d", i).isNull();
        }
    }

    @Test
    void worksOnWithoutItsFile() {
        FaultyFiles files = new FaultyFiles();
        int calls = run(files).calls();
        for (int n = 1; n <= calls; n++) {
            FaultyFiles failing = new FaultyFiles().failCall(n);
            run(failing);
            failing.assertNoOpenFiles();
        }
    }

    @Test
    void losesNoEntryButThatWhichWasTorn() {
        FaultyFiles files = new FaultyFiles();
        NotificationLog log = open(files);
        int before = files.calls();
        log.put(entry("a", 1));
        int calls = files.calls() - before;
        for (int n = 1; n <= calls; n++) {
            files.tearCall(files.calls() + n, 7);
            log.put(entry("torn", n));
            files.heal();
            log.put(entry("b", n));
            assertThat(open(files).get("a")).isEqualTo(entry("a", 1));
            assertThat(open(files).get("b")).as("call %d", n).isEqualTo(entry("b", n));
        }
    }

    private static FaultyFiles run(FaultyFiles files) {
        NotificationLog log = open(files);
        log.put(entry("a", 1));
        log.collect(NOW);
        log.put(entry("b", 2));
        assertThat(log.get("a")).isNotNull();
        assertThat(log.get("b")).isNotNull();
        return files;
    }

    private static NotificationLog open(FaultyFiles files) {
        return new NotificationLog(new NotificationLogFile(files, DIRECTORY), NOW);
    }

    private static Entry entry(String key, long firing) {
        return new Entry(key, NOW, NOW.plusSeconds(60), Set.of(firing, -1L), Set.of(0x7fL));
    }

    private static Set<Long> set(@Nullable String numbers) {
        return numbers == null || numbers.isEmpty()
                ? Set.of()
                : Arrays.stream(numbers.split(" ", -1)).map(Long::valueOf).collect(Collectors.toSet());
    }
}
