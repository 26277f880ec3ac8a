// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.profile;

import dev.narthex.model.time.Scheduler;
import dev.narthex.server.http.Compression;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.http.Route;
import dev.narthex.server.profile.ProfileBuilder.Frame;
import dev.narthex.server.profile.ProfileBuilder.ValueType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * {@code /debug/pprof/*}: what {@code promtool debug} and {@code go tool pprof} ask a Prometheus for, as far as a Java
 * program can tell it. Safe for use by many threads.
 */
public final class PprofApi {
    private static final String BINARY = "application/octet-stream";
    private static final Duration PERIOD = Duration.ofMillis(20);
    private static final int DEFAULT_SECONDS = 30;
    private static final int MAX_SECONDS = 300;
    private static final ValueType COUNT = new ValueType("samples", "count");
    private static final ValueType RUNNABLE = new ValueType("runnable", "nanoseconds");
    private static final ValueType THREADS = new ValueType("threads", "count");

    private final Scheduler scheduler;
    private final Supplier<Map<String, Long>> memoryBytes;

    /** @param memoryBytes bytes of the storage's memory by purpose */
    public PprofApi(Scheduler scheduler, Supplier<Map<String, Long>> memoryBytes) {
        this.scheduler = scheduler;
        this.memoryBytes = memoryBytes;
    }

    public List<Route> routes() {
        return List.of(
                plain(Route.getOrPost("/debug/pprof/", _ -> index())),
                plain(Route.getOrPost("/debug/pprof/profile", this::profile)),
                plain(Route.getOrPost("/debug/pprof/heap", this::heap)),
                plain(Route.getOrPost("/debug/pprof/goroutine", this::threads)),
                plain(Route.getOrPost("/debug/pprof/threadcreate", this::threads)),
                plain(Route.getOrPost("/debug/pprof/block", _ -> blocked("block"))),
                plain(Route.getOrPost("/debug/pprof/mutex", _ -> blocked("mutex"))),
                plain(Route.getOrPost("/debug/pprof/trace", this::trace)),
                plain(Route.getOrPost("/debug/pprof/cmdline", _ -> commandLine())),
                plain(Route.getOrPost("/debug/pprof/symbol", _ -> text(200, "num_symbols: 0\n"))),
                plain(Route.getOrPost("/debug/pprof/:name", _ -> text(404, "Unknown profile\n"))),
                plain(Route.getOrPost("/debug/*subpath", _ -> text(404, "404 page not found\n"))));
    }

    private static Route plain(Route route) {
        return route.always().compressed(Compression.NONE);
    }

    private static Response text(int status, String text) {
        return Response.text(status, text).withHeader("X-Content-Type-Options", "nosniff");
    }

    /** Program and arguments, with a NUL between them. */
    private static Response commandLine() {
        ProcessHandle.Info self = ProcessHandle.current().info();
        StringBuilder line = new StringBuilder(self.command().orElse(""));
        for (String argument : self.arguments().orElse(new String[0])) {
            line.append('\0').append(argument);
        }
        return text(200, line.toString());
    }

    private static Response index() {
        return Response.text(200, """
                /debug/pprof/
                profile       stacks of threads that can run, every 20 ms for ?seconds=30
                heap          memory of the storage by purpose, and what is taken of the Java heap
                goroutine     stacks of all platform threads; as text with ?debug=2
                threadcreate  the same
                block, mutex  stacks of threads that wait for a lock now
                cmdline       program and arguments, with NUL between them
                symbol        says that there are no addresses to look up: profiles carry their names
                trace         thread dumps as text, one a second for ?seconds=30
                """);
    }

    private static Response attachment(String name, ProfileBuilder profile) {
        return Response.of(200, BINARY, profile::writeTo)
                .withHeader("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .withHeader("X-Content-Type-Options", "nosniff");
    }

    private static int seconds(Request request) {
        try {
            int seconds = Integer.parseInt(request.parameter("seconds"));
            return seconds <= 0 ? DEFAULT_SECONDS : Math.min(seconds, MAX_SECONDS);
        } catch (NumberFormatException _) {
            return DEFAULT_SECONDS;
        }
    }

    private Response profile(Request request) throws InterruptedException {
        int seconds = seconds(request);
        ProfileBuilder profile = new ProfileBuilder(COUNT, RUNNABLE)
                .period(RUNNABLE, PERIOD.toNanos())
                .time(scheduler.clock().instant(), Duration.ofSeconds(seconds))
                .comment("Stacks of platform threads in the state RUNNABLE, which a thread that waits for the network"
                        + " in native code has too; virtual threads show as their carriers.");
        long end = scheduler.ticker().nanos() + Duration.ofSeconds(seconds).toNanos();
        Thread own = Thread.currentThread();
        while (scheduler.ticker().nanos() < end) {
            Thread.getAllStackTraces().forEach((thread, trace) -> {
                if (!thread.equals(own) && trace.length > 0 && thread.getState() == Thread.State.RUNNABLE) {
                    profile.add(ThreadStacks.stack(thread, trace), 1, PERIOD.toNanos());
                }
            });
            pause(PERIOD);
        }
        return attachment("profile", profile);
    }

    private void pause(Duration duration) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        Scheduler.Task task = scheduler.schedule(duration, over::countDown);
        try {
            over.await();
        } finally {
            task.cancel();
        }
    }

    private Response heap(Request request) {
        ValueType space = new ValueType("inuse_space", "bytes");
        ProfileBuilder profile = new ProfileBuilder(space)
                .period(space, 1)
                .time(scheduler.clock().instant(), Duration.ZERO)
                .comment("Memory by purpose; a Java heap does not tell where its objects were made.");
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        long storage = 0;
        for (Map.Entry<String, Long> purpose : new TreeMap<>(memoryBytes.get()).entrySet()) {
            storage += purpose.getValue();
            profile.add(stack("storage: " + purpose.getKey()), purpose.getValue());
        }
        profile.add(stack("all else, garbage included"), Math.max(0, used - storage));
        return attachment("heap", profile);
    }

    private static List<Frame> stack(String purpose) {
        return List.of(new Frame(purpose, "", 0), new Frame("Java heap", "", 0));
    }

    private Response threads(Request request) {
        if (!request.parameter("debug").isEmpty() && !request.parameter("debug").equals("0")) {
            return Response.text(200, ThreadStacks.dump());
        }
        ProfileBuilder profile = new ProfileBuilder(THREADS)
                .period(THREADS, 1)
                .time(scheduler.clock().instant(), Duration.ZERO)
                .comment("Platform threads; virtual threads show as their carriers.");
        Thread.getAllStackTraces().forEach((thread, trace) -> profile.add(ThreadStacks.stack(thread, trace), 1));
        return attachment("goroutine", profile);
    }

    private Response blocked(String name) {
        ValueType waiting = new ValueType("waiting", "count");
        ProfileBuilder profile = new ProfileBuilder(waiting)
                .period(waiting, 1)
                .time(scheduler.clock().instant(), Duration.ZERO)
                .comment("Threads that wait for a monitor at this moment; waits of before are not recorded.");
        Thread.getAllStackTraces().forEach((thread, trace) -> {
            if (thread.getState() == Thread.State.BLOCKED) {
                profile.add(ThreadStacks.stack(thread, trace), 1);
            }
        });
        return attachment(name, profile);
    }

    /** There is no trace in Go's form of a Java program: dumps of its threads, one a second. */
    private Response trace(Request request) throws InterruptedException {
        int seconds = seconds(request);
        List<String> dumps = new ArrayList<>();
        for (int i = 0; i < seconds; i++) {
            dumps.add("=== " + scheduler.clock().instant() + "\n\n" + ThreadStacks.dump());
            pause(Duration.ofSeconds(1));
        }
        byte[] text = String.join("", dumps).getBytes(StandardCharsets.UTF_8);
        return Response.of(200, Response.PLAIN, out -> out.write(text))
                .withHeader("Content-Disposition", "attachment; filename=\"trace\"");
    }
}
