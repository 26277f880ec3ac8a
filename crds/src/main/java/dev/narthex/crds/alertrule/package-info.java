// SPDX-License-Identifier: Apache-2.0
/** The resource AlertRule. Beans: one thread at a time. */
@NullMarked
package dev.narthex.crds.alertrule;

import org.jspecify.annotations.NullMarked;
