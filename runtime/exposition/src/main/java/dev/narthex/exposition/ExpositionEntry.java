// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

/** What a parser of an exposition has come to. */
public enum ExpositionEntry {
    /** A sample: series, value, perhaps a timestamp. */
    SERIES,
    /** The type of a metric family. */
    TYPE,
    /** The help text of a metric family. */
    HELP,
    /** The unit of a metric family. */
    UNIT,
    /** The end of the exposition. */
    END
}
