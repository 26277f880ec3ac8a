// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/**
 * {@code authorization}: what the header of that name carries. The deprecated {@code bearer_token} ends here too.
 *
 * @param type the scheme, such as {@code Bearer}
 * @param credentials empty where they are in a file
 * @param credentialsFile read at every request; empty where there is none
 */
public record AuthorizationConfig(String type, Secret credentials, String credentialsFile) {
    public static final String DEFAULT_TYPE = "Bearer";
}
