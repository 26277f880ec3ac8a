// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.leak;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.testkit.files.FaultyFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Compares what is held before a test and after it, and fails where more is held: accounted memory by tag, files of a
 * {@link FaultyFiles}, files that the process has open or mapped (on Linux), and threads. Register it as a JUnit
 * extension or use it as a resource:
 *
 * <pre>{@code
 * @RegisterExtension
 * final LeakCheck leaks = new LeakCheck().memory(account).files(files);
 * }</pre>
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback, AutoCloseable {
    /** How long a thread that was told to end may take. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    private final Map<String, Supplier<Map<String, Long>>> accounts = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> accountsBefore = new LinkedHashMap<>();
    private Set<Thread> threadsBefore = Set.of();
    private Set<String> filesBefore = Set.of();

    public LeakCheck() {
        begin();
    }

    /** Also compares amounts by tag, for example the bytes of a memory ledger. */
    public LeakCheck accounts(String name, Supplier<Map<String, Long>> amounts) {
        accounts.put(name, amounts);
        accountsBefore.put(name, Map.copyOf(amounts.get()));
        return this;
    }

    /** Also compares the bytes that a memory account holds, by tag. */
    public LeakCheck memory(MemoryAccount account) {
        return accounts("memory", account::bytesPerTag);
    }

    /** Also fails where a file of this file system is left open. */
    public LeakCheck files(FaultyFiles files) {
        return accounts("open files", () -> counts(files.openFiles()));
    }

    private static Map<String, Long> counts(Collection<Path> paths) {
        Map<String, Long> counts = new TreeMap<>();
        paths.forEach(path -> counts.merge(path.toString(), 1L, Long::sum));
        return counts;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    private void begin() {
        threadsBefore = liveThreads();
        filesBefore = processFiles();
        accounts.forEach((name, amounts) -> accountsBefore.put(name, Map.copyOf(amounts.get())));
    }

    /** Compares; everything that is left is named in one error. */
    @Override
    public void close() {
        List<String> leaks = new ArrayList<>();
        // Threads first: while one still ends, it may still hold memory and files.
        addThreads(leaks);
        accounts.forEach((name, amounts) -> addAccounts(leaks, name, amounts.get()));
        Set<String> files = processFiles();
        files.removeAll(filesBefore);
        files.forEach(file -> leaks.add("open file: " + file));
        if (!leaks.isEmpty()) {
            throw new AssertionError("left behind:\n  " + String.join("\n  ", leaks));
        }
    }

    private void addThreads(List<String> leaks) {
        for (Thread thread : liveThreads()) {
            if (!threadsBefore.contains(thread) && !ended(thread)) {
                leaks.add("thread: " + thread.getName() + " in " + List.of(thread.getStackTrace()));
            }
        }
    }

    private static boolean ended(Thread thread) {
        try {
            return thread.join(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void addAccounts(List<String> leaks, String name, Map<String, Long> after) {
        Map<String, Long> before = accountsBefore.getOrDefault(name, Map.of());
        new TreeMap<>(after).forEach((tag, amount) -> {
            long former = before.getOrDefault(tag, 0L);
            if (amount != former) {
                leaks.add(name + ": " + tag + " had " + former + ", has " + amount);
            }
        });
    }

    /** Platform threads that a test can have started; those of the JDK and of the test runner come and go. */
    private static Set<Thread> liveThreads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> thread == Thread.currentThread() || isOfTheMachine(thread.getName()));
        return threads;
    }

    private static boolean isOfTheMachine(String name) {
        return name.startsWith("ForkJoinPool")
                || name.startsWith("VirtualThread-")
                || name.startsWith("junit-")
                || name.startsWith("surefire-")
                || name.startsWith("Common-Cleaner")
                || name.startsWith("process reaper")
                || name.startsWith("Attach Listener")
                || name.startsWith("JNA Cleaner");
    }

    /** Regular files that this process has open or mapped, but for those of the class path and the JDK. */
    private static Set<String> processFiles() {
        Set<String> files = new TreeSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                addDescriptor(files, descriptor);
            }
            for (String line : Files.readAllLines(MAPPINGS)) {
                int path = line.indexOf('/');
                if (path >= 0) {
                    addFile(files, line.substring(path));
                }
            }
        } catch (NotDirectoryException | NoSuchFileException e) {
            return files; // not a Linux: open files are not compared
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the open files of this process", e);
        }
        return files;
    }

    private static void addDescriptor(Set<String> files, Path descriptor) {
        try {
            Path target = Files.readSymbolicLink(descriptor);
            if (target.isAbsolute() && Files.isRegularFile(target)) {
                addFile(files, target.toString());
            }
        } catch (IOException e) {
            // Closed between listing and reading: the descriptor of the listing itself, for one.
        }
    }

    private static void addFile(Set<String> files, String path) {
        boolean ofTheMachine = path.endsWith(".jar")
                || path.endsWith(".so")
                || path.contains(".so.")
                || path.endsWith("/modules")
                || path.endsWith(".jsa")
                || path.endsWith(".class")
                || path.startsWith("/proc/")
                || path.startsWith("/dev/")
                || path.startsWith("/sys/")
                || path.startsWith("/usr/lib/")
                || path.contains("hsperfdata");
        if (!ofTheMachine) {
            files.add(path);
        }
    }
}
