// SPDX-License-Identifier: Apache-2.0
/** Targets that an HTTP server names. Safe for use by many threads. */
@NullMarked
package dev.narthex.discovery.http;

import org.jspecify.annotations.NullMarked;
