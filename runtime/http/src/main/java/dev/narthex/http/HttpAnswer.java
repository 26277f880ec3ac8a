// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

/**
 * The head of an answer.
 *
 * @param status the HTTP status code
 * @param contentType the header field of that name, empty where there is none
 * @param contentEncoding the header field of that name, empty where there is none
 */
public record HttpAnswer(int status, String contentType, String contentEncoding) {}
