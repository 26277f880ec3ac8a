// SPDX-License-Identifier: Apache-2.0
/** The description of the HTTP API in the form of OpenAPI. */
@org.jspecify.annotations.NullMarked
package dev.narthex.server.openapi;
