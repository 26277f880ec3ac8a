// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.MetricType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the process that every Prometheus client has: {@code process_*}, read from {@code /proc} as procfs(5)
 * describes it. What the system does not tell is left out. Safe for use by many threads.
 */
public final class ProcessMetrics implements MetricSource {
    /** The unit of times in {@code /proc/self/stat}; Linux gives user space this figure on every architecture. */
    private static final double TICKS_PER_SECOND = 100;

    private static final String OPEN_FILES = "Max open files";
    private static final String ADDRESS_SPACE = "Max address space";

    /** What Linux' own interface gives for no limit: the greatest unsigned number of 64 bits. */
    private static final double UNLIMITED = 0x1p64;

    private final Path self;
    private final Instant startTime;

    /**
     * Makes a source.
     *
     * @param self the process' directory, {@code /proc/self}
     * @param startTime when the process started
     */
    public ProcessMetrics(Path self, Instant startTime) {
        this.self = self;
        this.startTime = startTime;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        gauge(
                out,
                "process_start_time_seconds",
                "Start time of the process since unix epoch in seconds.",
                startTime.toEpochMilli() / 1000.0);
        String[] stat = stat();
        if (stat != null) {
            double cpuSeconds = (Long.parseLong(stat[11]) + Long.parseLong(stat[12])) / TICKS_PER_SECOND;
            String cpu = "process_cpu_seconds_total";
            out.family(cpu, MetricType.COUNTER, "Total user and system CPU time spent in seconds.")
                    .sample(cpu, cpuSeconds);
        } else {
            ProcessHandle.current().info().totalCpuDuration().ifPresent(cpu -> cpu(out, cpu));
        }
        memory(out);
        openFiles(out);
        network(out);
    }

    /** What went through the network namespace of the process: two lines of names and values each, as in netstat(8). */
    private void network(ExpositionWriter out) {
        List<String> lines = lines("net/netstat");
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            if (lines.get(i).startsWith("IpExt:")) {
                List<String> names = List.of(lines.get(i).split(" ", -1));
                List<String> values = List.of(lines.get(i + 1).split(" ", -1));
                counter(
                        out,
                        "process_network_receive_bytes_total",
                        "Number of bytes received by the process over the network.",
                        names.indexOf("InOctets"),
                        values);
                counter(
                        out,
                        "process_network_transmit_bytes_total",
                        "Number of bytes sent by the process over the network.",
                        names.indexOf("OutOctets"),
                        values);
            }
        }
    }

    private static void counter(ExpositionWriter out, String name, String help, int at, List<String> values) {
        if (at > 0 && at < values.size()) {
            out.family(name, MetricType.COUNTER, help).sample(name, (double) Long.parseUnsignedLong(values.get(at)));
        }
    }

    private void memory(ExpositionWriter out) {
        for (String line : lines("status")) {
            if (line.startsWith("VmSize:")) {
                gauge(out, "process_virtual_memory_bytes", "Virtual memory size in bytes.", kibibytes(line));
            } else if (line.startsWith("VmRSS:")) {
                gauge(out, "process_resident_memory_bytes", "Resident memory size in bytes.", kibibytes(line));
            }
        }
    }

    /** The bytes of a line like {@code VmRSS:     1234 kB}. */
    private static double kibibytes(String line) {
        String amount = line.substring(line.indexOf(':') + 1).replace("kB", "").strip();
        return 1024.0 * Long.parseLong(amount);
    }

    private static void cpu(ExpositionWriter out, Duration cpu) {
        String name = "process_cpu_seconds_total";
        out.family(name, MetricType.COUNTER, "Total user and system CPU time spent in seconds.")
                .sample(name, cpu.toNanos() / 1e9);
    }

    private void openFiles(ExpositionWriter out) {
        try (Stream<Path> open = Files.list(self.resolve("fd"))) {
            gauge(out, "process_open_fds", "Number of open file descriptors.", (double) open.count());
        } catch (IOException _) {
            // Not Linux: left out.
        }
        for (String line : lines("limits")) {
            if (line.startsWith(OPEN_FILES)) {
                String soft = line.substring(OPEN_FILES.length()).strip().split(" ", 2)[0];
                double limit = soft.equals("unlimited") ? Double.POSITIVE_INFINITY : Long.parseLong(soft);
                gauge(out, "process_max_fds", "Maximum number of open file descriptors.", limit);
            } else if (line.startsWith(ADDRESS_SPACE)) {
                String soft = line.substring(ADDRESS_SPACE.length()).strip().split(" ", 2)[0];
                double limit = soft.equals("unlimited") ? UNLIMITED : Double.parseDouble(soft);
                gauge(
                        out,
                        "process_virtual_memory_max_bytes",
                        "Maximum amount of virtual memory available in bytes.",
                        limit);
            }
        }
    }

    /** The lines of one of the process' files; none where the system has no such file. */
    private List<String> lines(String file) {
        try {
            return Files.readAllLines(self.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return List.of();
        }
    }

    /** The fields of the process' state from the third on: the second, a name in parentheses, may hold anything. */
    private String @Nullable [] stat() {
        try {
            String text = Files.readString(self.resolve("stat"), StandardCharsets.UTF_8);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            return fields.length > 12 ? fields : null;
        } catch (IOException _) {
            return null;
        }
    }

    private static void gauge(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }
}
