// SPDX-License-Identifier: Apache-2.0
/** Targets that are written down in the configuration. Safe for use by many threads. */
@NullMarked
package dev.narthex.discovery.fixed;

import org.jspecify.annotations.NullMarked;
