// SPDX-License-Identifier: Apache-2.0
/** The resource StorageVolume. Beans: one thread at a time. */
@NullMarked
package dev.narthex.crds.storagevolume;

import org.jspecify.annotations.NullMarked;
