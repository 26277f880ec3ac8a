// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.ConfigException;
import dev.narthex.config.yaml.YamlNode;
import dev.narthex.config.yaml.YamlParser;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a token server says (RFC 6749, section 5.1): an object of JSON, or in the way of older servers the parameters of a
 * form.
 */
final class OAuth2Answer {
    private static final Set<String> FORMS = Set.of("application/x-www-form-urlencoded", "text/plain");
    /** Where a number in quotes, and null, is taken too. */
    private static final String EXPIRY = "expires_in";

    private OAuth2Answer() {}

    /**
     * The values that it gives, by name.
     *
     * @throws IOException saying why it is none
     */
    static Map<String, String> values(String contentType, String text) throws IOException {
        String type = contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        return FORMS.contains(type) ? form(text) : json(text);
    }

    private static Map<String, String> form(String text) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            try {
                String name = URLDecoder.decode(equals < 0 ? part : part.substring(0, equals), StandardCharsets.UTF_8);
                String value = equals < 0 ? "" : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
                values.putIfAbsent(name, value);
            } catch (IllegalArgumentException e) {
                throw new IOException("oauth2: cannot parse response: " + e.getMessage(), e);
            }
        }
        return values;
    }

    private static Map<String, String> json(String text) throws IOException {
        String object = text.strip();
        if (object.isEmpty()) {
            throw unreadable("unexpected end of JSON input");
        }
        if (!object.startsWith("{") || !object.endsWith("}")) {
            throw unreadable("an object is expected, and nothing behind it");
        }
        YamlNode root;
        try {
            // JSON is YAML.
            root = YamlParser.parse(object.replace('\t', ' '), "oauth2").orElse(null);
        } catch (ConfigException e) {
            throw unreadable(String.valueOf(e.getMessage()));
        }
        Map<String, String> values = new HashMap<>();
        if (root instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                if (entry.value() instanceof YamlNode.Scalar scalar && !scalar.isNull()) {
                    check(entry.key(), scalar);
                    values.put(entry.key(), scalar.text());
                }
            }
        }
        return values;
    }

    private static void check(String name, YamlNode.Scalar value) throws IOException {
        switch (name) {
            case "access_token", "token_type", "error", "error_description", "error_uri" -> {
                if (value.plain()) {
                    throw unreadable(name + " is no text");
                }
            }
            case EXPIRY -> {
                if (!value.text().matches("-?[0-9]{1,18}")) {
                    throw unreadable(name + " is no whole number");
                }
            }
            default -> {
                // Of no interest.
            }
        }
    }

    private static IOException unreadable(String why) {
        return new IOException("oauth2: cannot parse json: " + why);
    }
}
