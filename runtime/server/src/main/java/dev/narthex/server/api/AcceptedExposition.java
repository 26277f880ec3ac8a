// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import java.util.Locale;

/** What an Accept header field (RFC 9110) says of the exposition formats that {@code /federate} has. */
final class AcceptedExposition {
    private AcceptedExposition() {}

    /** Whether protobuf messages with their lengths in front are asked for before plain text: the greatest q, then the first. */
    static boolean isProtobuf(String accept) {
        boolean protobuf = false;
        double most = 0;
        for (String clause : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = clause.split(";", -1);
            String proto = "";
            String encoding = "";
            double q = 1;
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].strip();
                int equals = parameter.indexOf('=');
                String value = parameter.substring(equals + 1).strip();
                switch (equals < 0 ? "" : parameter.substring(0, equals).strip()) {
                    case "proto" -> proto = value;
                    case "encoding" -> encoding = value;
                    case "q" -> q = quality(value);
                    default -> {}
                }
            }
            String type = parts[0].strip();
            boolean delimited = type.equals("application/vnd.google.protobuf")
                    && proto.equals("io.prometheus.client.metricfamily")
                    && encoding.equals("delimited");
            if ((delimited || type.equals("text/plain")) && q > most) {
                most = q;
                protobuf = delimited;
            }
        }
        return protobuf;
    }

    private static double quality(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return 1;
        }
    }
}
