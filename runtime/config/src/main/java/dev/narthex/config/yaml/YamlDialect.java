// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

/** Prometheus reads its configuration and rule files by two libraries, which differ in a few things. */
enum YamlDialect {
    /** The words yes, no, on, off, y and n are booleans; a key that is null has to be known like any other. */
    CONFIGURATION,
    /** A key that is null is passed over; a mapping goes before what it merges. */
    RULES
}
