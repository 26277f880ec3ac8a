// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.syntax.AggregateOp;

/** Takes the series of a group one by one, and makes one series of them. */
abstract class GroupAccumulator {
    private boolean nameDropped;

    private static final int FIXED_BYTES = 256;
    private static final int MEAN_BYTES = 56;

    /** How many bytes one takes while there are no native histograms. */
    static long bytes(AggregateOp op, int steps) {
        int perStep = switch (op) {
            case COUNT -> Integer.BYTES;
            case AVG -> MEAN_BYTES;
            case STDDEV, STDVAR -> 2 * Double.BYTES + Integer.BYTES;
            default -> 2 * Double.BYTES;
        };
        return FIXED_BYTES + (long) steps * perStep;
    }

    /**
     * One for an aggregation.
     *
     * @param annotator for what there is to say about native histograms
     * @param memory where these count
     */
    static GroupAccumulator of(
            AggregateOp op, int steps, AnnotationCollector.Annotator annotator, QueryMemory.Share memory) {
        return switch (op) {
            case SUM -> new HistogramGroup(new Sum(steps), steps, false, annotator, memory);
            case AVG -> new HistogramGroup(new Average(steps), steps, true, annotator, memory);
            case COUNT -> new Count(steps);
            case GROUP -> new Presences(steps);
            case MIN -> new Extreme(steps, -1);
            case MAX -> new Extreme(steps, 1);
            case STDDEV -> new Variance(steps, true);
            case STDVAR -> new Variance(steps, false);
            case TOPK, BOTTOMK, COUNT_VALUES, QUANTILE, LIMITK, LIMIT_RATIO ->
                throw new IllegalArgumentException("aggregation " + op.text() + " does not make one series a group");
        };
    }

    final void add(Column column) {
        nameDropped |= column.isNameDropped();
        accumulate(column);
    }

    /** Takes a series; overridden where native histograms are not as good as floats. */
    void accumulate(Column column) {
        accumulate(column.values(), column.present());
    }

    abstract void accumulate(double[] values, long[] present);

    /** Writes the result into a column without values. */
    final void finish(Column into) {
        into.setNameDropped(nameDropped);
        result(into);
    }

    void result(Column into) {
        result(into.values(), into.present());
    }

    abstract void result(double[] values, long[] present);

    private static final class Sum extends GroupAccumulator {
        private final double[] sums;
        private final double[] lost;
        private final long[] seen;

        Sum(int steps) {
            sums = new double[steps];
            lost = new double[steps];
            seen = new long[Presence.words(steps)];
        }

        @Override
        void accumulate(double[] values, long[] present) {
            for (int word = 0; word < present.length; word++) {
                seen[word] |= present[word];
                if (present[word] == -1L) {
                    int end = (word + 1) * Long.SIZE;
                    for (int step = word * Long.SIZE; step < end; step++) {
                        add(step, values[step]);
                    }
                } else {
                    for (long bits = present[word]; bits != 0; bits &= bits - 1) {
                        int step = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                        add(step, values[step]);
                    }
                }
            }
        }

        private void add(int step, double value) {
            double next = sums[step] + value;
            lost[step] = CompensatedSum.compensation(sums[step], value, next, lost[step]);
            sums[step] = next;
        }

        @Override
        void result(double[] values, long[] present) {
            for (int step = 0; step < values.length; step++) {
                values[step] = sums[step] + lost[step];
            }
            System.arraycopy(seen, 0, present, 0, present.length);
        }
    }

    private static final class Average extends GroupAccumulator {
        private final MeanAccumulator[] means;

        Average(int steps) {
            means = new MeanAccumulator[steps];
        }

        @Override
        void accumulate(double[] values, long[] present) {
            for (int step = Presence.next(present, 0); step >= 0; step = Presence.next(present, step + 1)) {
                MeanAccumulator mean = means[step];
                if (mean == null) {
                    mean = new MeanAccumulator();
                    means[step] = mean;
                }
                mean.add(values[step]);
            }
        }

        @Override
        void result(double[] values, long[] present) {
            for (int step = 0; step < means.length; step++) {
                if (means[step] != null) {
                    values[step] = means[step].value();
                    Presence.add(present, step);
                }
            }
        }
    }

    private static final class Count extends GroupAccumulator {
        private final int[] counts;

        Count(int steps) {
            counts = new int[steps];
        }

        @Override
        void accumulate(double[] values, long[] present) {
            for (int word = 0; word < present.length; word++) {
                for (long bits = present[word]; bits != 0; bits &= bits - 1) {
                    counts[word * Long.SIZE + Long.numberOfTrailingZeros(bits)]++;
                }
            }
        }

        @Override
        void result(double[] values, long[] present) {
            for (int step = 0; step < counts.length; step++) {
                if (counts[step] > 0) {
                    values[step] = counts[step];
                    Presence.add(present, step);
                }
            }
        }
    }

    private static final class Presences extends GroupAccumulator {
        private final long[] seen;

        Presences(int steps) {
            seen = new long[Presence.words(steps)];
        }

        @Override
        void accumulate(double[] values, long[] present) {
            Presence.union(seen, present);
        }

        @Override
        void result(double[] values, long[] present) {
            java.util.Arrays.fill(values, 1);
            System.arraycopy(seen, 0, present, 0, present.length);
        }
    }

    /** The least or the greatest; not-a-numbers only where there is nothing else. */
    private static final class Extreme extends GroupAccumulator {
        private final double[] extremes;
        private final long[] seen;
        private final int sign;

        /** @param sign 1 for the greatest, -1 for the least */
        Extreme(int steps, int sign) {
            this.extremes = new double[steps];
            this.seen = new long[Presence.words(steps)];
            this.sign = sign;
        }

        @Override
        void accumulate(double[] values, long[] present) {
            for (int word = 0; word < present.length; word++) {
                long before = seen[word];
                for (long bits = present[word]; bits != 0; bits &= bits - 1) {
                    int bit = Long.numberOfTrailingZeros(bits);
                    int step = word * Long.SIZE + bit;
                    double extreme = extremes[step];
                    if ((before >>> bit & 1) == 0 || values[step] * sign > extreme * sign || Double.isNaN(extreme)) {
                        extremes[step] = values[step];
                    }
                }
                seen[word] = before | present[word];
            }
        }

        @Override
        void result(double[] values, long[] present) {
            System.arraycopy(extremes, 0, values, 0, values.length);
            System.arraycopy(seen, 0, present, 0, present.length);
        }
    }

    /**
     * The population variance by Welford's method, without compensation of what rounding loses, as in Prometheus: of large
     * numbers the digits are the same ones.
     */
    private static final class Variance extends GroupAccumulator {
        private final double[] means;
        private final double[] squares;
        private final int[] counts;
        private final boolean deviation;

        Variance(int steps, boolean deviation) {
            this.means = new double[steps];
            this.squares = new double[steps];
            this.counts = new int[steps];
            this.deviation = deviation;
        }

        @Override
        void accumulate(double[] values, long[] present) {
            for (int step = Presence.next(present, 0); step >= 0; step = Presence.next(present, step + 1)) {
                double value = values[step];
                double difference = value - means[step];
                means[step] += difference / ++counts[step];
                squares[step] += difference * (value - means[step]);
            }
        }

        @Override
        void result(double[] values, long[] present) {
            for (int step = 0; step < counts.length; step++) {
                if (counts[step] > 0) {
                    double variance = squares[step] / counts[step];
                    values[step] = deviation ? Math.sqrt(variance) : variance;
                    Presence.add(present, step);
                }
            }
        }
    }
}
