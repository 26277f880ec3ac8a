// SPDX-License-Identifier: Apache-2.0
/** Targets that the domain name system names. Safe for use by many threads. */
@NullMarked
package dev.narthex.discovery.dns;

import org.jspecify.annotations.NullMarked;
