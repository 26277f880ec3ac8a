// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.Secret;
import java.util.LinkedHashMap;
import java.util.Map;

/** The discoveries that ask a registry of services or machines, none of which Narthex has. */
final class RegistryDiscoveries {
    private RegistryDiscoveries() {}

    static void consul(Section section) {
        if (section.text("server", "localhost:8500").isEmpty()) {
            section.report("server", "is empty; give host:port");
        }
        section.text("path_prefix", "");
        boolean token = !section.secret("token").isEmpty();
        section.text("datacenter", "");
        section.text("namespace", "");
        section.text("partition", "");
        section.text("tag_separator", ",");
        section.text("scheme", "http");
        String user = section.text("username", "");
        Secret password = section.secret("password");
        boolean login = !user.isEmpty() || !password.isEmpty();
        section.shownBool("allow_stale", true);
        section.duration("refresh_interval", "30s");
        section.texts("services");
        section.texts("tags");
        section.map("node_meta");
        section.text("health_filter", "");
        section.text("filter", "");
        HttpClientConfig http = section.http();
        if (login && http.basicAuth() != null) {
            section.report("basic_auth", "stands beside username and password; give one of them");
        } else if (login) {
            // Where Prometheus puts them, and shows them too.
            Map<String, Object> basic = new LinkedHashMap<>();
            if (!user.isEmpty()) {
                basic.put("username", user);
            }
            if (!password.isEmpty()) {
                basic.put("password", Secret.SHOWN);
            }
            section.fields().put("basic_auth", basic);
        }
        if (token && (http.authorization() != null || http.oauth2() != null)) {
            section.report("token", "stands beside authorization or oauth2; give one of them");
        }
    }

    static void docker(Section section) {
        section.http();
        host(section);
        section.shownInteger("port", 80);
        section.filters("filters", true);
        section.shownText("host_networking_host", "localhost");
        section.duration("refresh_interval", "1m");
        section.shownBool("match_first_network", true);
    }

    static void dockerSwarm(Section section) {
        section.http();
        host(section);
        section.oneOf("role", "", "tasks", "services", "nodes");
        section.shownInteger("port", 80);
        section.filters("filters", true);
        section.duration("refresh_interval", "1m");
    }

    private static void host(Section section) {
        if (section.url("host").isEmpty()) {
            section.report("host", "is missing; give the address of the daemon, such as unix:///var/run/docker.sock");
        }
    }

    static void eureka(Section section) {
        urlWithHost(section);
        section.http();
        section.duration("refresh_interval", "30s");
    }

    static void kuma(Section section) {
        section.http();
        section.duration("refresh_interval", "15s");
        section.duration("fetch_timeout", "2m");
        urlWithHost(section);
        section.text("client_id", "");
    }

    private static void urlWithHost(Section section) {
        String text = section.url("server");
        try {
            GoUrl url = GoUrl.parse(text);
            if (url.scheme().isEmpty() || url.host().isEmpty()) {
                section.report("server", "is missing or names no scheme or host; give a URL such as http://host:port");
            }
        } catch (IllegalArgumentException _) {
            // Reported already where it was read.
        }
    }

    static void marathon(Section section) {
        if (section.texts("servers").isEmpty()) {
            section.report("servers", "is missing; give one server at least");
        }
        section.duration("refresh_interval", "30s");
        boolean token = !section.secret("auth_token").isEmpty();
        boolean file = !section.path("auth_token_file").isEmpty();
        HttpClientConfig http = section.http();
        if (token && file) {
            section.report("auth_token_file", "stands beside auth_token; give one of them");
        }
        if ((token || file) && (http.basicAuth() != null || http.authorization() != null)) {
            section.report(
                    token ? "auth_token" : "auth_token_file", "stands beside another way to log in; give one of them");
        }
    }

    static void zookeeper(Section section) {
        if (section.texts("servers").isEmpty()) {
            section.report("servers", "is missing; give one Zookeeper server at least");
        }
        if (section.texts("paths").isEmpty()) {
            section.report("paths", "is missing; give one path at least");
        }
        for (String path : section.reader().strings("paths")) {
            if (!path.startsWith("/")) {
                section.report("paths", "found \"" + path + "\"; a path that begins with a slash is expected");
            }
        }
        section.duration("timeout", "10s");
    }

    static void nomad(Section section) {
        section.shownBool("allow_stale", true);
        section.http();
        section.shownText("namespace", "default");
        section.duration("refresh_interval", "1m");
        section.shownText("region", "global");
        if (section.shownText("server", "http://localhost:4646").isBlank()) {
            section.report("server", "is empty; give a URL");
        }
        section.text("tag_separator", ",");
    }

    static void puppetDb(Section section) {
        section.http();
        section.duration("refresh_interval", "1m");
        ConfigValues.httpUrl(section.reader(), "url");
        section.text("url", "");
        section.required("query");
        section.shownBool("include_parameters", false);
        section.shownInteger("port", 80);
    }

    static void uyuni(Section section) {
        if (section.text("server", "").isEmpty()) {
            section.report("server", "is missing; give a URL");
        }
        ConfigValues.checkUrl(section.reader(), "server");
        section.required("username");
        if (section.secret("password").isEmpty()) {
            section.report("password", "is missing; give one");
        }
        section.http();
        section.text("entitlement", "monitoring_entitled");
        section.text("separator", ",");
        section.duration("refresh_interval", "1m");
    }
}
