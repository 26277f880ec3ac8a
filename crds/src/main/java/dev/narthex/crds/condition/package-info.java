// SPDX-License-Identifier: Apache-2.0
/** What holds for a resource: the conditions in its status. Beans: one thread at a time. */
@NullMarked
package dev.narthex.crds.condition;

import org.jspecify.annotations.NullMarked;
