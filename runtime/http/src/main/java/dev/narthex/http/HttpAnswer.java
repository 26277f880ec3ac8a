// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

/**
 * The head of an answer.
 *
 * @param status the HTTP status code
 * @param statusText code and reason as the other end says them; empty for 200, and where it says none
 * @param contentType the header field of that name, empty where there is none
 * @param contentEncoding the header field of that name, empty where there is none
 */
public record HttpAnswer(int status, String statusText, String contentType, String contentEncoding) {
    /** An answer without a reason. */
    public HttpAnswer(int status, String contentType, String contentEncoding) {
        this(status, "", contentType, contentEncoding);
    }

    static HttpAnswer of(ResponseHead head) {
        return new HttpAnswer(head.status, head.reason, head.contentType, head.contentEncoding);
    }
}
