// SPDX-License-Identifier: Apache-2.0
/** Tests of the manifests. */
@NullMarked
package dev.narthex.crds.manifest;

import org.jspecify.annotations.NullMarked;
