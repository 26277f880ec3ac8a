// SPDX-License-Identifier: Apache-2.0
/**
 * Who may ask, and how: the file of {@code --web.config.file} (TLS, basic authentication, headers, rate limit), read anew
 * when it changes.
 */
@NullMarked
package dev.narthex.server.web;

import org.jspecify.annotations.NullMarked;
