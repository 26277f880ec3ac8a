// SPDX-License-Identifier: Apache-2.0
/** Tests of the compilation. */
@NullMarked
package dev.narthex.crds.compile;

import org.jspecify.annotations.NullMarked;
