// SPDX-License-Identifier: Apache-2.0
/**
 * The operator: resources in, workloads, configuration and status out. {@code desired} and {@code status} compute and
 * know no client, {@code reconcile} talks to the API server, {@code report} to the runtimes. CDI makes one object of
 * each; they are safe for use by many threads.
 */
@NullMarked
package dev.narthex.operator;

import org.jspecify.annotations.NullMarked;
