// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import dev.narthex.config.ConfigException;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.config.section.SectionBuckets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Loads the buckets that the operator writes: all of them or none. A bucket whose bytes are the same as last time is not
 * unpacked again. Calls come one at a time.
 */
final class BucketLoader {
    private final String name;
    private final ConfigurationControl control;
    private final Map<String, byte[]> lastBuckets = new HashMap<>();
    private final Map<String, List<ResourceSection>> lastSections = new HashMap<>();

    /** @param name of the StorageVolume */
    BucketLoader(String name, ConfigurationControl control) {
        this.name = name;
        this.control = control;
    }

    /** The names of the Secrets, in the order of the buckets. */
    List<String> secretNames() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < SectionBuckets.COUNT; i++) {
            names.add(name + "-config-" + i);
        }
        return names;
    }

    /**
     * Puts buckets to work. While one is missing, what runs goes on.
     *
     * @param buckets by the name of their Secret
     * @return whether they are complete and were loaded
     */
    synchronized boolean load(Map<String, byte[]> buckets) {
        List<String> missing = secretNames().stream()
                .filter(secret -> !buckets.containsKey(secret))
                .toList();
        if (!missing.isEmpty()) {
            if (control.loaded().loadedAt() != null) {
                control.failed("Secrets missing, found none named " + String.join(", ", missing)
                        + "; the operator writes them again");
            }
            return false;
        }
        List<ResourceSection> sections = new ArrayList<>();
        for (Map.Entry<String, byte[]> entry : new TreeMap<>(buckets).entrySet()) {
            try {
                sections.addAll(unpack(entry.getKey(), entry.getValue()));
            } catch (ConfigException e) {
                control.failed(String.valueOf(e.getMessage()));
                return false;
            }
        }
        control.apply(sections, Collections.emptySortedMap());
        return true;
    }

    private List<ResourceSection> unpack(String secret, byte[] bucket) throws ConfigException {
        List<ResourceSection> known = lastSections.get(secret);
        if (known == null || !Arrays.equals(lastBuckets.get(secret), bucket)) {
            known = SectionBuckets.unpack(bucket, "Secret " + secret);
            lastBuckets.put(secret, bucket);
            lastSections.put(secret, known);
        }
        return known;
    }

    /**
     * Puts a mounted copy of the buckets to work.
     *
     * @param directory has a file for each bucket, with the name of its Secret
     */
    boolean load(Path directory) throws IOException {
        Map<String, byte[]> buckets = new HashMap<>();
        for (String secret : secretNames()) {
            Path file = directory.resolve(secret);
            if (Files.isRegularFile(file)) {
                buckets.put(secret, Files.readAllBytes(file));
            }
        }
        return load(buckets);
    }
}
