// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.architecture;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The modules that are shipped, each with the modules that it may use. Arrows go one way; see docs/architecture.md. */
enum Module {
    MODEL,
    MEMORY,
    WIRE,
    STORAGE,
    CONFIG,
    EXPOSITION,
    TSDB,
    PROMQL,
    HTTP,
    DISCOVERY,
    SCRAPE,
    TEMPLATE,
    RULES,
    ALERTING,
    REMOTE,
    CRDS,
    SERVER,
    OPERATOR;

    private Set<Module> arrows() {
        return switch (this) {
            case MODEL, MEMORY, WIRE -> Set.of();
            case STORAGE, CONFIG, TEMPLATE -> Set.of(MODEL);
            case EXPOSITION -> Set.of(MODEL, WIRE);
            case TSDB -> Set.of(STORAGE, MEMORY, WIRE);
            case PROMQL -> Set.of(STORAGE, MEMORY);
            case HTTP -> Set.of(CONFIG);
            case DISCOVERY -> Set.of(CONFIG, HTTP);
            case SCRAPE -> Set.of(EXPOSITION, DISCOVERY, STORAGE);
            case RULES -> Set.of(PROMQL, TEMPLATE, CONFIG);
            case ALERTING -> Set.of(CONFIG, MEMORY, TEMPLATE);
            case REMOTE -> Set.of(STORAGE, CONFIG, WIRE);
            case CRDS -> Set.of(CONFIG);
            case SERVER -> Set.of(TSDB, PROMQL, SCRAPE, RULES, ALERTING, REMOTE, CRDS);
            case OPERATOR -> Set.of(CRDS, PROMQL, TEMPLATE);
        };
    }

    /** The modules that this one may use: itself, those its arrows point to, and those that these may use. */
    Set<Module> reach() {
        Set<Module> reach = EnumSet.of(this);
        for (Module next : arrows()) {
            reach.addAll(next.reach());
        }
        return reach;
    }

    /** Its package with all below, as ArchUnit writes it. */
    String packages() {
        return "dev.narthex." + name().toLowerCase(Locale.ROOT) + "..";
    }
}
