// SPDX-License-Identifier: Apache-2.0
/**
 * Byte formats that several rooms speak: Snappy blocks (log, remote read and write) and protobuf messages (exposition,
 * remote read and write). On byte arrays, without objects a field. Readers and writers are for one thread.
 */
@NullMarked
package dev.narthex.wire;

import org.jspecify.annotations.NullMarked;
