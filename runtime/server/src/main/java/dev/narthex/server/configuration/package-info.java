// SPDX-License-Identifier: Apache-2.0
/**
 * Where the configuration comes from, and how a changed one reaches the rooms that run it. Changes are applied one
 * after the other; what runs may be asked for by many threads.
 */
@NullMarked
package dev.narthex.server.configuration;

import org.jspecify.annotations.NullMarked;
