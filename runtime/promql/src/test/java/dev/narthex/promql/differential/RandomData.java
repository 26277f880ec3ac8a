// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.promql.promqltest.MemoryStorage;
import java.util.Random;

/**
 * Two hours of samples as they come in life: counters with resets, gauges with numbers that are none, gaps, series that
 * end and come back, series that follow each other, classic histograms with flaws.
 */
final class RandomData {
    static final long START_MS = 1_700_000_000_000L;
    static final long END_MS = START_MS + 2 * 3600 * 1000;

    private final Random random;
    private final MemoryStorage storage = new MemoryStorage();

    private RandomData(Random random) {
        this.random = random;
    }

    static MemoryStorage generate(Random random) {
        RandomData data = new RandomData(random);
        data.counters();
        data.gauges();
        data.histograms();
        data.infos();
        new RandomHistograms(random, data.storage).generate();
        return data.storage;
    }

    private void counters() {
        for (String job : new String[] {"api", "web"}) {
            for (int instance = 0; instance < 3; instance++) {
                for (String path : new String[] {"/", "/cart", "/buy"}) {
                    counter(Labels.of(
                            "__name__", "requests_total", "job", job, "instance", "i" + instance, "path", path));
                    if (random.nextInt(3) > 0) {
                        counter(Labels.of(
                                "__name__", "errors_total", "job", job, "instance", "i" + instance, "path", path));
                    }
                }
                counter(Labels.of("__name__", "cpu", "job", job, "instance", "i" + instance));
            }
        }
    }

    private void counter(Labels labels) {
        double value = random.nextInt(3) == 0 ? 0 : random.nextInt(1000);
        double speed = random.nextInt(4) == 0 ? random.nextDouble() : random.nextInt(50);
        Times times = new Times();
        while (times.next()) {
            if (random.nextInt(80) == 0) {
                value = random.nextInt(2) == 0 ? 0 : random.nextInt(20);
            }
            value += random.nextInt(5) == 0 ? 0 : Math.rint(random.nextDouble() * speed * 8) / 8;
            storage.add(labels, times.nowMs, times.ended ? StalenessMarker.VALUE : value);
        }
    }

    private void gauges() {
        for (String job : new String[] {"api", "web", "db"}) {
            for (int instance = 0; instance < 3; instance++) {
                gauge(Labels.of("__name__", "temperature", "job", job, "instance", "i" + instance), 40, true);
                gauge(Labels.of("__name__", "memory", "job", job, "instance", "i" + instance), 1e9, false);
            }
            gauge(Labels.of("__name__", "limit", "job", job), 100, false);
        }
        for (int queue = 0; queue < 25; queue++) {
            gauge(Labels.of("__name__", "queue", "queue", "q" + queue, "shard", "s" + queue % 4), 5, false);
        }
        gauge(Labels.of("__name__", "alone"), 10, false);
    }

    private void gauge(Labels labels, double size, boolean withOddities) {
        Times times = new Times();
        double value = size * (random.nextDouble() - 0.3);
        while (times.next()) {
            value += random.nextInt(3) == 0 ? 0 : size * 0.1 * random.nextGaussian();
            double shown = Math.rint(value * 100) / 100;
            if (withOddities && random.nextInt(40) == 0) {
                double[] oddities = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0};
                shown = oddities[random.nextInt(oddities.length)];
                shown = Double.isNaN(shown) ? StalenessMarker.NORMAL_NAN : shown;
            }
            storage.add(labels, times.nowMs, times.ended ? StalenessMarker.VALUE : shown);
        }
    }

    private void histograms() {
        String[] bounds = {"0.1", "0.5", "1", "2.5", "5", "+Inf"};
        for (String job : new String[] {"api", "web"}) {
            for (int instance = 0; instance < 2; instance++) {
                double[] counts = new double[bounds.length];
                Times times = new Times();
                boolean flawed = random.nextInt(3) == 0;
                while (times.next()) {
                    int observations = random.nextInt(20);
                    for (int i = 0; i < observations; i++) {
                        int bucket = (int) Math.min(bounds.length - 1, Math.abs(random.nextGaussian() * 2.5));
                        for (int b = bucket; b < bounds.length; b++) {
                            counts[b]++;
                        }
                    }
                    for (int b = 0; b < bounds.length; b++) {
                        Labels labels = Labels.of(
                                "__name__", "latency_bucket", "job", job, "instance", "i" + instance, "le", bounds[b]);
                        double count = flawed && random.nextInt(50) == 0 ? counts[b] - 3 : counts[b];
                        storage.add(labels, times.nowMs, times.ended ? StalenessMarker.VALUE : count);
                    }
                }
            }
        }
    }

    private void infos() {
        for (String job : new String[] {"api", "web", "db"}) {
            for (int instance = 0; instance < 3; instance++) {
                String version = "v1";
                Times times = new Times();
                while (times.next()) {
                    Labels labels =
                            Labels.of("__name__", "build", "job", job, "instance", "i" + instance, "version", version);
                    storage.add(labels, times.nowMs, times.ended ? StalenessMarker.VALUE : 1);
                    if (random.nextInt(150) == 0) {
                        storage.add(labels, times.nowMs + 1, StalenessMarker.VALUE);
                        version = "v" + random.nextInt(4);
                    }
                }
                target(job, "i" + instance);
            }
        }
    }

    /** What {@code info} finds where it is not told of which metric. */
    private void target(String job, String instance) {
        Labels labels =
                Labels.of("__name__", "target_info", "job", job, "instance", instance, "zone", "z" + random.nextInt(2));
        Times times = new Times();
        while (times.next()) {
            storage.add(labels, times.nowMs, times.ended ? StalenessMarker.VALUE : 1);
        }
    }

    /** The scrapes of a target: nearly regular, with gaps and ends. */
    private final class Times {
        private final long intervalMs = new long[] {15_000, 15_000, 30_000, 60_000}[random.nextInt(4)];
        private final boolean exact = random.nextBoolean();
        private long dueMs = START_MS + random.nextInt(4) * (exact ? 15_000L : 3_777L);
        private long nowMs;
        private boolean ended;

        boolean next() {
            if (ended) {
                ended = false;
                dueMs += random.nextInt(20) * intervalMs;
            } else if (random.nextInt(60) == 0) {
                dueMs += random.nextInt(30) * intervalMs; // a gap without a marker
            } else if (random.nextInt(90) == 0) {
                ended = true;
            }
            nowMs = dueMs + (exact ? 0 : random.nextInt(200));
            dueMs += intervalMs;
            return nowMs <= END_MS;
        }
    }
}
