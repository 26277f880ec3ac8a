// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds;

/** Where the four resources live in the Kubernetes API. */
public final class ResourceApi {
    public static final String GROUP = "monitoring.narthex.dev";
    public static final String VERSION = "v1alpha1";
    public static final String API_VERSION = GROUP + "/" + VERSION;

    /** {@code kubectl get narthex} lists resources of all four kinds. */
    public static final String CATEGORY = "narthex";

    /** The path of the column that says whether a resource is ready. */
    public static final String READY_PATH = ".status.conditions[?(@.type==\"Ready\")].status";

    /** The path of the age column. */
    public static final String AGE_PATH = ".metadata.creationTimestamp";

    private ResourceApi() {}
}
