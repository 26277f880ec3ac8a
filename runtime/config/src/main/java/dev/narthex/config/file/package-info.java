// SPDX-License-Identifier: Apache-2.0
/**
 * The files people have: prometheus.yml, rule files and alertmanager.yml, read into records and written from them. A
 * loader may be shared between threads.
 */
@NullMarked
package dev.narthex.config.file;

import org.jspecify.annotations.NullMarked;
