// SPDX-License-Identifier: Apache-2.0
/**
 * The mechanisms that this version has, in one list. Safe for use by many threads.
 */
@NullMarked
package dev.narthex.discovery.standard;

import org.jspecify.annotations.NullMarked;
