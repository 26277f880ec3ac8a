// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.yaml.YamlWriter;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The discoveries that ask the interface of a cloud, none of which Narthex has. */
final class CloudDiscoveries {
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern SCALEWAY_KEY = Pattern.compile("SCW[A-Z0-9]{17}");
    private static final Pattern SCALEWAY_ZONE = Pattern.compile("[a-z]{2}-[a-z]{3}-[0-9]+");

    private CloudDiscoveries() {}

    static void aws(Section section) {
        section.oneOf("role", "", "ec2", "lightsail", "ecs", "msk", "elasticache", "rds");
        // Prometheus has no defaults here before it knows the role, and shows none.
        for (String field : List.of("endpoint", "region")) {
            section.text(field, "");
        }
        access(section);
        section.duration("refresh_interval", "0s");
        section.integer("port", 0);
        section.lenientHttp(false, false);
        section.filters("filters", false);
        section.texts("clusters");
    }

    static void lightsail(Section section) {
        credentials(section);
    }

    private static void credentials(Section section) {
        section.shownText("endpoint", "");
        section.shownText("region", "");
        access(section);
        section.duration("refresh_interval", "1m");
        section.shownInteger("port", 80);
        section.http();
    }

    private static void access(Section section) {
        section.text("access_key", "");
        section.secret("secret_key");
        section.text("profile", "");
        section.text("role_arn", "");
        section.text("external_id", "");
    }

    static void azure(Section section) {
        section.text("environment", "AzurePublicCloud");
        section.shownInteger("port", 80);
        section.required("subscription_id");
        String tenant = section.text("tenant_id", "");
        String client = section.text("client_id", "");
        boolean secret = !section.secret("client_secret").isEmpty();
        section.duration("refresh_interval", "5m");
        String method =
                section.oneOf("authentication_method", "OAuth", "OAuth", "ManagedIdentity", "SDK", "WorkloadIdentity");
        section.text("resource_group", "");
        section.http();
        if (method.equals("OAuth")) {
            requireAll(section, "for OAuth", List.of("tenant_id", "client_id"), List.of(tenant, client));
            if (!secret) {
                section.report("client_secret", "is missing; OAuth needs it");
            }
        }
    }

    private static void requireAll(Section section, String why, List<String> names, List<String> values) {
        for (int i = 0; i < names.size(); i++) {
            if (values.get(i).isEmpty()) {
                section.report(names.get(i), "is missing; it is needed " + why);
            }
        }
    }

    static void digitalOcean(Section section) {
        section.http();
        section.duration("refresh_interval", "1m");
        section.shownInteger("port", 80);
        section.oneOf("role", "droplets", "droplets", "databases");
        // A variable of Prometheus that shows, and may therefore be written.
        section.reader().mapping("httpclient");
        section.fields().put("httpclient", YamlWriter.NULL);
    }

    static void gce(Section section) {
        section.required("project");
        section.required("zone");
        section.text("filter", "");
        section.duration("refresh_interval", "1m");
        section.shownInteger("port", 80);
        section.text("tag_separator", ",");
    }

    static void hetzner(Section section) {
        section.http();
        section.duration("refresh_interval", "1m");
        section.shownInteger("port", 80);
        section.oneOf("role", "", "robot", "hcloud");
        section.text("label_selector", "");
    }

    static void ionos(Section section) {
        section.required("datacenter_id");
        simple(section);
    }

    static void vultr(Section section) {
        simple(section);
    }

    static void linode(Section section) {
        simple(section);
        section.text("tag_separator", ",");
        section.text("region", "");
    }

    private static void simple(Section section) {
        section.http();
        section.duration("refresh_interval", "1m");
        section.shownInteger("port", 80);
    }

    static void oci(Section section) {
        String method = section.oneOf("auth", "api_key", "api_key", "instance_principal");
        section.required("region");
        String tenancy = section.text("tenancy", "");
        String user = section.text("user", "");
        String fingerprint = section.text("fingerprint", "");
        String keyFile = section.path("key_file");
        if (method.equals("instance_principal")) {
            List<String> ofKeys =
                    List.of("tenancy", "user", "fingerprint", "key_file", "key_passphrase", "key_passphrase_file");
            for (String field : ofKeys) {
                if (section.reader().isGiven(field)) {
                    section.report(field, "has no meaning for instance_principal; remove it or choose api_key");
                }
            }
        }
        if (method.equals("api_key")) {
            requireAll(
                    section,
                    "for an API key",
                    List.of("tenancy", "user", "fingerprint", "key_file"),
                    List.of(tenancy, user, fingerprint, keyFile));
        }
        boolean passphrase = !section.secret("key_passphrase").isEmpty();
        if (!section.path("key_passphrase_file").isEmpty() && passphrase) {
            section.report("key_passphrase_file", "stands beside key_passphrase; give one of them");
        }
        if (section.texts("compartments").contains("")) {
            section.report("compartments", "has an empty entry; remove it");
        }
        simple(section);
        requireInterval(section);
    }

    private static void requireInterval(Section section) {
        boolean isZero = section.reader().isWritten("refresh_interval")
                && ConfigValues.duration(section.reader(), "refresh_interval", Duration.ZERO)
                        .isZero();
        if (isZero) {
            section.report("refresh_interval", "is zero; give a duration greater than 0");
        }
    }

    static void openStack(Section section) {
        for (String field : List.of("identity_endpoint", "username", "userid")) {
            section.shownText(field, "");
        }
        secretOrNull(section, "password");
        for (String field : List.of(
                "project_name",
                "project_id",
                "domain_name",
                "domain_id",
                "application_credential_name",
                "application_credential_id")) {
            section.shownText(field, "");
        }
        secretOrNull(section, "application_credential_secret");
        section.oneOf("role", "", "instance", "hypervisor", "loadbalancer");
        section.required("region");
        section.duration("refresh_interval", "1m");
        section.shownInteger("port", 80);
        section.bool("all_tenants", false);
        section.tls();
        section.oneOf("availability", "public", "public", "admin", "internal");
    }

    /** Prometheus shows a secret that is not there as null here. */
    private static void secretOrNull(Section section, String field) {
        if (section.secret(field).isEmpty()) {
            section.fields().put(field, YamlWriter.NULL);
        }
    }

    static void outscale(Section section) {
        String region = section.shownText("region", "");
        if (region.isEmpty() && section.reader().isWritten("region")) {
            section.report("region", "is empty; name one, such as eu-west-2");
        }
        section.shownText("endpoint", "https://api." + region + ".outscale.com/api/v1");
        section.required("access_key");
        oneSecretKey(section);
        simple(section);
    }

    private static void oneSecretKey(Section section) {
        boolean secret = !section.secret("secret_key").isEmpty();
        String file = section.path("secret_key_file");
        section.fields().put("secret_key_file", file);
        if (secret != file.isEmpty()) {
            section.report("secret_key", "or secret_key_file is needed; give one of them");
        }
    }

    static void ovhCloud(Section section) {
        if (section.shownText("endpoint", "ovh-eu").isEmpty()) {
            section.report("endpoint", "is empty; name one, such as ovh-eu");
        }
        section.required("application_key");
        for (String field : List.of("application_secret", "consumer_key")) {
            if (section.secret(field).isEmpty()) {
                section.report(field, "is missing; give one");
            }
        }
        section.duration("refresh_interval", "1m");
        section.oneOf("service", "", "vps", "dedicated_server");
    }

    static void scaleway(Section section) {
        if (!UUID.matcher(section.required("project_id")).matches()) {
            section.report("project_id", "is no UUID; give the identifier of a project");
        }
        if (section.text("api_url", "https://api.scaleway.com").isEmpty()) {
            section.report("api_url", "is empty; leave it out for https://api.scaleway.com");
        }
        if (!SCALEWAY_ZONE.matcher(section.text("zone", "fr-par-1")).matches()) {
            section.report("zone", "is no zone; give one such as fr-par-1");
        }
        if (!SCALEWAY_KEY.matcher(section.required("access_key")).matches()) {
            section.report("access_key", "is no access key; these look like SCWXXXXXXXXXXXXXXXXX");
        }
        String secret = section.reader().secret("secret_key").value();
        if (!secret.isEmpty() && !UUID.matcher(secret).matches()) {
            section.report("secret_key", "is no secret key; these are UUIDs");
        }
        oneSecretKey(section);
        section.text("name_filter", "");
        section.texts("tags_filter");
        simple(section);
        section.oneOf("role", "", "instance", "baremetal");
    }

    static void stackit(Section section) {
        section.http();
        section.shownText("project", "");
        section.duration("refresh_interval", "1m");
        section.shownInteger("port", 80);
        String region = section.text("region", "eu01");
        String endpoint = section.url("endpoint");
        if (region.isEmpty() && endpoint.isEmpty()) {
            section.report("region", "and endpoint are empty; give one of them");
        }
        section.secret("service_account_key");
        section.text("service_account_key_path", "");
        section.secret("private_key");
        section.path("private_key_path");
        section.path("credentials_file_path");
    }

    static void triton(Section section) {
        section.required("account");
        section.oneOf("role", "container", "container", "cn");
        section.required("dns_suffix");
        section.required("endpoint");
        section.texts("groups");
        section.shownInteger("port", 9163);
        section.duration("refresh_interval", "1m");
        requireInterval(section);
        section.tls();
        section.shownInteger("version", 1);
    }
}
