// SPDX-License-Identifier: Apache-2.0
/**
 * The list of all discovery mechanisms, kept apart so that the mechanisms know the interface and not each other. Safe
 * for use by many threads.
 */
@NullMarked
package dev.narthex.discovery.standard;

import org.jspecify.annotations.NullMarked;
