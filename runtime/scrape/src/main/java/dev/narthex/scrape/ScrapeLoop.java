// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.UrlPassword;
import dev.narthex.exposition.ExpositionException;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.http.BodyBuffer;
import dev.narthex.http.BodyTooLargeException;
import dev.narthex.http.HttpAnswer;
import dev.narthex.http.HttpCall;
import dev.narthex.http.HttpFetcher;
import dev.narthex.http.RedirectException;
import dev.narthex.http.RepeatedCall;
import dev.narthex.model.Metadata;
import dev.narthex.model.QuotedString;
import dev.narthex.model.time.Durations;
import dev.narthex.model.time.Scheduler;
import dev.narthex.storage.Appender;
import dev.narthex.storage.SeriesLimitException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Scrapes one target at its times until it is stopped. Scrapes of a target never overlap; after one that takes longer than
 * the interval the last that was missed is made up for at once. Safe for use by many threads.
 */
final class ScrapeLoop {
    private static final Logger log = Logger.getLogger(ScrapeLoop.class);
    private static final double NANOS_PER_SECOND = 1e9;

    private final ScrapeContext context;
    private final String pool;
    private final BodyBuffer body;
    private final Answers answers;
    private final SampleIngester ingester;
    private final ReportSeries report;

    /** Guards the fields below; never held while scraping. */
    private final Object lock = new Object();

    private Plan plan;
    private ScrapeConfig given;
    private HttpFetcher fetcher;
    private String refusal = "";
    private long dueMs;
    private long slotMs = 1;
    private boolean running;
    private boolean stopped;
    private boolean markWhenDone;
    private boolean finished;
    private Scheduler.@Nullable Task task;

    private volatile Outcome last = Outcome.NONE;
    private long lastStartNanos;
    private @Nullable IntervalLengths lengths;
    private final AnswerFormat answerFormat = new AnswerFormat();

    /** Made once: a capturing expression would be made anew each time, which is slow until it is compiled. */
    private final Runnable scrape = this::run;

    /** Of the exposition of the current scrape; for the thread that scrapes. */
    private long bodyBytes;

    /** The scrape that waits for its answer, where no thread does; there is never more than one. */
    private volatile Attempt ongoing;

    /**
     * What to do, until a reload says otherwise.
     *
     * @param request null where the target has no URL that can be asked
     * @param call asks the target without a thread that waits, null where that does not go
     */
    private record Plan(
            Target target,
            ScrapeConfig config,
            SeriesLabeler labeler,
            IngestRules rules,
            @Nullable HttpCall request,
            @Nullable RepeatedCall call) {
        void close() {
            if (call != null) {
                call.close();
            }
        }
    }

    /** A scrape: what to do, with which client, or why not, when it was due and when it began. */
    private record Attempt(Plan plan, HttpFetcher fetcher, String refusal, long dueMs, Instant start, long startNanos) {
        Attempt(Plan plan, HttpFetcher fetcher, String refusal, long dueMs, Scheduler scheduler) {
            this(
                    plan,
                    fetcher,
                    refusal,
                    dueMs,
                    scheduler.clock().instant(),
                    scheduler.ticker().nanos());
        }
    }

    /** Where the lengths of intervals are noted that are to be so long. */
    private record IntervalLengths(Duration interval, Durations lengths) {}

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
        answers = new Answers();
        plan = plan(target, config);
        ongoing = new Attempt(plan, fetcher, "", 0, context.scheduler());
        ingester = new SampleIngester(plan.labeler, plan.rules);
        report = new ReportSeries(plan.labeler);
    }

    private Plan plan(Target target, ScrapeConfig config) {
        ScrapeConfig own = target.configured(config);
        Map<String, String> headers =
                ScrapeHeaders.of(own, target.timeout(), context.settings().version());
        URI uri = target.url().uri();
        HttpCall request =
                uri == null ? null : new HttpCall(uri, headers, target.timeout()).through(target.unixSocket());
        RepeatedCall call = request == null ? null : fetcher.repeated(request, body, answers);
        ScrapeSettings settings = context.settings();
        IngestRules rules = IngestRules.of(own).withHandedOver(settings.startTimestamps(), settings.metadata());
        return new Plan(target, own, new SeriesLabeler(target, own), rules, request, call);
    }

    void start() {
        synchronized (lock) {
            slotMs = context.slots().enter(plan.target.interval().toMillis());
            scheduleFirst();
        }
    }

    private void scheduleFirst() {
        long intervalMs = plan.target.interval().toMillis();
        long nowMs = context.scheduler().clock().millis();
        schedule(ScrapeTiming.firstMs(
                nowMs, intervalMs, plan.target, context.settings().seed(), slotMs));
    }

    private void schedule(long nextMs) {
        dueMs = nextMs;
        long delayMs = nextMs - context.scheduler().clock().millis();
        task = context.scheduler().scheduleBrief(Duration.ofMillis(delayMs), scrape);
    }

    /** Goes on with another target, configuration or client, from the next scrape on. */
    void update(HttpFetcher newFetcher, Target target, ScrapeConfig config) {
        synchronized (lock) {
            Target before = plan.target;
            if (!target.equals(before) || !config.equals(given) || !newFetcher.equals(fetcher)) {
                fetcher = newFetcher;
                given = config;
                plan.close();
                plan = plan(target, config);
            }
            boolean otherInterval = !target.interval().equals(before.interval());
            if (otherInterval && !stopped) {
                context.slots().leave(before.interval().toMillis());
                slotMs = context.slots().enter(target.interval().toMillis());
            }
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
            context.slots().leave(plan.target.interval().toMillis());
            plan.close();
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
        Attempt attempt;
        synchronized (lock) {
            if (stopped) {
                return;
            }
            running = true;
            attempt = new Attempt(plan, fetcher, refusal, dueMs, context.scheduler());
        }
        try {
            begin(attempt);
        } catch (RuntimeException | Error e) {
            endByBug(attempt, e);
        }
    }

    /** A scrape that ends by a bug, or for want of memory, is over, and the next one comes. */
    private void endByBug(Attempt attempt, Throwable bug) {
        String url = attempt.plan.target.url().toString();
        log.errorf(bug, "scrape ended by a bug job=%s target=%s", pool, url);
        last = last.next(attempt.start, Duration.ZERO, "internal error, see the log: " + bug, 0);
        end(attempt);
    }

    private void begin(Attempt attempt) {
        Plan now = attempt.plan;
        ingester.configure(now.labeler, now.rules);
        report.configure(
                now.labeler,
                now.config.extraScrapeMetrics() || context.settings().extraMetrics(),
                now.target.timeout(),
                now.config.limits().samples());
        if (last.start != null) {
            double seconds = (attempt.startNanos - lastStartNanos) / NANOS_PER_SECOND;
            noteLength(now.target.interval(), seconds);
        }
        lastStartNanos = attempt.startNanos;
        bodyBytes = 0;
        if (!attempt.refusal.isEmpty()) {
            finish(attempt, null, attempt.refusal);
            return;
        }
        HttpCall request = now.request;
        if (request == null) {
            finish(attempt, null, now.target.url().fault());
            return;
        }
        body.start(bodyLimit(now));
        RepeatedCall call = now.call;
        if (call == null) {
            context.scheduler().goOnBlocking(() -> fetch(attempt, request));
        } else {
            ongoing = attempt;
            call.start();
        }
    }

    private void noteLength(Duration interval, double seconds) {
        IntervalLengths noted = lengths;
        if (noted == null || !noted.interval.equals(interval)) {
            noted = new IntervalLengths(interval, context.metrics().intervalLengths(interval));
            lengths = noted;
        }
        noted.lengths.note(seconds);
    }

    /** Asks the target by a thread that waits for it. */
    private void fetch(Attempt attempt, HttpCall request) {
        try {
            fetchAnswer(attempt, request);
        } catch (RuntimeException | Error e) {
            endByBug(attempt, e);
        }
    }

    private void fetchAnswer(Attempt attempt, HttpCall request) {
        HttpAnswer answer = null;
        String error = "";
        try {
            answer = attempt.fetcher.fetch(request, body);
        } catch (IOException e) {
            error = failure(attempt.plan, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            error = "interrupted";
        }
        finish(attempt, answer, error);
    }

    /** What comes of calls that no thread waits for. */
    private final class Answers implements RepeatedCall.Listener {
        @Override
        public void answered(HttpAnswer answer) {
            end(answer, null);
        }

        @Override
        public void failed(IOException failure) {
            end(null, failure);
        }

        @Override
        public void redirected() {
            Attempt attempt = ongoing;
            HttpCall request = Objects.requireNonNull(attempt.plan.request);
            body.start(bodyLimit(attempt.plan));
            context.scheduler().goOnBlocking(() -> fetch(attempt, request));
        }

        private void end(@Nullable HttpAnswer answer, @Nullable IOException failure) {
            Attempt attempt = ongoing;
            try {
                finish(attempt, answer, failure == null ? "" : failure(attempt.plan, failure));
            } catch (RuntimeException | Error e) {
                endByBug(attempt, e);
            }
        }
    }

    /** Stores what a scrape came to: an answer or an error. */
    private void finish(Attempt attempt, @Nullable HttpAnswer answer, String failure) {
        Plan now = attempt.plan;
        if (isStopped()) {
            end(attempt);
            return;
        }
        String error = failure;
        long timeMs = ScrapeTiming.timestampMs(
                attempt.dueMs,
                attempt.start.toEpochMilli(),
                now.target.interval().toMillis(),
                context.settings().timestampToleranceMs());
        ScrapeWorkspace work = context.workspaces().take();
        try {
            BodyBuffer exposition = body;
            ExpositionFormat format = ExpositionFormat.TEXT;
            if (answer != null) {
                try {
                    exposition = unpacked(now, answer, work);
                    bodyBytes = exposition.size();
                    format = answerFormat.of(answer.contentType(), now.config.fallbackScrapeProtocol());
                } catch (ScrapeException e) {
                    error = String.valueOf(e.getMessage());
                }
            }
            long durationNanos = context.scheduler().ticker().nanos() - attempt.startNanos;
            String failedBefore = error;
            error = store(work, format, exposition, error, timeMs, durationNanos);
            if (answer != null && failedBefore.isEmpty() && !error.isEmpty()) {
                error += hint(answer.contentEncoding());
            }
            context.metrics().count(work.counts);
            context.metrics()
                    .scrapes
                    .note((context.scheduler().ticker().nanos() - attempt.startNanos) / NANOS_PER_SECOND);
            int samples = error.isEmpty() ? work.counts.afterRelabelling : 0;
            last = last.next(attempt.start, Duration.ofNanos(durationNanos), error, samples);
        } finally {
            context.workspaces().give(work);
        }
        if (!error.isEmpty()) {
            String url = now.target.url().toString();
            context.failureLog().write(now.config.scrapeFailureLogFile(), attempt.start, error, pool, url);
            log.debugf("scrape failed job=%s target=%s err=%s", pool, url, error);
        }
        end(attempt);
    }

    /** A scrape is over: the next one is due at its time. */
    private void end(Attempt attempt) {
        body.release();
        synchronized (lock) {
            running = false;
            long nowMs = context.scheduler().clock().millis();
            Target target = plan.target;
            long intervalMs = target.interval().toMillis();
            long seed = context.settings().seed();
            long nextMs = target.interval().equals(attempt.plan.target.interval())
                    ? ScrapeTiming.nextMs(attempt.dueMs, nowMs, intervalMs, target, seed, slotMs)
                    : ScrapeTiming.firstMs(nowMs, intervalMs, target, seed, slotMs);
            if (!stopped) {
                schedule(nextMs);
            } else if (markWhenDone) {
                dueMs = nextMs;
                scheduleMarkers();
            }
        }
    }

    private boolean isStopped() {
        synchronized (lock) {
            return stopped;
        }
    }

    /** What may have made an exposition unreadable. */
    private static String hint(String contentEncoding) {
        return contentEncoding.isEmpty() || contentEncoding.equals("gzip") || contentEncoding.equals("identity")
                ? ""
                : "; the target names the Content-Encoding " + QuotedString.of(contentEncoding)
                        + ", and only gzip is unpacked";
    }

    private long bodyLimit(Plan now) {
        long configured = now.config.bodySizeLimitBytes();
        long most = context.settings().maxBodyBytes();
        // A body of exactly the configured size is refused, as by Prometheus.
        return configured == 0 ? most : Math.min(configured - 1, most);
    }

    private String failure(Plan now, IOException e) {
        return switch (e) {
            case BodyTooLargeException tooLarge ->
                String.valueOf(bodyTooLarge(now, tooLarge).getMessage());
            case RedirectException elsewhere ->
                "Get " + QuotedString.of(UrlPassword.inErrors(elsewhere.location())) + ": " + elsewhere.getMessage();
            default ->
                "Get " + QuotedString.of(UrlPassword.inErrors(now.target.url().askedText())) + ": " + e.getMessage();
        };
    }

    private BodyBuffer unpacked(Plan now, HttpAnswer response, ScrapeWorkspace work) {
        if (response.status() != 200) {
            String said = response.statusText();
            throw new ScrapeException(
                    "server returned HTTP status " + (said.isEmpty() ? HttpStatus.text(response.status()) : said));
        }
        String encoding = response.contentEncoding();
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
        }
        // Any other coding is taken for none, as by Prometheus: some targets name one that they do not use.
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
        boolean read = error.isEmpty();
        if (read) {
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
            if (read) {
                ingester.markFailed(appender, timeMs);
            } else {
                ingester.markStale(appender, timeMs);
            }
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
                target.url().text(),
                context.settings().globalUrl().apply(target.url().text()),
                outcome.error,
                outcome.start,
                outcome.duration,
                outcome.health(),
                target.interval(),
                target.timeout(),
                target.internalLabels().getOrEmpty(TargetLabels.SCRAPE_INTERVAL),
                target.internalLabels().getOrEmpty(TargetLabels.SCRAPE_TIMEOUT),
                outcome.samples,
                outcome.downSince);
    }
}
