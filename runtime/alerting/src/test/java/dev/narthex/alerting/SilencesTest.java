// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.alerting.SilenceException.Reason;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.testkit.time.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class SilencesTest {
    private static final Path DIRECTORY = Path.of("/alerting");
    private static final Path FILE = DIRECTORY.resolve("silences.txt");

    private final ManualScheduler scheduler = new ManualScheduler();
    private FaultyFiles files = new FaultyFiles();
    private Silences silences = open();

    private Silences open() {
        return new Silences(new SilenceFile(files, DIRECTORY), scheduler.clock());
    }

    private Instant in(long seconds) {
        return scheduler.clock().instant().plusSeconds(seconds);
    }

    private static Silence silence(String id, Instant startsAt, Instant endsAt, LabelMatcher... matchers) {
        return new Silence(id, List.of(matchers), startsAt, endsAt, startsAt, "me", "why", Map.of());
    }

    private Silence job(String id, long startsIn, long endsIn) {
        return silence(id, in(startsIn), in(endsIn), LabelMatcher.equal("job", "shop"));
    }

    private Silence get(String id) {
        return silences.get(id).orElseThrow();
    }

    private List<String> silencing(String... labels) {
        return silences.silencing(Labels.of(labels), scheduler.clock().instant());
    }

    @Test
    void holdsFromItsStartUntilItsEnd() throws SilenceException {
        String id = silences.set(job("", 60, 120));
        assertThat(silencing("job", "shop")).isEmpty();
        scheduler.advance(Duration.ofSeconds(60));
        assertThat(silencing("job", "shop", "more", "x")).containsExactly(id);
        assertThat(silencing("job", "cart")).isEmpty();
        scheduler.advance(Duration.ofSeconds(60));
        assertThat(silencing("job", "shop")).isEmpty();
    }

    @Test
    void takesAllMatchersTogetherAndAllOperators() throws SilenceException {
        String id = silences.set(silence(
                "",
                in(0),
                in(60),
                LabelMatcher.of(MatchOp.REGEX, "job", "s.*"),
                LabelMatcher.of(MatchOp.NOT_EQUAL, "env", "test"),
                LabelMatcher.of(MatchOp.NOT_REGEX, "zone", "eu-.+"),
                LabelMatcher.equal("absent", "")));
        assertThat(silencing("job", "shop", "env", "prod", "zone", "us-1")).containsExactly(id);
        assertThat(silencing("job", "shop", "env", "test")).isEmpty();
        assertThat(silencing("job", "shop", "zone", "eu-1")).isEmpty();
        assertThat(silencing("job", "shop", "absent", "no")).isEmpty();
    }

    @Test
    void cannotBeginBeforeItIsMade() throws SilenceException {
        assertThat(get(silences.set(job("", -3600, 60))).startsAt()).isEqualTo(in(0));
    }

    @Test
    void changesEndAndTextsInPlace() throws SilenceException {
        String id = silences.set(job("", 0, 60));
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(silences.set(job(id, -5, 600))).isEqualTo(id);
        assertThat(get(id).endsAt()).isEqualTo(in(600));
        assertThat(get(id).updatedAt()).isEqualTo(in(0));
        assertThat(silences.all()).hasSize(1);
    }

    @Test
    void endsTheFormerWhereMatchersOrStartChange() throws SilenceException {
        String first = silences.set(job("", 0, 60));
        scheduler.advance(Duration.ofSeconds(5));
        String second = silences.set(silence(first, in(-5), in(60), LabelMatcher.equal("job", "cart")));
        assertThat(get(first).state(in(0))).isEqualTo(SilenceState.EXPIRED);
        String third = silences.set(silence(second, in(30), in(60), LabelMatcher.equal("job", "cart")));
        assertThat(get(second).state(in(0))).isEqualTo(SilenceState.EXPIRED);
        assertThat(get(third).state(in(0))).isEqualTo(SilenceState.PENDING);
        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
    }

    @Test
    void movesTheStartOfAPendingOne() throws SilenceException {
        String id = silences.set(job("", 60, 120));
        assertThat(silences.set(job(id, 90, 120))).isEqualTo(id);
        assertThat(get(id).startsAt()).isEqualTo(in(90));
        assertThat(silences.set(job(id, -1, 120))).isNotEqualTo(id);
        assertThat(get(id).state(in(0))).isEqualTo(SilenceState.EXPIRED);
    }

    @Test
    void expiresOnce() throws SilenceException {
        String active = silences.set(job("", 0, 60));
        String pending = silences.set(job("", 30, 60));
        scheduler.advance(Duration.ofSeconds(1));
        Instant ended = in(0);
        silences.expire(active);
        silences.expire(pending);
        scheduler.advance(Duration.ofSeconds(1));
        silences.expire(active);
        assertThat(get(active).endsAt()).isEqualTo(ended);
        assertThat(get(pending).startsAt()).isEqualTo(ended);
        assertThat(silencing("job", "shop")).isEmpty();
        assertThat(silences.count(SilenceState.EXPIRED)).isEqualTo(2);
    }

    @Test
    void refusesWhatWouldSilenceEverything() {
        assertThatThrownBy(() -> silences.set(silence("", in(0), in(60), LabelMatcher.of(MatchOp.REGEX, "job", ".*"))))
                .hasMessage("invalid silence: matcher set 0: at least one matcher must not match the empty string");
        assertThatThrownBy(() -> silences.set(silence("", in(0), in(60), LabelMatcher.equal("", "x"))))
                .hasMessage("invalid silence: invalid label matcher 0 in set 0: invalid label name \"\"");
        assertThatThrownBy(() -> silences.set(job("no", 0, 60)))
                .asInstanceOf(InstanceOfAssertFactories.type(SilenceException.class))
                .extracting(SilenceException::reason)
                .isEqualTo(Reason.NOT_FOUND);
        assertThatThrownBy(() -> silences.expire("no")).hasMessage("silence not found");
        assertThat(silences.all()).isEmpty();
    }

    @Test
    void showsActiveOnesThenPendingOnesThenExpiredOnes() throws SilenceException {
        String late = silences.set(job("", 0, 900));
        String soon = silences.set(job("", 0, 600));
        String pendingLate = silences.set(job("", 300, 400));
        String pendingSoon = silences.set(job("", 200, 900));
        String ended = silences.set(job("", 0, 10));
        String endedLast = silences.set(job("", 0, 20));
        scheduler.advance(Duration.ofSeconds(20));
        assertThat(silences.all())
                .extracting(Silence::id)
                .containsExactly(soon, late, pendingSoon, pendingLate, endedLast, ended);
    }

    @Test
    void surviveARestartAsTheyWere() throws SilenceException {
        silences.set(new Silence(
                "",
                List.of(
                        LabelMatcher.of(MatchOp.NOT_REGEX, "a\tb", "c,:\nd|ü"),
                        LabelMatcher.of(MatchOp.NOT_EQUAL, "e", "")),
                in(0),
                in(60),
                in(0),
                "",
                "two\nlines\t",
                Map.of("", "x", "k", "")));
        silences.set(job("", 5, 60));
        List<Silence> before = silences.all();
        files = files.cutPower();
        silences = open();
        assertThat(silences.all()).isEqualTo(before);
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(silencing("job", "shop", "e", "f")).hasSize(2);
        files.assertNoOpenFiles();
    }

    @Test
    void isNotAcknowledgedWhereItCannotBeKept() throws SilenceException {
        String id = silences.set(job("", 0, 60));
        files.failFrom(files.calls() + 1);
        assertThatThrownBy(() -> silences.set(job("", 0, 60)))
                .asInstanceOf(InstanceOfAssertFactories.type(SilenceException.class))
                .extracting(SilenceException::reason)
                .isEqualTo(Reason.NOT_STORED);
        assertThatThrownBy(() -> silences.expire(id)).hasMessageContaining("nothing has changed");
        assertThat(silences.all())
                .singleElement()
                .satisfies(left -> assertThat(left.id()).isEqualTo(id));
        assertThat(silencing("job", "shop")).containsExactly(id);
        files.heal();
        silences = open();
        assertThat(silencing("job", "shop")).containsExactly(id);
    }

    @Test
    void keepsADamagedFileAsideAndReadsTheRest() throws Exception {
        silences.set(job("", 0, 60));
        String second = silences.set(job("", 0, 60));
        byte[] good = files.content(FILE);
        int inFirst = "narthex silences 1\n".length() + 12;
        files.flip(FILE, inFirst, 1);
        byte[] damaged = files.content(FILE);
        silences = open();
        assertThat(silences.all()).extracting(Silence::id).containsExactly(second);
        assertThat(files.content(DIRECTORY.resolve("silences.txt.damaged"))).isEqualTo(damaged);
        silences = open();
        assertThat(silences.all()).extracting(Silence::id).containsExactly(second);
        // Some byte or other may be the damaged one; no silence is made up.
        for (int at = 0; at < good.length; at += 13) {
            files.put(FILE, good.clone());
            files.flip(FILE, at, 1);
            assertThat(open().all().size()).as("byte %d", at).isLessThanOrEqualTo(2);
        }
        files.put(FILE, "of somebody else".getBytes(StandardCharsets.UTF_8));
        assertThat(open().all()).isEmpty();
        files.assertNoOpenFiles();
    }

    @Test
    void forgetsWhatExpiredLongAgo() throws SilenceException {
        silences.set(job("", 0, 60));
        scheduler.advance(Duration.ofSeconds(59).plus(Silences.RETENTION));
        silences.collect();
        assertThat(silences.all()).hasSize(1);
        scheduler.advance(Duration.ofSeconds(1));
        silences.collect();
        assertThat(silences.all()).isEmpty();
        assertThat(open().all()).isEmpty();
    }
}
