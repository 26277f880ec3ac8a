// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** The password that may stand in a URL, which is not for people to see. */
public final class UrlPassword {
    private UrlPassword() {}

    /** The URL with its password hidden, as configurations are shown (Go documentation, {@code URL.Redacted}). */
    public static String hidden(String url) {
        return hidden(url, "xxxxx");
    }

    /** The URL with its password hidden, as errors of Go's HTTP client show it. */
    public static String inErrors(String url) {
        return hidden(url, "***");
    }

    private static String hidden(String url, String mask) {
        int start = url.indexOf("//");
        if (start < 0) {
            return url;
        }
        start += 2;
        int end = start;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        int at = url.lastIndexOf('@', end - 1);
        int colon = url.indexOf(':', start);
        return at < start || colon < 0 || colon > at ? url : url.substring(0, colon + 1) + mask + url.substring(at);
    }
}
