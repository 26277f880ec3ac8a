// SPDX-License-Identifier: Apache-2.0
/**
 * The stand-alone mode: a folder of the four resources in place of a cluster. The folder is read by one thread at a
 * time.
 */
@NullMarked
package dev.narthex.server.manifests;

import org.jspecify.annotations.NullMarked;
