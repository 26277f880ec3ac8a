// SPDX-License-Identifier: Apache-2.0
/**
 * The four resources and their compilation to configuration: a pure function without a client.
 */
@NullMarked
package dev.narthex.crds;

import org.jspecify.annotations.NullMarked;
