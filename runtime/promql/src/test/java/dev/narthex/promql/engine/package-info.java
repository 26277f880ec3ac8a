// SPDX-License-Identifier: Apache-2.0
/** Tests of the parts of the engine. */
@NullMarked
package dev.narthex.promql.engine;

import org.jspecify.annotations.NullMarked;
