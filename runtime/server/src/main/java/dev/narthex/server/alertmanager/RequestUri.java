// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import java.util.regex.Pattern;

/** Whether a text is a URL with a scheme, or an absolute path, by Go's rules for such. */
final class RequestUri {
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");
    private static final Pattern HOST = Pattern.compile(
            "(?:[A-Za-z0-9._:~!$&'()*+,;=%-]*@)?(?:\\[[0-9a-fA-F:.]+(?:%25[^\\]\\s]+)?]|[^\\s\"<>\\[\\]\\\\^`{|}%:]*)(?::\\d*)?");

    private RequestUri() {}

    static boolean isValid(String whole) {
        int fragment = whole.indexOf('#');
        String text = fragment < 0 ? whole : whole.substring(0, fragment);
        if (CONTROL.matcher(text).find()) {
            return false;
        }
        int colon = text.indexOf(':');
        boolean hasScheme =
                colon > 0 && SCHEME.matcher(text.substring(0, colon)).matches();
        String rest = hasScheme ? text.substring(colon + 1) : text;
        if (!rest.startsWith("/")) {
            return hasScheme || rest.equals("*");
        }
        int query = rest.indexOf('?');
        String path = query < 0 ? rest : rest.substring(0, query);
        if (hasScheme && path.startsWith("//")) {
            int end = path.indexOf('/', 2);
            String authority = path.substring(2, end < 0 ? path.length() : end);
            path = end < 0 ? "" : path.substring(end);
            if (!HOST.matcher(authority).matches()) {
                return false;
            }
        }
        return !BAD_ESCAPE.matcher(path).find();
    }
}
