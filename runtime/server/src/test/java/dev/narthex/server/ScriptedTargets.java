// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.server.ScrapeScript.Answer;
import dev.narthex.server.ScrapeScript.Phase;
import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Targets that answer by scripts: what a client hears depends on the script and on how often it has asked in the phase,
 * so that two servers, each at its own times, hear the same.
 */
final class ScriptedTargets implements AutoCloseable {
    static final String PROMETHEUS = "Prometheus";
    static final String NARTHEX = "Narthex";
    /** What a phase begins with: a scrape that began before it, and one that surely sees the new configuration. */
    private static final int SKIPPED = 2;

    private static final List<String> HEADERS =
            List.of("accept", "accept-encoding", "x-prometheus-scrape-timeout-seconds");

    private final List<ScrapeScript> scripts;
    private final LoopbackServer server;
    private final Map<String, Set<String>> asked = new ConcurrentHashMap<>();
    private volatile Count count = new Count(0);

    /** How often each client has asked for each script in a phase. */
    private record Count(int phase, Map<String, AtomicInteger> requests) {
        Count(int phase) {
            this(phase, new ConcurrentHashMap<>());
        }

        AtomicInteger of(String client, int script) {
            return requests.computeIfAbsent(client + script, _ -> new AtomicInteger());
        }
    }

    ScriptedTargets(List<ScrapeScript> scripts) throws IOException {
        this.scripts = scripts;
        server = LoopbackServer.start(this::answer);
    }

    String address() {
        return server.address();
    }

    private void answer(LoopbackRequest request, OutputStream out) throws IOException {
        ScrapeScript script = scripts.get(Integer.parseInt(request.target().substring(1)));
        String client = request.header("user-agent").startsWith(PROMETHEUS) ? PROMETHEUS : NARTHEX;
        Count now = count;
        StringBuilder headers = new StringBuilder();
        HEADERS.forEach(name ->
                headers.append(name).append(": ").append(request.header(name)).append('\n'));
        asked.computeIfAbsent(client + script.number(), _ -> new ConcurrentSkipListSet<>())
                .add(headers.toString());
        Phase phase = script.phases().get(now.phase);
        List<Answer> answers = phase.answers();
        if (!phase.present()) {
            // Who has the configuration of the next phase already hears what that one begins with.
            answers.getLast().write(out);
            return;
        }
        int step = now.of(client, script.number()).getAndIncrement();
        int skipped = now.phase > 0 ? SKIPPED : 0;
        if (step < skipped) {
            script.phases().get(now.phase - 1).answers().getLast().write(out);
            return;
        }
        answers.get(Math.min(step - skipped, answers.size() - 1)).write(out);
    }

    /** From now on the answers are those of another phase, behind some more of the last one. */
    void begin(int phase) {
        count = new Count(phase);
    }

    /** Whether each client has heard all answers of the phase, and the last of them again. */
    boolean isOver() {
        Count now = count;
        for (ScrapeScript script : scripts) {
            Phase phase = script.phases().get(now.phase);
            int wanted = phase.present() ? phase.answers().size() + SKIPPED + 1 : 0;
            if (now.of(PROMETHEUS, script.number()).get() < wanted
                    || now.of(NARTHEX, script.number()).get() < wanted) {
                return false;
            }
        }
        return true;
    }

    /** The headers of all kinds of requests of a client for a script. */
    Set<String> asked(String client, int script) {
        return new TreeSet<>(asked.getOrDefault(client + script, Set.of()));
    }

    @Override
    public void close() {
        server.close();
    }
}
