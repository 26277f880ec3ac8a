// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.leak;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** What a thread has allocated, for tests that say that something costs no memory. */
public final class ThreadAllocation {
    private ThreadAllocation() {}

    /**
     * The bytes that this thread has allocated so far. Asking costs some itself, the first time most.
     *
     * @throws JMException where the JVM does not count them
     */
    public static long bytes() throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Object bytes = server.invoke(
                new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                "getThreadAllocatedBytes",
                new Object[] {Thread.currentThread().threadId()},
                new String[] {"long"});
        return (Long) bytes;
    }
}
