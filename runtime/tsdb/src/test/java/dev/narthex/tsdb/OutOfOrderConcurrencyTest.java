// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.Appender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Late samples are compacted and moved to files while others come and everything is read. */
@ExtendWith(QuietLog.class)
class OutOfOrderConcurrencyTest {
    private static final int COMMITS = 600;
    private static final int SERIES = 5;

    private final TsdbFixture db = new TsdbFixture();
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();
    /** Late samples have been compacted, or will not be any more. */
    private final CountDownLatch compacted = new CountDownLatch(1);

    private static Labels series(int number) {
        return Labels.of("__name__", "m", "s", Integer.toString(number));
    }

    @Test
    void everyReadShowsWholeTransactionsAndAllThatWereCommittedBefore()
            throws IOException, InterruptedException, ExecutionException {
        db.outOfOrderWindow = Duration.ofHours(4);
        db.open();
        long now = db.nowMs();
        for (int s = 0; s < SERIES; s++) {
            db.append(series(s), now, -1);
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<?>> others = new ArrayList<>();
            others.add(pool.submit(() -> read(now)));
            others.add(pool.submit(() -> read(now)));
            others.add(pool.submit(this::compact));
            try {
                write(now);
            } finally {
                done.set(true);
            }
            for (Future<?> other : others) {
                other.get();
            }
        }
        Map<String, List<String>> all = db.all();
        assertThat(all.values()).allMatch(samples -> samples.size() == COMMITS + 1);
        assertThat(db.tsdb.stats().wbl().blocksCut()).isPositive();
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(all);
        db.close();
        assertThat(db.memory.bytes()).isZero();
    }

    private Void compact() throws IOException {
        try {
            for (int i = 0; !done.get(); i++) {
                db.tsdb.maintain();
                db.tsdb.snapshot(Path.of("/snapshot" + i), false); // compacts them
                if (db.tsdb.stats().wbl().blocksCut() > 0) {
                    compacted.countDown();
                }
            }
        } finally {
            compacted.countDown();
        }
        return null;
    }

    private void write(long now) throws IOException, InterruptedException {
        for (int i = 0; i < COMMITS; i++) {
            if (i == COMMITS / 2) {
                compacted.await(); // however fast the commits are
            }
            try (Appender appender = db.tsdb.appender()) {
                for (int s = 0; s < SERIES; s++) {
                    appender.append(appender.series(series(s)), now - 1 - 11_000L * ((i * 7L) % COMMITS), i);
                }
                appender.commit();
            }
            committed.set(i + 1);
        }
    }

    private Void read(long now) {
        while (!done.get()) {
            int before = committed.get();
            Map<String, List<String>> found =
                    TsdbFixture.read(db.tsdb, now - 20_000_000, now, LabelMatcher.of(MatchOp.EQUAL, "__name__", "m"));
            assertThat(found).hasSize(SERIES);
            List<String> one = found.values().iterator().next();
            assertThat(found.values()).allMatch(samples -> samples.equals(one));
            assertThat(one).hasSizeBetween(before + 1, committed.get() + 2);
        }
        return null;
    }
}
