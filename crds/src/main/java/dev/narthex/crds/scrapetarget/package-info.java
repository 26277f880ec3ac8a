// SPDX-License-Identifier: Apache-2.0
/** The resource ScrapeTarget. Beans: one thread at a time. */
@NullMarked
package dev.narthex.crds.scrapetarget;

import org.jspecify.annotations.NullMarked;
