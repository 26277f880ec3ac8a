// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/**
 * {@code basic_auth}: user and password, each given or read from a file at every request. Empty where not given.
 */
public record BasicAuthConfig(String username, String usernameFile, Secret password, String passwordFile) {}
