// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.Secret;
import dev.narthex.config.UrlPassword;
import java.util.List;

/**
 * How records become trees.
 *
 * @param effective whether the tree shows what holds, defaults included, as Prometheus reports it; otherwise it says
 *     as little as reads back the same
 * @param showSecrets whether secrets are written as they are
 */
record TreeForm(boolean effective, boolean showSecrets) {
    Fields fields() {
        return new Fields(effective);
    }

    /** A secret, hidden where it has to be; empty stays empty. */
    String secret(Secret secret) {
        return showSecrets || secret.isEmpty() ? secret.value() : Secret.SHOWN;
    }

    List<String> secrets(List<Secret> secrets) {
        return secrets.stream()
                .map(secret -> showSecrets ? secret.value() : Secret.SHOWN)
                .toList();
    }

    /** A URL, its password hidden where it has to be. */
    String url(String url) {
        return showSecrets ? url : UrlPassword.hidden(url);
    }
}
