// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.testkit.time.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ManualClock clock = new ManualClock();
    private final List<String> events = new ArrayList<>();

    private final class Part implements Component {
        private final String name;
        private final boolean failsToStart;
        private final boolean failsToStop;
        private final Duration stopTakes;

        Part(String name, boolean failsToStart, boolean failsToStop, Duration stopTakes) {
            this.name = name;
            this.failsToStart = failsToStart;
            this.failsToStop = failsToStop;
            this.stopTakes = stopTakes;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start() throws IOException {
            events.add("+" + name);
            if (failsToStart) {
                throw new IOException("no " + name);
            }
        }

        @Override
        public void stop(Duration deadline) {
            events.add("-" + name + " " + deadline.toSeconds());
            clock.advance(stopTakes);
            if (failsToStop) {
                throw new IllegalStateException("stuck " + name);
            }
        }
    }

    private Part part(String name) {
        return new Part(name, false, false, Duration.ofSeconds(3));
    }

    private Lifecycle lifecycle(Component... components) {
        return new Lifecycle(List.of(components), clock);
    }

    @Test
    void startsInOrderAndStopsInReverseWithTheTimeThatIsLeft() throws Exception {
        Lifecycle lifecycle = lifecycle(part("a"), part("b"), part("c"));
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.NEW);

        lifecycle.start(LIMIT);
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.RUNNING);
        assertThat(lifecycle.stop(LIMIT)).isEmpty();

        assertThat(events).containsExactly("+a", "+b", "+c", "-c 10", "-b 7", "-a 4");
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.STOPPED);
    }

    @Test
    void stopsWhatWasStartedWhenOneFailsToStart() {
        Part failing = new Part("b", true, false, Duration.ZERO);
        Part stuck = new Part("a", false, true, Duration.ZERO);
        Lifecycle lifecycle = lifecycle(stuck, failing, part("c"));

        assertThatThrownBy(() -> lifecycle.start(LIMIT))
                .isInstanceOf(IOException.class)
                .hasMessage("no b")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .satisfies(suppressed -> assertThat(suppressed).hasMessage("stuck a")));
        assertThat(events).containsExactly("+a", "+b", "-b 10", "-a 10");
        assertThat(lifecycle.state()).isEqualTo(Lifecycle.State.STOPPED);
    }

    @Test
    void stopsTheRestWhenOneFailsToStop() throws Exception {
        Lifecycle lifecycle = lifecycle(part("a"), new Part("b", false, true, Duration.ofSeconds(20)), part("c"));
        lifecycle.start(LIMIT);

        List<Throwable> failures = lifecycle.stop(LIMIT);

        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("stuck b"));
        assertThat(events).contains("-c 10", "-b 7", "-a 0");
    }
}
