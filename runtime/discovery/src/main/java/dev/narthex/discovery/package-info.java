// SPDX-License-Identifier: Apache-2.0
/**
 * Finds targets: one package a mechanism, target groups out. Each mechanism owns its threads.
 */
@NullMarked
package dev.narthex.discovery;

import org.jspecify.annotations.NullMarked;
