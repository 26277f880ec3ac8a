// SPDX-License-Identifier: Apache-2.0
/**
 * Finds targets: a {@link dev.narthex.discovery.Discoverer} a mechanism, each in a package of its own, and the
 * {@link dev.narthex.discovery.DiscoveryManager} that runs those a configuration names. All types are safe for use by
 * many threads.
 */
@NullMarked
package dev.narthex.discovery;

import org.jspecify.annotations.NullMarked;
