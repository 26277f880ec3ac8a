// SPDX-License-Identifier: Apache-2.0
/** Tests of the resources. */
@NullMarked
package dev.narthex.crds;

import org.jspecify.annotations.NullMarked;
