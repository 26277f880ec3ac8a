// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.log;

import dev.narthex.server.http.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Log lines as JSON: {@code time}, {@code level}, {@code source} and {@code msg} as in Prometheus, then the pairs that a
 * message ends in. Safe for use by many threads.
 */
public final class JsonLines extends ExtFormatter {
    /** A message has its pairs behind the words; an error is always the last, since it may have anything in it. */
    private static final Pattern PAIR = Pattern.compile(" ([a-z][a-z0-9_]*)=");

    private static final String ERROR = "err";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Makes all handlers of the process write JSON. */
    public static void install() {
        install(Logger.getLogger("").getHandlers());
    }

    private static void install(Handler[] handlers) {
        for (Handler handler : handlers) {
            handler.setFormatter(new JsonLines());
            if (handler instanceof ExtHandler outer) {
                install(outer.getHandlers());
            }
        }
    }

    @Override
    public String format(ExtLogRecord entry) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            write(new JsonWriter(out), entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8) + "\n";
    }

    private void write(JsonWriter json, ExtLogRecord entry) throws IOException {
        String logger = entry.getLoggerName() == null ? "" : entry.getLoggerName();
        json.beginObject()
                .member("time", TIME.format(entry.getInstant()))
                .member("level", level(entry))
                .member("source", logger.substring(logger.lastIndexOf('.') + 1));
        pairs(json, String.valueOf(formatMessage(entry)));
        Throwable thrown = entry.getThrown();
        if (thrown != null) {
            json.member("stack", stack(thrown));
        }
        json.endObject().flush();
    }

    private static String level(ExtLogRecord entry) {
        int level = entry.getLevel().intValue();
        if (level >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return level >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    private static void pairs(JsonWriter json, String message) throws IOException {
        Matcher matcher = PAIR.matcher(message);
        boolean found = matcher.find();
        json.member("msg", found ? message.substring(0, matcher.start()) : message);
        while (found) {
            String name = matcher.group(1);
            int from = matcher.end();
            found = !name.equals(ERROR) && matcher.find();
            json.member(name, message.substring(from, found ? matcher.start() : message.length()));
        }
    }

    private static String stack(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
