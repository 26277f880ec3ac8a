// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import dev.narthex.config.ConfigProblem;
import dev.narthex.config.Configuration;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.QueryStatistics;
import dev.narthex.server.configuration.ConfigurationConsumer;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes each query that was evaluated, or failed, to the file of {@code query_log_file}, as {@link QueryLogLine} says. The
 * file is opened anew with each configuration, so that one that was moved away is let go by a reload. Safe for use by many
 * threads.
 */
public final class QueryLog implements ConfigurationConsumer {
    private static final Logger log = Logger.getLogger(QueryLog.class);

    private final InstantSource clock;
    private final LongAdder failures = new LongAdder();

    /** Changed, and written to, under the lock of this object; null for no log. */
    private volatile @Nullable OutputStream file;

    /** Guarded by the lock of this object, as the next one. */
    private String path = "";

    private boolean broken;

    public QueryLog(InstantSource clock) {
        this.clock = clock;
    }

    /** Something that evaluates a query. */
    @FunctionalInterface
    public interface Evaluation {
        QueryResult run() throws InterruptedException;
    }

    /**
     * Evaluates a query, and writes a line whatever comes of it, unless it was none that can be evaluated.
     *
     * @param timings those of the evaluation
     */
    public QueryResult logged(AskedQuery query, QueryTimings timings, Evaluation evaluation)
            throws InterruptedException {
        try {
            QueryResult result = evaluation.run();
            write(query, timings, result.statistics(), "");
            return result;
        } catch (QueryException e) {
            if (e.kind() != QueryException.Kind.BAD_QUERY) {
                write(query, timings, null, String.valueOf(e.getMessage()));
            }
            throw e;
        } catch (InterruptedException e) {
            write(query, timings, null, "query was canceled in query queue");
            throw e;
        }
    }

    private void write(AskedQuery query, QueryTimings timings, @Nullable QueryStatistics statistics, String error) {
        if (file == null) {
            return;
        }
        byte[] line = QueryLogLine.of(clock.instant(), query, timings, statistics, error);
        synchronized (this) {
            OutputStream to = file;
            if (to == null) {
                return;
            }
            try {
                to.write(line);
                broken = false;
            } catch (IOException e) {
                failures.increment();
                if (!broken) {
                    broken = true;
                    log.errorf("queries not logged file=%s err=%s", path, e.getMessage());
                }
            }
        }
    }

    /** Whether queries are written down. */
    public boolean isEnabled() {
        return file != null;
    }

    /** How many lines could not be written. */
    public long failures() {
        return failures.sum();
    }

    @Override
    public List<ConfigProblem> problems(Configuration configuration) {
        String wanted = configuration.prometheus().global().queryLogFile();
        if (wanted.isEmpty()) {
            return List.of();
        }
        try {
            open(wanted).close();
            return List.of();
        } catch (IOException e) {
            return List.of(new ConfigProblem(
                    "configuration",
                    "global.query_log_file",
                    0,
                    0,
                    "cannot be written, found " + e.getMessage() + "; give a file in a directory that is there"));
        }
    }

    @Override
    public synchronized void apply(Configuration configuration) {
        String wanted = configuration.prometheus().global().queryLogFile();
        OutputStream former = file;
        try {
            file = wanted.isEmpty() ? null : open(wanted);
            path = wanted;
            broken = false;
            if (former != null) {
                former.close();
            }
        } catch (IOException e) {
            log.errorf("query log not opened, the former one goes on file=%s err=%s", wanted, e.getMessage());
        }
    }

    /** Not by a channel: that would be closed by the first query that ends because its thread was interrupted. */
    private static OutputStream open(String path) throws IOException {
        return new FileOutputStream(path, true);
    }
}
