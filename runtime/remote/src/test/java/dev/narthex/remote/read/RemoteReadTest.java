// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.wire.ProtobufWriter;
import dev.narthex.wire.SnappyCompressor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemoteReadTest {
    private final List<String> asked = new ArrayList<>();

    /** One series with three samples, whatever is asked. */
    private final class Storage implements Querier {
        private final long mintMs;
        private final long maxtMs;

        Storage(long mintMs, long maxtMs) {
            this.mintMs = mintMs;
            this.maxtMs = maxtMs;
        }

        @Override
        public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
            asked.add(mintMs + ".." + maxtMs + " " + matchers);
            return new SeriesSet() {
                private boolean given;

                @Override
                public boolean next() {
                    boolean more = !given;
                    given = true;
                    return more;
                }

                @Override
                public Labels labels() {
                    return Labels.of("__name__", "a");
                }

                @Override
                public void samples(SampleBuffer into) {
                    for (int i = 1; i <= 3; i++) {
                        into.add(i, i);
                    }
                }
            };
        }

        @Override
        public List<String> labelNames(List<LabelMatcher> matchers) {
            return List.of();
        }

        @Override
        public List<String> labelValues(String name, List<LabelMatcher> matchers) {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private RemoteRead.Answer answer(int maxSamples, byte[] body) throws InterruptedException {
        return new RemoteRead(
                        Storage::new, () -> Labels.of("cluster", "x"), new RemoteReadConfig(maxSamples, 1, 1 << 20))
                .answer(body);
    }

    private static byte[] compressed(ProtobufWriter message) {
        byte[] block = new byte[SnappyCompressor.maxLength(message.size())];
        return Arrays.copyOf(block, new SnappyCompressor().compress(message.array(), 0, message.size(), block, 0));
    }

    private static ProtobufWriter query(String name, String value) {
        return new ProtobufWriter()
                .int64(1, 5)
                .int64(2, 7)
                .message(3, new ProtobufWriter().text(2, name).text(3, value));
    }

    private static byte[] request(ProtobufWriter query) {
        return compressed(new ProtobufWriter().message(1, query));
    }

    @Test
    void asksForSeriesWithoutAnExternalLabelWhereTheLabelIsAskedFor() throws InterruptedException {
        assertThat(answer(0, request(query("cluster", "x")))).isInstanceOf(RemoteRead.Answer.Samples.class);
        assertThat(answer(0, request(query("cluster", "y")))).isInstanceOf(RemoteRead.Answer.Samples.class);
        assertThat(asked).containsExactly("5..7 [cluster=\"\"]", "5..7 [cluster=\"y\"]");
    }

    @Test
    void hintsTakeThePlaceOfTheRange() throws InterruptedException {
        ProtobufWriter hints = new ProtobufWriter().int64(3, 1).int64(4, 9);
        assertThat(answer(0, request(query("a", "b").message(4, hints)))).isInstanceOf(RemoteRead.Answer.Samples.class);
        assertThat(asked).containsExactly("1..9 [a=\"b\"]");
    }

    @Test
    void refusesMoreSamplesThanAllowed() throws InterruptedException {
        assertThat(answer(3, request(query("a", "b")))).isInstanceOf(RemoteRead.Answer.Samples.class);
        assertThat(answer(2, request(query("a", "b"))))
                .isEqualTo(new RemoteRead.Answer.Refused(400, "exceeded sample limit (2)"));
    }

    @Test
    void aRefusalLetsTheNextRequestIn() throws InterruptedException {
        RemoteRead one = new RemoteRead(Storage::new, () -> Labels.EMPTY, new RemoteReadConfig(1, 1, 1));
        for (int i = 0; i < 3; i++) {
            assertThat(one.answer(request(query("a", "b")))).isInstanceOf(RemoteRead.Answer.Refused.class);
        }
    }

    @Test
    void refusesWhatIsNoRequest() throws InterruptedException {
        assertThat(answer(0, new byte[] {5, 1, 2}))
                .isEqualTo(new RemoteRead.Answer.Refused(400, "snappy: corrupt input"));
        assertThat(answer(0, compressed(new ProtobufWriter().varint(10).varint(127))))
                .isInstanceOfSatisfying(
                        RemoteRead.Answer.Refused.class,
                        refused -> assertThat(refused.text()).contains("protobuf"));
    }
}
