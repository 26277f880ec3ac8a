// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.NameValidationScheme;
import dev.narthex.config.yaml.MappingReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Checks the sections of a prometheus.yml that nothing in this build acts on, for what shows them. */
final class PassiveSections {
    private final ReaderContext context;
    private final NameValidationScheme names;

    PassiveSections(ReaderContext context, NameValidationScheme names) {
        this.context = context;
        this.names = names;
    }

    /** The sections by name, as Prometheus shows them; notes each that is there as unsupported. */
    Map<String, Object> read(MappingReader root) {
        Map<String, Object> sections = new LinkedHashMap<>();
        if (root.has("tracing")) {
            sections.put("tracing", tracing(new Section(root.mapping("tracing"), context)));
            root.unsupported("tracing");
        }
        RemoteReader remote = new RemoteReader(context, names);
        put(root, sections, "remote_write", remote.writes(root));
        put(root, sections, "remote_read", remote.reads(root));
        if (root.has("otlp")) {
            sections.put("otlp", otlp(new Section(root.mapping("otlp"), context)));
            root.unsupported("otlp");
        }
        return sections;
    }

    private static void put(MappingReader root, Map<String, Object> sections, String field, List<Object> trees) {
        if (!trees.isEmpty()) {
            sections.put(field, trees);
            root.unsupported(field);
        }
    }

    private static Map<String, Object> tracing(Section section) {
        if (section.reader().has("client_type") || !section.reader().isWritten("client_type")) {
            section.oneOf("client_type", "grpc", "http", "grpc");
        } else {
            section.fields().put("client_type", "");
        }
        section.required("endpoint");
        section.number("sampling_fraction", 0);
        section.bool("insecure", false);
        section.tls();
        for (String name : section.reader().stringMap("headers").keySet()) {
            if (name.toLowerCase(Locale.ROOT).equals("authorization")) {
                section.report("headers", name + " may not stand here; remove it");
            }
        }
        RemoteReader.checkHeaders(section);
        String compression = section.text("compression", "");
        if (!compression.isEmpty() && !compression.equals("gzip")) {
            section.report("compression", "found \"" + compression + "\"; gzip is expected");
        }
        section.duration("timeout", "0s");
        return section.finish();
    }

    private Map<String, Object> otlp(Section section) {
        boolean all = section.bool("promote_all_resource_attributes", false);
        List<String> promoted = attributes(section, "promote_resource_attributes");
        List<String> ignored = attributes(section, "ignore_resource_attributes");
        if (all && !promoted.isEmpty()) {
            section.report("promote_resource_attributes", "stands beside promote_all_resource_attributes; give one");
        }
        if (!all && !ignored.isEmpty()) {
            section.report("ignore_resource_attributes", "has no meaning without promote_all_resource_attributes");
        }
        String strategy = section.text("translation_strategy", "UnderscoreEscapingWithSuffixes");
        switch (strategy) {
            case "", "UnderscoreEscapingWithSuffixes", "UnderscoreEscapingWithoutSuffixes" -> {
                // Goes with every scheme of names.
            }
            case "NoUTF8EscapingWithSuffixes", "NoTranslation" -> {
                if (names == NameValidationScheme.LEGACY) {
                    section.report("translation_strategy", strategy + " does not go with legacy names");
                }
            }
            default ->
                section.report(
                        "translation_strategy",
                        "found \"" + strategy + "\"; one of UnderscoreEscapingWithSuffixes, NoUTF8EscapingWithSuffixes,"
                                + " UnderscoreEscapingWithoutSuffixes, NoTranslation is expected");
        }
        section.bool("keep_identifying_resource_attributes", false);
        section.bool("convert_histograms_to_nhcb", false);
        section.bool("promote_scope_metadata", false);
        section.bool("label_name_underscore_sanitization", true);
        section.bool("label_name_preserve_multiple_underscores", true);
        return section.finish();
    }

    private static List<String> attributes(Section section, String field) {
        List<String> seen = new ArrayList<>();
        for (String written : section.reader().strings(field)) {
            String attribute = written.strip();
            if (attribute.isEmpty()) {
                section.report(field, "has an empty entry; remove it");
            } else if (seen.contains(attribute)) {
                section.report(field, "\"" + attribute + "\" occurs twice; remove one of them");
            }
            seen.add(attribute);
        }
        section.fields().given(field, seen);
        return seen;
    }
}
