// SPDX-License-Identifier: Apache-2.0
/**
 * Configuration in sections, one a resource: the form in which the operator hands it to the runtime and in which the
 * stand-alone mode keeps it. A bad section never disturbs another one. Values may be shared between threads.
 */
@NullMarked
package dev.narthex.config.section;

import org.jspecify.annotations.NullMarked;
