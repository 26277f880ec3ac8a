// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds;

/** Regular expressions of field values, in the dialect that the API server and Java share. */
public final class FieldPatterns {
    /** A duration of Prometheus: {@code 1h30m}, {@code 500ms}, {@code 0}. */
    public static final String DURATION =
            "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$";

    /** A metric name that needs no quotes. */
    public static final String METRIC_NAME = "^[a-zA-Z_:][a-zA-Z0-9_:]*$";

    /** {@code host:port}; an IPv6 address in brackets. */
    public static final String ADDRESS = "^([^\\s/:@\\[\\]]+|\\[[0-9a-fA-F:.%a-z]+\\]):[0-9]{1,5}$";

    /** The name of a container port. */
    public static final String PORT_NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    /** RFC 1123 label: the name of a namespace. */
    public static final String DNS_LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    /** RFC 1123 subdomain: the name of most objects. */
    public static final String DNS_SUBDOMAIN = "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$";

    /** A URL of a web server. */
    public static final String HTTP_URL = "^https?://[^\\s/]+";

    /** A quantity of Kubernetes: {@code 50Gi}, {@code 500m}. */
    public static final String QUANTITY =
            "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?[0-9]+))?$";

    private FieldPatterns() {}
}
