// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

/** Something samples can be written to. Safe for use by many threads. */
@FunctionalInterface
public interface Appendable {
    /** Begins a transaction: one scrape, one evaluation of a rule, one remote write request. */
    Appender appender();
}
