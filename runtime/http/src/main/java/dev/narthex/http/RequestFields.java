// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.util.List;
import java.util.Map;

/**
 * A request on its way, in the form of whatever version of HTTP its connection speaks.
 *
 * @param further fields beside those of the call
 */
record RequestFields(HttpCall call, Route route, Map<String, List<String>> further) {
    byte[] ofHttp1() {
        return RequestBytes.of(call, route, further);
    }

    List<HeaderFields.Field> ofHttp2() {
        return RequestBytes.ofHttp2(call, further);
    }
}
