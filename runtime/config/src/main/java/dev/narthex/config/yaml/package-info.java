// SPDX-License-Identifier: Apache-2.0
/**
 * YAML as a tree that knows its places: every value carries line and column, so that an error can point at it. Nothing
 * is mapped by reflection; readers ask for what they expect and report what is left over. For use by one thread.
 */
@NullMarked
package dev.narthex.config.yaml;

import org.jspecify.annotations.NullMarked;
