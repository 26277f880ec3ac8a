// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.MetricType;

/** Writes families of one series without labels. For one thread. */
final class Families {
    private final ExpositionWriter out;

    Families(ExpositionWriter out) {
        this.out = out;
    }

    Families counter(String name, String help, double value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
        return this;
    }

    Families gauge(String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
        return this;
    }
}
