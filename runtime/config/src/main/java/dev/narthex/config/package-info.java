// SPDX-License-Identifier: Apache-2.0
/**
 * Configuration files as immutable records, with positions in every error. Values may be shared
 * between threads.
 */
@NullMarked
package dev.narthex.config;

import org.jspecify.annotations.NullMarked;
