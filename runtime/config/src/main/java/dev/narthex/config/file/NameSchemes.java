// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.NameEscapingScheme;
import dev.narthex.config.NameValidationScheme;
import dev.narthex.config.ScrapeProtocol;
import dev.narthex.config.yaml.MappingReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the fields on names and protocols that {@code global} and {@code scrape_configs} share. */
final class NameSchemes {
    private NameSchemes() {}

    /** The validation scheme of a section; the fallback where none is given. */
    static NameValidationScheme validation(MappingReader reader, NameValidationScheme fallback) {
        if (reader.string("metric_name_validation_scheme", "").isEmpty()) {
            return fallback;
        }
        return ConfigValues.oneOf(
                reader,
                "metric_name_validation_scheme",
                fallback,
                List.of(NameValidationScheme.values()),
                NameValidationScheme::text);
    }

    /** The escaping scheme of a section, empty where none is given. */
    static Optional<NameEscapingScheme> escaping(MappingReader reader) {
        return escaping(reader, true);
    }

    /**
     * The same.
     *
     * @param counts whether anything goes by it; where nothing does, one that is unknown is passed over
     */
    static Optional<NameEscapingScheme> escaping(MappingReader reader, boolean counts) {
        String text = reader.string("metric_name_escaping_scheme", "");
        Optional<NameEscapingScheme> found = Arrays.stream(NameEscapingScheme.values())
                .filter(scheme -> scheme.text().equals(text))
                .findFirst();
        if (found.isEmpty() && !text.isEmpty() && counts) {
            ConfigValues.oneOf(
                    reader,
                    "metric_name_escaping_scheme",
                    NameEscapingScheme.ALLOW_UTF_8,
                    List.of(NameEscapingScheme.values()),
                    NameEscapingScheme::text);
        }
        return found;
    }

    /** The protocols of a section; empty where the field is absent. */
    static List<ScrapeProtocol> protocols(MappingReader reader) {
        List<ScrapeProtocol> protocols = new ArrayList<>();
        if (!reader.has("scrape_protocols")) {
            return protocols;
        }
        for (String text : reader.strings("scrape_protocols")) {
            Optional<ScrapeProtocol> found = find(text);
            if (found.isEmpty()) {
                reader.report("scrape_protocols", unknown(text));
            } else if (protocols.contains(found.get())) {
                reader.report("scrape_protocols", text + " occurs twice; remove one of them");
            } else {
                protocols.add(found.get());
            }
        }
        if (reader.list("scrape_protocols").isEmpty()) {
            reader.report("scrape_protocols", "is empty; name one protocol at least, or leave the field out");
        }
        return protocols;
    }

    /** The protocol that an answer without a usable content type is read by, empty for none. */
    static Optional<ScrapeProtocol> fallback(MappingReader reader) {
        String text = reader.string("fallback_scrape_protocol", "");
        Optional<ScrapeProtocol> found = find(text);
        if (found.isEmpty() && !text.isEmpty()) {
            reader.report("fallback_scrape_protocol", unknown(text));
        }
        return found;
    }

    private static Optional<ScrapeProtocol> find(String text) {
        return Arrays.stream(ScrapeProtocol.values())
                .filter(protocol -> protocol.text().equals(text))
                .findFirst();
    }

    private static String unknown(String text) {
        List<String> names =
                Arrays.stream(ScrapeProtocol.values()).map(ScrapeProtocol::text).toList();
        return "found \"" + text + "\"; one of " + String.join(", ", names) + " is expected";
    }
}
