// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.desired;

import dev.narthex.config.ConfigException;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.config.section.SectionBuckets;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Secrets that hold the configuration of a runtime, one for each bucket. */
public final class ConfigurationSecrets {
    /** The type of these Secrets. */
    public static final String TYPE = "monitoring.narthex.dev/configuration";

    private ConfigurationSecrets() {}

    /** The Secrets of sections, empty buckets included. */
    public static List<Secret> of(VolumeNames names, Collection<ResourceSection> sections) {
        List<byte[]> buckets = SectionBuckets.pack(sections);
        List<Secret> secrets = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            secrets.add(new SecretBuilder()
                    .withMetadata(names.owned(names.configurationSecret(i)))
                    .withType(TYPE)
                    .withData(Map.of(
                            SectionBuckets.SECRET_KEY, Base64.getEncoder().encodeToString(buckets.get(i))))
                    .build());
        }
        return secrets;
    }

    /** The sections that Secrets hold; a Secret that cannot be read counts as empty, for it will be written anew. */
    public static Map<ResourceId, ResourceSection> read(Collection<Secret> secrets) {
        Map<ResourceId, ResourceSection> sections = new TreeMap<>();
        for (Secret secret : secrets) {
            Map<String, String> data = secret.getData();
            String bucket = data == null ? null : data.get(SectionBuckets.SECRET_KEY);
            if (!TYPE.equals(secret.getType()) || bucket == null) {
                continue;
            }
            try {
                String name = secret.getMetadata().getName();
                for (ResourceSection section :
                        SectionBuckets.unpack(Base64.getDecoder().decode(bucket), name)) {
                    sections.put(section.id(), section);
                }
            } catch (ConfigException | IllegalArgumentException _) {
                // Changed by somebody else: nothing of it is worth keeping.
            }
        }
        return sections;
    }
}
