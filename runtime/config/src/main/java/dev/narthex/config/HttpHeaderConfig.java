// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.List;

/** A header that requests carry: each value, each secret and the content of each file, in this order. */
public record HttpHeaderConfig(List<String> values, List<Secret> secrets, List<String> files) {
    public HttpHeaderConfig {
        values = List.copyOf(values);
        secrets = List.copyOf(secrets);
        files = List.copyOf(files);
    }
}
