// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.receiver;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whose alerts a receiver sees. */
public enum ReceiverScope {
    @JsonProperty("Namespace")
    NAMESPACE,
    @JsonProperty("Cluster")
    CLUSTER
}
