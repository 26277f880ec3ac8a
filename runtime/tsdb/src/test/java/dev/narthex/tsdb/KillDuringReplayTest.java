// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Exemplar;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.ExemplarSeries;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.tsdb.chunk.RandomHistograms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What was taken during a replay that a kill ended is there when a later one comes to its end. */
@ExtendWith(QuietLog.class)
class KillDuringReplayTest {
    private static final Labels FLOATS = Labels.of("__name__", "up", "job", "floats");
    private static final Labels HISTOGRAMS = Labels.of("__name__", "seconds", "job", "histograms");
    private static final Labels NEW = Labels.of("__name__", "up", "job", "new");

    private final TsdbFixture db = new TsdbFixture();
    private final RandomHistograms histograms = new RandomHistograms(new Random(3), true);
    private final long startMs = db.nowMs();

    @AfterEach
    void close() throws IOException {
        db.faulty().heal();
        db.close();
        assertThat(db.memory.bytes()).isZero();
        db.faulty().assertNoOpenFiles();
    }

    private void append(Labels labels, long ms, double value) throws IOException {
        assertThat(db.append(labels, startMs + ms, value)).isEqualTo(AppendResult.ACCEPTED);
    }

    private void append(Labels labels, long ms, NativeHistogram histogram) throws IOException {
        try (Appender appender = db.tsdb.appender()) {
            assertThat(appender.append(appender.series(labels), startMs + ms, histogram))
                    .isEqualTo(AppendResult.ACCEPTED);
            appender.commit();
        }
    }

    private void openWithBoth() throws IOException {
        db.outOfOrderWindow = Duration.ofHours(2);
        db.open();
        append(FLOATS, 1000, 1);
        append(FLOATS, 5000, 5);
        append(HISTOGRAMS, 1000, histograms.next());
        append(HISTOGRAMS, 5000, histograms.next());
    }

    private void killAndBegin() throws IOException {
        db.files = db.faulty().kill();
        db.begin();
    }

    private List<String> times(Labels labels) {
        return db.all().getOrDefault(labels.toString(), List.of()).stream()
                .map(sample -> Long.toString(Long.parseLong(sample.substring(0, sample.indexOf('='))) - startMs))
                .toList();
    }

    @Test
    void lateFloatsAndHistogramsAreThere() throws IOException {
        openWithBoth();
        killAndBegin();
        append(FLOATS, 2000, 2);
        append(HISTOGRAMS, 2000, histograms.next());
        append(NEW, 6000, 6);
        append(NEW, 3000, 3); // late behind what this run itself has taken
        killAndBegin();
        append(FLOATS, 3000, 3);
        append(HISTOGRAMS, 3000, histograms.next());
        append(NEW, 2000, 2);
        db.killAndRestart();
        assertThat(times(FLOATS)).containsExactly("1000", "2000", "3000", "5000");
        assertThat(times(HISTOGRAMS)).containsExactly("1000", "2000", "3000", "5000");
        assertThat(times(NEW)).containsExactly("2000", "3000", "6000");
        assertThat(db.tsdb.stats().head().outOfOrderSamples()).isZero();
        assertThat(db.tsdb.stats().outOfOrder().floatsAppended()).isEqualTo(4);
        assertThat(db.tsdb.stats().outOfOrder().histogramsAppended()).isEqualTo(2);
        Map<String, List<String>> found = db.all();
        for (int run = 0; run < 3; run++) {
            db.killAndRestart();
            assertThat(db.all()).isEqualTo(found);
            assertThat(db.tsdb.stats().wbl().replay().samples()).isEqualTo(6); // they went there once
            assertThat(db.tsdb.stats().outOfOrder().floatsAppended()).isZero();
        }
    }

    /** Between any two segments, and in the midst of the last step. */
    @Test
    void aKillAtEachFileCallOfTheReplayLosesNothing() throws IOException {
        openWithBoth();
        killAndBegin();
        for (int i = 0; i < 1500; i++) {
            append(FLOATS, 2000 + i, i); // more than go to the log of late samples at once
        }
        append(HISTOGRAMS, 2000, histograms.next());
        append(NEW, 6000, 6);
        append(NEW, 3000, 3);
        FaultyFiles begun = db.faulty().kill();
        int killed = 0;
        boolean reached = true;
        for (int call = 1; reached; call++) {
            db.files = begun.kill();
            db.begin();
            append(NEW, 7000, 7);
            int last = db.faulty().calls() + call;
            db.faulty().failCall(last);
            try {
                db.tsdb.replay();
                reached = db.faulty().calls() >= last;
            } catch (IOException e) {
                killed++;
            }
            db.killAndRestart();
            assertThat(times(FLOATS)).as("call %s", call).hasSize(1502).startsWith("1000", "2000", "2001");
            assertThat(times(HISTOGRAMS)).as("call %s", call).containsExactly("1000", "2000", "5000");
            assertThat(times(NEW)).as("call %s", call).containsExactly("3000", "6000", "7000");
        }
        assertThat(killed).isGreaterThan(5);
    }

    @Test
    void exemplarsAndMetadataAreThere() throws IOException {
        openWithBoth();
        killAndBegin();
        Metadata note = new Metadata(MetricType.GAUGE, "", "Whether it is up.");
        try (Appender appender = db.tsdb.appender()) {
            long ref = appender.series(FLOATS);
            appender.append(ref, startMs + 2000, 2);
            appender.append(ref, new Exemplar(Labels.of("trace", "a"), 1, startMs + 2000));
            appender.metadata(ref, note);
            appender.commit();
        }
        killAndBegin();
        try (Appender appender = db.tsdb.appender()) {
            long ref = appender.series(NEW);
            appender.append(ref, new Exemplar(Labels.of("trace", "b"), 2, startMs + 3000));
            appender.commit();
        }
        db.killAndRestart();
        LabelMatcher up = LabelMatcher.equal("__name__", "up");
        List<String> traces = new ArrayList<>();
        for (ExemplarSeries series : db.tsdb.exemplars().exemplars(0, Long.MAX_VALUE, List.of(List.of(up)))) {
            series.exemplars().forEach(exemplar -> traces.add(exemplar.labels().getOrEmpty("trace")));
        }
        assertThat(traces).containsExactly("a", "b");
        assertThat(db.tsdb.metadata(List.of(up))).containsEntry(FLOATS, note);
        assertThat(times(FLOATS)).containsExactly("1000", "2000", "5000");
    }

    /** Blocks end behind them: without a window they would be refused, and they are not to come in order. */
    @Test
    void samplesOfTheTimeOfBlocksAreTakenDuringAReplayWhereTheWindowAllowsThem() throws IOException {
        db.outOfOrderWindow = Duration.ofHours(12);
        db.open();
        for (int minute = 0; minute < 6 * 60; minute++) {
            db.scheduler.advance(Duration.ofMinutes(1));
            db.append(FLOATS, db.nowMs(), minute);
        }
        db.tsdb.maintain();
        assertThat(db.tsdb.blocks()).isNotEmpty();
        killAndBegin();
        append(FLOATS, 90_000, 0.5);
        append(NEW, 90_000, 0.5);
        killAndBegin();
        append(FLOATS, 150_000, 0.5);
        append(NEW, 150_000, 0.5);
        db.tsdb.replay();
        assertThat(times(FLOATS)).hasSize(362).startsWith("60000", "90000", "120000", "150000");
        assertThat(times(NEW)).containsExactly("90000", "150000");
        db.killAndRestart();
        assertThat(times(FLOATS)).hasSize(362).startsWith("60000", "90000", "120000", "150000");
        assertThat(times(NEW)).containsExactly("90000", "150000");
    }

    /** What is deleted afterwards stays deleted: the segments are not looked at as unfinished a second time. */
    @Test
    void whatIsDeletedAfterTheReplayDoesNotComeBack() throws IOException {
        openWithBoth();
        killAndBegin();
        append(FLOATS, 2000, 2);
        append(FLOATS, 6000, 6);
        db.killAndRestart();
        db.tsdb.delete(0, Long.MAX_VALUE, List.of(LabelMatcher.equal("__name__", "up")));
        assertThat(times(FLOATS)).isEmpty();
        db.killAndRestart();
        assertThat(times(FLOATS)).isEmpty();
        assertThat(times(HISTOGRAMS)).containsExactly("1000", "5000");
    }

    /** Also where the disk is full at the very end of the replay, so that its end cannot be noted at once. */
    @Test
    void theEndOfAReplayIsNotedWithTheNextSamplesWhereItCouldNotBeAtOnce() throws IOException {
        openWithBoth();
        killAndBegin();
        append(FLOATS, 2000, 2);
        append(FLOATS, 6000, 6);
        killAndBegin();
        append(FLOATS, 3000, 3);
        db.faulty().failCalls(call -> call.path().getFileName().toString().equals("00000003"));
        db.tsdb.replay();
        db.faulty().heal();
        append(FLOATS, 7000, 7);
        assertThat(times(FLOATS)).containsExactly("1000", "2000", "3000", "5000", "6000", "7000");
        db.tsdb.delete(0, Long.MAX_VALUE, List.of(LabelMatcher.equal("__name__", "up")));
        db.killAndRestart();
        assertThat(times(FLOATS)).isEmpty();
    }

    @Test
    void aLogThatWasDamagedSinceIsReadAsFarAsItIsGood() throws IOException {
        openWithBoth();
        killAndBegin();
        append(NEW, 6000, 6);
        append(FLOATS, 2000, 2);
        db.files = db.faulty().kill();
        Path segment = TsdbFixture.DATA.resolve("wal").resolve("00000001");
        byte[] content = db.faulty().content(segment);
        int name = new String(content, StandardCharsets.ISO_8859_1).indexOf("new");
        try (var file = db.files.openWrite(segment)) {
            file.write(ByteBuffer.wrap(new byte[] {0}), name); // the record of the series that was made there
        }
        db.killAndRestart();
        assertThat(times(FLOATS)).containsExactly("1000", "2000", "5000");
        assertThat(db.tsdb.stats().walDamage().damagedSegments()).isEqualTo(1);
        assertThat(db.tsdb.stats().replay().unknownSeriesSamples()).isEqualTo(1);
    }

    /** Their times are known although their samples are read later: they stay as long as these do. */
    @Test
    void theSegmentsStayUntilTheirSamplesAreDropped() throws IOException {
        db.compaction = false;
        db.retention = Duration.ofHours(1);
        db.segmentBytes = 32 << 10;
        openWithBoth();
        db.scheduler.advance(Duration.ofMinutes(50));
        killAndBegin();
        db.append(NEW, db.nowMs(), 6);
        db.killAndRestart();
        db.scheduler.advance(Duration.ofMinutes(20));
        db.append(NEW, db.nowMs(), 7);
        db.tsdb.maintain();
        assertThat(db.tsdb.stats().checkpoints()).isEqualTo(1);
        db.killAndRestart();
        assertThat(times(NEW)).containsExactly("3000000", "4200000");
        assertThat(times(FLOATS)).isEmpty();
    }
}
