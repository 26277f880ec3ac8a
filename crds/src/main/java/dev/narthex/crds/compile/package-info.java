// SPDX-License-Identifier: Apache-2.0
/**
 * The meaning of the resources as configuration: a pure function from resources to sections, the same for the operator
 * and for the stand-alone mode. Everything is immutable or confined to one call; {@link
 * dev.narthex.crds.compile.ConfigurationCompiler} may be used by many threads.
 */
@NullMarked
package dev.narthex.crds.compile;

import org.jspecify.annotations.NullMarked;
