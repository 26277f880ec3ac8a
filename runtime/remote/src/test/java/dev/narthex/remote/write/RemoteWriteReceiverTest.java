// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.remote.write.RemoteWriteAnswer.Written;
import dev.narthex.testkit.random.Seed;
import dev.narthex.wire.ProtobufWriter;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteWriteReceiverTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final String V1 = "application/x-protobuf";
    private static final String V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    private static final List<String> A = List.of("__name__", "a", "x", "1");
    private static final List<String> B = List.of("__name__", "b");

    private final RecordingStorage storage = new RecordingStorage();
    private final RemoteWriteReceiver receiver = receiver(RemoteWriteConfig.defaults());

    private RemoteWriteReceiver receiver(RemoteWriteConfig config) {
        return new RemoteWriteReceiver(storage, InstantSource.fixed(Instant.ofEpochMilli(NOW)), new Random(7), config);
    }

    private RemoteWriteAnswer v1(ProtobufWriter... series) {
        return receiver.receive(V1, "snappy", WriteBody.v1(series));
    }

    private RemoteWriteAnswer v2(WriteBody.V2 request) {
        return receiver.receive(V2, "snappy", request.body());
    }

    @Test
    void samplesOfVersion1AreStored() {
        RemoteWriteAnswer answer = v1(WriteBody.series(A, NOW, 1, NOW + 1, 2), WriteBody.series(B, NOW, 3));

        assertThat(answer).isEqualTo(new RemoteWriteAnswer(204, "", null));
        assertThat(storage.committed)
                .containsExactly(
                        "{__name__=\"a\", x=\"1\"} " + NOW + " 1.0",
                        "{__name__=\"a\", x=\"1\"} " + (NOW + 1) + " 2.0",
                        "{__name__=\"b\"} " + NOW + " 3.0");
    }

    @Test
    void aSeriesThatComesAgainIsNotResolvedAgain() {
        for (int i = 0; i < 10; i++) {
            v1(WriteBody.series(A, NOW + i, 1), WriteBody.series(B, NOW + i, 3));
        }

        assertThat(storage.resolved).isEqualTo(2);
        assertThat(storage.committed).hasSize(20);
    }

    @Test
    void aSeriesThatTheStorageHasForgottenIsResolvedAnew() {
        v1(WriteBody.series(A, NOW, 1));
        storage.forget();

        assertThat(v1(WriteBody.series(A, NOW + 1, 1, NOW + 2, 2)).status()).isEqualTo(204);
        assertThat(storage.committed).hasSize(3);
    }

    @Test
    void unsortedLabelsAreTheSameSeries() {
        v1(WriteBody.series(A, NOW, 1));
        v1(WriteBody.series(List.of("x", "1", "__name__", "a"), NOW + 1, 1));

        assertThat(storage.committed).last().isEqualTo("{__name__=\"a\", x=\"1\"} " + (NOW + 1) + " 1.0");
    }

    @Test
    void aRejectedSampleRefusesAllOfARequestOfVersion1() {
        v1(WriteBody.series(A, NOW, 1));

        assertThat(v1(WriteBody.series(B, NOW, 1), WriteBody.series(A, NOW - 1, 1)))
                .isEqualTo(new RemoteWriteAnswer(400, "out of order sample", null));
        assertThat(storage.committed).hasSize(1);
    }

    @Test
    void seriesWithoutGoodLabelsAreLeftOutOfVersion1AndCounted() {
        for (int round = 0; round < 2; round++) {
            RemoteWriteAnswer answer = v1(
                    WriteBody.series(List.of("x", "1"), NOW + round, 1),
                    WriteBody.series(List.of(), NOW + round, 1),
                    WriteBody.series(List.of("__name__", "d", "x", "1", "x", "2"), NOW + round, 1),
                    WriteBody.series(List.of("__name__", "d", "", "1"), NOW + round, 1),
                    WriteBody.series(B, NOW + round, 1));
            assertThat(answer.status()).isEqualTo(204);
        }
        assertThat(storage.committed).hasSize(2);
        assertThat(receiver.invalidSamples()).isEqualTo(8);
    }

    @Test
    void bytesThatAreNoTextAreNoLabels() {
        ProtobufWriter label = new ProtobufWriter().text(1, "x").bytes(2, new byte[] {(byte) 0xff}, 0, 1);
        ProtobufWriter series = WriteBody.series(B, NOW, 1).message(1, label);
        ProtobufWriter replacement = WriteBody.series(List.of("__name__", "b", "x", "\ufffd"), NOW, 1);

        assertThat(v1(series, replacement).status()).isEqualTo(204);
        assertThat(storage.committed).containsExactly("{__name__=\"b\", x=\"\ufffd\"} " + NOW + " 1.0");
    }

    @Test
    void samplesOfTheFarFutureAreRefused() {
        assertThat(v1(WriteBody.series(A, NOW + 600_001, 1)).text())
                .isEqualTo("out of bounds: timestamp is too far in the future");
        assertThat(v1(WriteBody.series(A, NOW + 600_000, 1)).status()).isEqualTo(204);
    }

    @Test
    void version2StoresWhatIsGoodAndNamesTheRest() {
        v1(WriteBody.series(A, NOW, 1));
        WriteBody.V2 request = new WriteBody.V2();
        request.add(A, NOW - 1, 1, NOW + 1, 2);
        request.add(List.of("x", "y"), NOW, 1);
        request.add(List.of("__name__", "y", "a", "1", "a", "2"), NOW, 1);
        request.add(List.of("__name__", "empty"));
        request.add(B, NOW, 1);

        assertThat(v2(request)).isEqualTo(new RemoteWriteAnswer(400, """
                        out of order sample for series {__name__="a", x="1"}
                        invalid metric name or labels, got {x="y"}
                        invalid labels for series, labels {__name__="y", a="1", a="2"}, duplicated label a
                        TimeSeries must contain at least one sample or histogram for series {__name__="empty"}""", new Written(2, 0, 0)));
        assertThat(storage.committed).hasSize(3);
    }

    @Test
    void version2TakesExemplarsMetadataAndHistograms() {
        WriteBody.V2 request = new WriteBody.V2();
        ProtobufWriter exemplar = new ProtobufWriter()
                .message(1, request.refs(List.of("trace", "t1")))
                .float64(2, 5)
                .int64(3, NOW);
        ProtobufWriter metadata =
                new ProtobufWriter().int64(1, 1).int64(3, request.ref("Helps.")).int64(4, request.ref("seconds"));
        request.add(B, NOW, 1).message(4, exemplar).message(5, metadata);
        request.add(List.of("__name__", "h")).message(3, histogram(3));

        assertThat(v2(request)).isEqualTo(new RemoteWriteAnswer(204, "", new Written(1, 1, 1)));
        assertThat(storage.committed)
                .contains("{__name__=\"b\"} Metadata[type=COUNTER, unit=seconds, help=Helps.]")
                .anySatisfy(line -> assertThat(line).contains("exemplar").contains("t1"))
                .anySatisfy(line -> assertThat(line).startsWith("{__name__=\"h\"} " + NOW));
    }

    @Test
    void aHistogramThatDoesNotAddUpIsRefused() {
        WriteBody.V2 request = new WriteBody.V2();
        request.add(List.of("__name__", "h")).message(3, histogram(9));

        assertThat(v2(request).text())
                .isEqualTo("3 observations found in buckets, but the Count field is 9: histogram's observation count"
                        + " should equal the number of observations found in the buckets (in absence of NaN) for series"
                        + " {__name__=\"h\"}");
    }

    private static ProtobufWriter histogram(int count) {
        return new ProtobufWriter()
                .int64(1, count)
                .float64(3, 7)
                .sint64(4, 0)
                .float64(5, 0.001)
                .message(11, new ProtobufWriter().sint64(1, 0).int64(2, 2))
                .message(12, new ProtobufWriter().zigzag(1).zigzag(1))
                .int64(15, NOW);
    }

    @Test
    void startTimestampsAreHandedOnWhereAskedFor() {
        RemoteWriteConfig defaults = RemoteWriteConfig.defaults();
        RemoteWriteReceiver asking = receiver(new RemoteWriteConfig(defaults.accepted(), true, 100, 1 << 20));
        WriteBody.V2 request = new WriteBody.V2();
        request.add(B, NOW, 1).int64(6, NOW - 5000);

        assertThat(asking.receive(V2, "snappy", request.body()).status()).isEqualTo(204);
        assertThat(storage.committed).contains("{__name__=\"b\"} start " + (NOW - 5000));
    }

    @Test
    void labelsOutsideTheTableOfSymbolsAreNamed() {
        ProtobufWriter odd = new ProtobufWriter().message(1, new ProtobufWriter().varint(0));
        ProtobufWriter outside =
                new ProtobufWriter().message(1, new ProtobufWriter().varint(0).varint(8));
        byte[] body = WriteBody.snappy(new ProtobufWriter()
                .text(4, "")
                .message(5, odd)
                .message(5, outside)
                .toByteArray());

        RemoteWriteAnswer answer = receiver.receive(V2, "snappy", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .contains("parsing labels for series [0]: invalid labelRefs length 1")
                .contains("outside of symbols table (size 1)");
    }

    @Test
    void newSeriesWithoutMemoryAreNamedAndKnownOnesGoOn() {
        v1(WriteBody.series(A, NOW, 1));
        storage.seriesLimit = 1;

        assertThat(v1(WriteBody.series(B, NOW, 1), WriteBody.series(A, NOW + 1, 1)))
                .isEqualTo(new RemoteWriteAnswer(400, "no memory for series", null));
        WriteBody.V2 request = new WriteBody.V2();
        request.add(B, NOW, 1);
        request.add(A, NOW + 2, 1);
        assertThat(v2(request))
                .isEqualTo(new RemoteWriteAnswer(
                        400, "no memory for series for series {__name__=\"b\"}", new Written(1, 0, 0)));
        assertThat(storage.committed).hasSize(3);
    }

    @Test
    void whatCannotBeWrittenMayBeSentAgain() {
        storage.failure = new IOException("no space left on device");

        assertThat(v1(WriteBody.series(A, NOW, 1)))
                .isEqualTo(new RemoteWriteAnswer(500, "no space left on device", null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    '' | snappy | 204 | ''
                    application/x-protobuf | '' | 204 | ''
                    application/x-protobuf;foo=bar | snappy | 204 | ''
                    application/x-protobuf; proto=prometheus.WriteRequest | snappy | 204 | ''
                    text/plain | snappy | 415 | expected application/x-protobuf as the first (media) part, got text/plain content-type
                    application/x-protobuf;proto | snappy | 415 | as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters to be key-values, got proto in application/x-protobuf;proto content-type
                    application/x-protobuf;proto=foo | snappy | 415 | got application/x-protobuf;proto=foo content type; unknown type for remote write protobuf message foo, supported: prometheus.WriteRequest, io.prometheus.write.v2.Request
                    application/x-protobuf | gzip | 415 | gzip encoding (compression) is not accepted by this server; only snappy is acceptable
                    """)
    void headersAreThoseOfTheSpecification(String type, String encoding, int status, String text) {
        RemoteWriteAnswer answer = receiver.receive(type, encoding, WriteBody.v1(WriteBody.series(A, NOW, 1)));

        assertThat(answer).isEqualTo(new RemoteWriteAnswer(status, text, null));
    }

    @Test
    void aMessageThatIsSwitchedOffIsRefused() {
        RemoteWriteReceiver onlyV2 = receiver(RemoteWriteConfig.defaults().withAccepted(Set.of(RemoteWriteMessage.V2)));

        assertThat(onlyV2.receive(V1, "snappy", WriteBody.v1()).status()).isEqualTo(415);
    }

    @Test
    void whatIsTooLargeOnceUncompressedIsRefused() {
        RemoteWriteReceiver small = receiver(new RemoteWriteConfig(Set.of(RemoteWriteMessage.V1), false, 100, 1000));

        RemoteWriteAnswer answer = small.receive(V1, "snappy", WriteBody.snappy(new byte[1001]));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("1001 bytes, 1000 are accepted");
    }

    /** A sample of two bytes takes 24 while its series is read: the growth counts, and comes back. */
    @Test
    void whatGrowsWhileItIsReadCountsToo() {
        AtomicLong held = new AtomicLong();
        RequestMemory memory = new RequestMemory() {
            @Override
            public boolean tryTake(long bytes) {
                if (held.addAndGet(bytes) > limitBytes()) {
                    held.addAndGet(-bytes);
                    return false;
                }
                return true;
            }

            @Override
            public void giveBack(long bytes) {
                held.addAndGet(-bytes);
            }

            @Override
            public long limitBytes() {
                return 1 << 20;
            }
        };
        RemoteWriteReceiver bounded = new RemoteWriteReceiver(
                storage,
                InstantSource.fixed(Instant.ofEpochMilli(NOW)),
                new Random(7),
                RemoteWriteConfig.defaults(),
                memory);
        for (int field : new int[] {2, 3, 4}) {
            ProtobufWriter series = WriteBody.series(B);
            for (int i = 0; i < 100_000; i++) {
                series.message(field, new ProtobufWriter());
            }
            assertThat(bounded.receive(V1, "snappy", WriteBody.v1(series)))
                    .as("field " + field)
                    .isEqualTo(new RemoteWriteAnswer(
                            503,
                            "the memory for requests is taken by others: 1048576 bytes; send it again later",
                            null));
            assertThat(held).hasValue(0);
        }
        assertThat(bounded.receive(V1, "snappy", WriteBody.v1(WriteBody.series(B, NOW, 1)))
                        .status())
                .isEqualTo(204);
        assertThat(held).hasValue(0);
        assertThat(storage.committed).hasSize(1);
    }

    /** A sample takes two bytes of a request, and twelve times as much once it is read. */
    @Test
    void whatAHugeRequestHasNeededIsNotKept() {
        v1(WriteBody.series(A, NOW, 1));
        assertThat(receiver.kept()).isEqualTo(1);

        ProtobufWriter huge = WriteBody.series(B);
        ProtobufWriter none = new ProtobufWriter();
        for (int i = 0; i < 400_000; i++) {
            huge.message(2, none);
        }
        v1(huge);
        assertThat(receiver.kept()).isZero();

        v1(WriteBody.series(A, NOW + 1, 1));
        assertThat(receiver.kept()).isEqualTo(1);
    }

    @Test
    void damagedBodiesAreRefusedWithoutHarm() {
        Random random = Seed.of(RemoteWriteReceiverTest.class).random();
        WriteBody.V2 request = new WriteBody.V2();
        request.add(A, NOW, 1).message(4, new ProtobufWriter().message(1, request.refs(List.of("t", "1"))));
        request.add(List.of("__name__", "h")).message(3, histogram(3));
        byte[][] bodies = {WriteBody.v1(WriteBody.series(A, NOW, 1), WriteBody.series(B, NOW, 2)), request.body()};
        for (int run = 0; run < 20_000; run++) {
            byte[] good = bodies[run % 2];
            byte[] hurt = Arrays.copyOf(good, run % 3 == 0 ? 1 + random.nextInt(good.length) : good.length);
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                hurt[random.nextInt(hurt.length)] ^= (byte) (1 << random.nextInt(8));
            }
            RemoteWriteAnswer answer = receiver.receive(run % 2 == 0 ? V1 : V2, "snappy", hurt);
            assertThat(answer.status()).isIn(204, 400);
        }
    }
}
