// SPDX-License-Identifier: Apache-2.0
/**
 * Manifests in files: the stand-alone mode reads the resources without an API server and holds them to the same schema.
 * Everything is immutable or confined to one call, but for the resources themselves.
 */
@NullMarked
package dev.narthex.crds.manifest;

import org.jspecify.annotations.NullMarked;
