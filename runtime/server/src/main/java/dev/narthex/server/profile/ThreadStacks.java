// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.profile;

import dev.narthex.server.profile.ProfileBuilder.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The stacks of the platform threads at one moment. Virtual threads are not among them: what they run shows as the
 * work of their carriers.
 */
final class ThreadStacks {
    private ThreadStacks() {}

    /** The frames of a thread, the innermost first, the thread's name as the outermost. */
    static List<Frame> stack(Thread thread, StackTraceElement[] trace) {
        List<Frame> stack = new ArrayList<>(trace.length + 1);
        for (StackTraceElement element : trace) {
            stack.add(Frame.of(element));
        }
        stack.add(new Frame("thread " + group(thread.getName()), "", 0));
        return stack;
    }

    /** The name without the number that tells threads of one kind apart. */
    private static String group(String name) {
        int end = name.length();
        while (end > 0 && (Character.isDigit(name.charAt(end - 1)) || "-/ #".indexOf(name.charAt(end - 1)) >= 0)) {
            end--;
        }
        return end == 0 ? name : name.substring(0, end);
    }

    /** All stacks as text, as a thread dump has them. */
    static String dump() {
        Map<String, String> byName = new TreeMap<>();
        Thread.getAllStackTraces().forEach((thread, trace) -> {
            StringBuilder text = new StringBuilder();
            text.append('"').append(thread.getName()).append("\" #").append(thread.threadId());
            text.append(thread.isDaemon() ? " daemon " : " ")
                    .append(thread.getState())
                    .append('\n');
            for (StackTraceElement element : trace) {
                text.append("\tat ").append(element).append('\n');
            }
            byName.put(
                    thread.getName() + " " + thread.threadId(),
                    text.append('\n').toString());
        });
        return String.join("", byName.values());
    }
}
