// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;

/** Edits of objects that the cluster's own controllers write too. */
final class Conflicts {
    private Conflicts() {}

    /** Edits again where another version was written since the edit had read the object. */
    static void retried(Runnable edit) {
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsMatching(e -> e instanceof KubernetesClientException failure
                        && failure.getCode() == HttpURLConnection.HTTP_CONFLICT)
                .untilAsserted(edit::run);
    }
}
