// SPDX-License-Identifier: Apache-2.0
/**
 * The page at {@code /}: the state of everything at a glance, in one HTML document without anything from elsewhere. Safe
 * for use by many threads.
 */
@NullMarked
package dev.narthex.server.page;

import org.jspecify.annotations.NullMarked;
