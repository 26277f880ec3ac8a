// SPDX-License-Identifier: Apache-2.0
/**
 * What is learned from a Kubernetes API server: pods to scrape, and Secrets that hold the runtime's configuration. The
 * only package below the server that knows the Kubernetes client. All types are safe for use by many threads; the client
 * owns the threads that watch.
 */
@NullMarked
package dev.narthex.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
