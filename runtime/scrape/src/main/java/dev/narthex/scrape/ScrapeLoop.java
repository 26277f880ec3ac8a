// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeConfig;
import dev.narthex.exposition.ExpositionException;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.http.BodyBuffer;
import dev.narthex.http.BodyTooLargeException;
import dev.narthex.http.HttpAnswer;
import dev.narthex.http.HttpCall;
import dev.narthex.http.HttpFetcher;
import dev.narthex.http.RedirectException;
import dev.narthex.model.Metadata;
import dev.narthex.model.QuotedString;
import dev.narthex.model.time.Scheduler;
import dev.narthex.storage.Appender;
import dev.narthex.storage.SeriesLimitException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Scrapes one target at its times until it is stopped. Scrapes of a target never overlap; one that takes longer than the
 * interval leaves out those it has missed. Safe for use by many threads.
 */
final class ScrapeLoop {
    private static final Logger log = Logger.getLogger(ScrapeLoop.class);
    private static final double NANOS_PER_SECOND = 1e9;

    private final ScrapeContext context;
    private final String pool;
    private final BodyBuffer body;
    private final SampleIngester ingester;
    private final ReportSeries report;

    /** Guards the fields below; never held while scraping. */
    private final Object lock = new Object();

    private Plan plan;
    private ScrapeConfig given;
    private HttpFetcher fetcher;
    private String refusal = "";
    private long dueMs;
    private boolean running;
    private boolean stopped;
    private boolean markWhenDone;
    private boolean finished;
    private Scheduler.@Nullable Task task;

    private volatile Outcome last = Outcome.NONE;
    private long lastStartNanos;

    /** Of the exposition of the current scrape; for the thread that scrapes. */
    private long bodyBytes;

    /** What to do, until a reload says otherwise. */
    private record Plan(
            Target target, ScrapeConfig config, SeriesLabeler labeler, IngestRules rules, HttpCall request) {}

    /** How the last scrape went. */
    private record Outcome(
            @Nullable Instant start,
            Duration duration,
            String error,
            int samples,
            @Nullable Instant downSince) {
        static final Outcome NONE = new Outcome(null, Duration.ZERO, "", 0, null);

        /** How the scrape after this one went. */
        Outcome next(Instant nextStart, Duration nextDuration, String nextError, int nextSamples) {
            Instant since = downSince == null ? nextStart : downSince;
            return new Outcome(nextStart, nextDuration, nextError, nextSamples, nextError.isEmpty() ? null : since);
        }

        TargetHealth health() {
            if (start == null) {
                return TargetHealth.UNKNOWN;
            }
            return error.isEmpty() ? TargetHealth.UP : TargetHealth.DOWN;
        }
    }

    ScrapeLoop(ScrapeContext context, HttpFetcher fetcher, Target target, ScrapeConfig config) {
        this.context = context;
        this.fetcher = fetcher;
        given = config;
        pool = config.jobName();
        body = new BodyBuffer(context.buffers());
        plan = plan(target, config);
        ingester = new SampleIngester(plan.labeler, plan.rules);
        report = new ReportSeries(plan.labeler);
    }

    private Plan plan(Target target, ScrapeConfig config) {
        ScrapeConfig own = target.configured(config);
        return new Plan(
                target,
                own,
                new SeriesLabeler(target, own),
                IngestRules.of(own),
                new HttpCall(
                                target.url(),
                                ScrapeHeaders.of(
                                        own,
                                        target.timeout(),
                                        context.settings().version()),
                                target.timeout())
                        .through(target.unixSocket()));
    }

    void start() {
        synchronized (lock) {
            scheduleFirst();
        }
    }

    private void scheduleFirst() {
        long intervalMs = plan.target.interval().toMillis();
        long nowMs = context.scheduler().clock().millis();
        schedule(ScrapeTiming.firstMs(
                nowMs, intervalMs, plan.target, context.settings().seed()));
    }

    private void schedule(long nextMs) {
        dueMs = nextMs;
        long delayMs = nextMs - context.scheduler().clock().millis();
        task = context.scheduler().schedule(Duration.ofMillis(delayMs), this::run);
    }

    /** Goes on with another target, configuration or client, from the next scrape on. */
    void update(HttpFetcher newFetcher, Target target, ScrapeConfig config) {
        synchronized (lock) {
            Target before = plan.target;
            fetcher = newFetcher;
            if (!target.equals(before) || !config.equals(given)) {
                given = config;
                plan = plan(target, config);
            }
            boolean otherInterval = !target.interval().equals(before.interval());
            if (otherInterval && !running && !stopped && task != null && task.cancel()) {
                scheduleFirst();
            }
        }
    }

    /** Fails every scrape from now on for a reason, without asking the target; no more where the reason is empty. */
    void refuse(String reason) {
        synchronized (lock) {
            refusal = reason;
        }
    }

    /**
     * Scrapes no more; what is on its way is dropped.
     *
     * @param markStale whether the series of the target get staleness markers: with the time that the next scrape would
     *     have had, but written only another interval later, so that a target that comes back at once is not disturbed
     */
    void stop(boolean markStale) {
        synchronized (lock) {
            if (stopped) {
                if (!markStale && task != null) {
                    task.cancel();
                    markWhenDone = false;
                    finished = true;
                }
                return;
            }
            stopped = true;
            if (task != null) {
                task.cancel();
            }
            if (markStale && running) {
                markWhenDone = true;
            } else if (markStale) {
                scheduleMarkers();
            } else {
                finished = true;
            }
        }
    }

    /** Whether it was stopped and has nothing more to write. */
    boolean isFinished() {
        synchronized (lock) {
            return finished;
        }
    }

    private void scheduleMarkers() {
        Duration interval = plan.target.interval();
        long nowMs = context.scheduler().clock().millis();
        long markerMs = dueMs > nowMs ? dueMs : nowMs + interval.toMillis();
        long writeMs = markerMs + interval.toMillis() + interval.toMillis() / 10;
        task = context.scheduler().schedule(Duration.ofMillis(writeMs - nowMs), () -> writeMarkers(markerMs));
    }

    private void writeMarkers(long markerMs) {
        synchronized (lock) {
            finished = true;
        }
        if (last.start == null) {
            return;
        }
        try (Appender appender = context.storage().appender()) {
            ingester.markStale(appender, markerMs);
            report.markStale(appender, markerMs);
            commit(appender);
        }
    }

    private void run() {
        Plan now;
        long scheduledMs;
        HttpFetcher by;
        String refused;
        synchronized (lock) {
            if (stopped) {
                return;
            }
            running = true;
            now = plan;
            by = fetcher;
            refused = refusal;
            scheduledMs = dueMs;
        }
        try {
            ingester.configure(now.labeler, now.rules);
            report.configure(
                    now.labeler,
                    now.config.extraScrapeMetrics(),
                    now.target.timeout(),
                    now.config.limits().samples());
            scrape(now, by, refused, scheduledMs);
        } catch (RuntimeException e) {
            log.errorf(e, "scrape ended by a bug job=%s target=%s", pool, now.target.url());
            Instant start = context.scheduler().clock().instant();
            last = last.next(start, Duration.ZERO, "internal error, see the log: " + e, 0);
        } finally {
            body.release();
            synchronized (lock) {
                running = false;
                long nowMs = context.scheduler().clock().millis();
                Target target = plan.target;
                long intervalMs = target.interval().toMillis();
                long seed = context.settings().seed();
                long nextMs = target.interval().equals(now.target.interval())
                        ? ScrapeTiming.nextMs(scheduledMs, nowMs, intervalMs, target, seed)
                        : ScrapeTiming.firstMs(nowMs, intervalMs, target, seed);
                if (!stopped) {
                    schedule(nextMs);
                } else if (markWhenDone) {
                    dueMs = nextMs;
                    scheduleMarkers();
                }
            }
        }
    }

    private void scrape(Plan now, HttpFetcher by, String refused, long scheduledMs) {
        Instant start = context.scheduler().clock().instant();
        long startNanos = context.scheduler().ticker().nanos();
        if (last.start != null) {
            context.metrics().intervalLength(now.target.interval(), (startNanos - lastStartNanos) / NANOS_PER_SECOND);
        }
        lastStartNanos = startNanos;
        long timeMs = ScrapeTiming.timestampMs(
                scheduledMs, start.toEpochMilli(), now.target.interval().toMillis());
        ScrapeWorkspace work = null;
        try {
            String error;
            BodyBuffer exposition = body;
            ExpositionFormat format = ExpositionFormat.TEXT;
            bodyBytes = 0;
            try {
                if (!refused.isEmpty()) {
                    throw new ScrapeException(refused);
                }
                HttpAnswer response = fetch(now, by);
                work = context.workspaces().take();
                exposition = unpacked(now, response, work);
                bodyBytes = exposition.size();
                format = ContentTypes.format(
                        response.contentType(), ContentTypes.format(now.config.fallbackScrapeProtocol()));
                error = "";
            } catch (ScrapeException e) {
                error = String.valueOf(e.getMessage());
            }
            long durationNanos = context.scheduler().ticker().nanos() - startNanos;
            if (isStopped()) {
                return;
            }
            if (work == null) {
                work = context.workspaces().take();
            }
            error = store(work, format, exposition, error, timeMs, durationNanos);
            context.metrics().count(work.counts);
            context.metrics().scrapes.note((context.scheduler().ticker().nanos() - startNanos) / NANOS_PER_SECOND);
            int samples = error.isEmpty() ? work.counts.afterRelabelling : 0;
            last = last.next(start, Duration.ofNanos(durationNanos), error, samples);
            if (!error.isEmpty()) {
                context.failureLog()
                        .write(
                                now.config.scrapeFailureLogFile(),
                                start,
                                error,
                                pool,
                                now.target.url().toString());
            }
            if (log.isDebugEnabled() && !error.isEmpty()) {
                log.debugf("scrape failed job=%s target=%s err=%s", pool, now.target.url(), error);
            }
        } finally {
            if (work != null) {
                context.workspaces().give(work);
            }
        }
    }

    private boolean isStopped() {
        synchronized (lock) {
            return stopped;
        }
    }

    private long bodyLimit(Plan now) {
        long configured = now.config.bodySizeLimitBytes();
        long most = context.settings().maxBodyBytes();
        // A body of exactly the configured size is refused, as by Prometheus.
        return configured == 0 ? most : Math.min(configured - 1, most);
    }

    private HttpAnswer fetch(Plan now, HttpFetcher by) {
        body.start(bodyLimit(now));
        HttpAnswer response;
        try {
            response = by.fetch(now.request, body);
        } catch (BodyTooLargeException e) {
            throw bodyTooLarge(now, e);
        } catch (RedirectException e) {
            throw new ScrapeException("Get " + QuotedString.of(e.location()) + ": " + e.getMessage());
        } catch (IOException e) {
            throw new ScrapeException("Get " + QuotedString.of(now.target.url().toString()) + ": " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ScrapeException("interrupted");
        }
        if (response.status() != 200) {
            throw new ScrapeException("server returned HTTP status " + HttpStatus.text(response.status()));
        }
        return response;
    }

    private BodyBuffer unpacked(Plan now, HttpAnswer response, ScrapeWorkspace work) {
        String encoding = response.contentEncoding().strip().toLowerCase(Locale.ROOT);
        BodyBuffer exposition = body;
        if (encoding.equals("gzip")) {
            exposition = work.unpacked;
            exposition.start(bodyLimit(now));
            try {
                work.gzip.decode(body, exposition);
            } catch (BodyTooLargeException e) {
                throw bodyTooLarge(now, e);
            } catch (IOException e) {
                throw new ScrapeException(String.valueOf(e.getMessage()));
            }
        } else if (!encoding.isEmpty() && !encoding.equals("identity")) {
            throw new ScrapeException("received unsupported Content-Encoding "
                    + QuotedString.of(response.contentEncoding()) + "; accepted is gzip");
        }
        return exposition;
    }

    private ScrapeException bodyTooLarge(Plan now, BodyTooLargeException e) {
        bodyBytes = -1;
        if (!e.isOfLimit()) {
            return new ScrapeException(String.valueOf(e.getMessage()));
        }
        context.metrics().exceededBodySizeLimit.increment();
        if (now.config.bodySizeLimitBytes() > 0
                && now.config.bodySizeLimitBytes() <= context.settings().maxBodyBytes()) {
            return new ScrapeException("body size limit exceeded");
        }
        return new ScrapeException(String.valueOf(e.getMessage()));
    }

    /** Appends what a scrape came to, in one transaction; gives why it failed, or nothing. */
    private String store(
            ScrapeWorkspace work,
            ExpositionFormat format,
            BodyBuffer exposition,
            String fetchError,
            long timeMs,
            long durationNanos) {
        String error = fetchError;
        work.counts.clear();
        if (error.isEmpty()) {
            try (Appender appender = context.storage().appender()) {
                ingester.ingest(work, format, exposition.bytes(), exposition.size(), appender, timeMs);
                report.append(appender, timeMs, true, durationNanos, work.counts, bodyBytes);
                commit(appender);
                return "";
            } catch (LimitException e) {
                context.metrics().exceededLabelLimits.increment();
                error = String.valueOf(e.getMessage());
            } catch (BucketLimitException e) {
                context.metrics().exceededBucketLimit.increment();
                error = String.valueOf(e.getMessage());
            } catch (ExpositionException | ScrapeException | SeriesLimitException e) {
                error = String.valueOf(e.getMessage());
            }
        }
        try (Appender appender = context.storage().appender()) {
            ingester.markStale(appender, timeMs);
            report.append(appender, timeMs, false, durationNanos, work.counts, bodyBytes);
            commit(appender);
        } catch (SeriesLimitException e) {
            log.debugf("no memory for the series up job=%s err=%s", pool, e.getMessage());
        }
        return error;
    }

    private void commit(Appender appender) {
        try {
            appender.commit();
        } catch (IOException e) {
            context.metrics().commitFailures.increment();
            log.errorf("scrape not stored job=%s err=%s", pool, e.getMessage());
        }
    }

    /** How much the target said of its metric families in its last good exposition. */
    MetadataSize metadataSize() {
        return ingester.metadataSize();
    }

    /** What the target said of its metric families in its last good exposition, by name. */
    Map<String, Metadata> metadata() {
        return ingester.metadata();
    }

    Target target() {
        synchronized (lock) {
            return plan.target;
        }
    }

    TargetView view() {
        Target target = target();
        Outcome outcome = last;
        return new TargetView(
                target.discoveredLabels(),
                target.labels(),
                pool,
                target.url(),
                context.settings().globalUrl().apply(target.url()),
                outcome.error,
                outcome.start,
                outcome.duration,
                outcome.health(),
                target.interval(),
                target.timeout(),
                outcome.samples,
                outcome.downSince);
    }
}
