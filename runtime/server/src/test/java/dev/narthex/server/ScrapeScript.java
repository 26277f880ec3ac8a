// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one target says, and how it is configured, from phase to phase; before each phase the configuration is read anew.
 *
 * @param number stands in its path and in the label {@code script} of its series
 */
record ScrapeScript(int number, List<Phase> phases) {
    /**
     * A part of a script.
     *
     * @param options lines of its scrape configuration, each with its line feed
     * @param labels further labels of the target, as YAML between braces, each with a comma behind it
     * @param present whether the configuration has the target
     * @param answers what it says to the first, the second ... scrape; the last again and again
     */
    record Phase(String options, String labels, boolean present, List<Answer> answers) {}

    enum Ending {
        WHOLE,
        CUT_OFF,
        /** The text is all of the answer, head and body, and the connection ends behind it. */
        RAW,
        /** The same, and the connection stays. */
        RAW_KEPT
    }

    /**
     * An answer.
     *
     * @param headers each with its value; the length is added
     * @param text the body as Latin-1, so that any bytes may stand in it
     * @param ending whether it comes as a whole
     */
    record Answer(int status, Map<String, String> headers, String text, Ending ending) {
        private static final int SHOWN = 2000;

        static Answer of(String contentType, String body) {
            String latin = new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            return new Answer(200, Map.of("Content-Type", contentType), latin, Ending.WHOLE);
        }

        /** An answer to the byte, behind which the connection ends. */
        static Answer raw(String whole) {
            return new Answer(0, Map.of(), whole, Ending.RAW);
        }

        /** An answer to the byte, behind which the connection stays. */
        static Answer rawKept(String whole) {
            return new Answer(0, Map.of(), whole, Ending.RAW_KEPT);
        }

        Answer ending(Ending newEnding) {
            return new Answer(status, headers, text, newEnding);
        }

        void write(OutputStream out) throws IOException {
            byte[] body = text.getBytes(StandardCharsets.ISO_8859_1);
            if (status == 0) {
                out.write(body);
                out.flush();
                if (ending == Ending.RAW) {
                    throw new IOException("the script ends the connection");
                }
                return;
            }
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + reason() + "\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            int length = ending == Ending.CUT_OFF ? body.length + 1 : body.length;
            head.append("Content-Length: ").append(length).append("\r\n\r\n");
            out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            if (ending == Ending.CUT_OFF) {
                out.flush();
                throw new IOException("the script cuts the answer off");
            }
        }

        private String reason() {
            return switch (status) {
                case 200 -> "OK";
                case 201 -> "Created";
                case 204 -> "No Content";
                case 404 -> "Not Found";
                case 429 -> "Too Many Requests";
                case 500 -> "Internal Server Error";
                default -> "Service Unavailable";
            };
        }

        @Override
        public String toString() {
            String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
            return status + " " + new TreeMap<>(headers) + " " + ending + "\n" + shown;
        }
    }

    /** Its entry of {@code scrape_configs} in a phase. */
    String yaml(int phase, String address) {
        Phase now = phases.get(phase);
        // Of a job that is taken out as a whole Prometheus lets the series live on.
        return "- job_name: s" + number + "\n  metrics_path: /" + number + "\n" + now.options.indent(2)
                + "  static_configs: [{targets: ["
                + (now.present ? "'" + address + "'" : "") + "], labels: {__meta_phase: '" + phase + "', "
                + now.labels + "script: '" + number
                + "'}}]\n";
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < phases.size(); i++) {
            text.append("---- phase ").append(i).append('\n').append(yaml(i, "ADDRESS"));
            phases.get(i).answers.forEach(answer -> text.append(answer).append("\n"));
        }
        return text.toString();
    }
}
