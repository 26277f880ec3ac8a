// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.section;

import dev.narthex.config.ConfigException;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.config.yaml.Problems;
import dev.narthex.config.yaml.YamlNode;
import dev.narthex.config.yaml.YamlParser;
import dev.narthex.config.yaml.YamlWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Sections in a fixed number of buckets, each of which the operator keeps in one Secret: a change of one resource
 * rewrites one small Secret, and no size limit is near.
 *
 * <p>A bucket is a gzip stream of a YAML document: {@code sections}, a list of {@code kind}, {@code namespace},
 * {@code name}, {@code generation} and {@code configuration} (the section's YAML as a text), ordered by resource. A
 * resource is in bucket CRC-32({@code kind/namespace/name}) modulo {@value #COUNT}. The same sections give the same
 * bytes.
 */
public final class SectionBuckets {
    /** How many buckets there are; part of the format. */
    public static final int COUNT = 16;

    /** The key of a Secret under which its bucket stands. */
    public static final String SECRET_KEY = "sections";

    private static final int MAX_BUCKET_BYTES = 256 << 20;

    private SectionBuckets() {}

    /** The bucket of a resource, from 0 to {@value #COUNT} - 1. */
    public static int bucketOf(ResourceId id) {
        CRC32 crc = new CRC32();
        crc.update((id.kind() + "/" + id.namespace() + "/" + id.name()).getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % COUNT);
    }

    /** Packs sections into {@value #COUNT} buckets, empty ones included. */
    public static List<byte[]> pack(Collection<ResourceSection> sections) {
        List<List<ResourceSection>> buckets = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            buckets.add(new ArrayList<>());
        }
        sections.stream()
                .sorted()
                .forEach(section -> buckets.get(bucketOf(section.id())).add(section));
        return buckets.stream().map(SectionBuckets::packBucket).toList();
    }

    private static byte[] packBucket(List<ResourceSection> sections) {
        List<Object> trees = new ArrayList<>();
        for (ResourceSection section : sections) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("kind", section.id().kind());
            tree.put("namespace", section.id().namespace());
            tree.put("name", section.id().name());
            tree.put("generation", section.generation());
            tree.put("configuration", section.yaml());
            trees.add(tree);
        }
        byte[] yaml = YamlWriter.write(Map.of(SECRET_KEY, trees)).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return packed.toByteArray();
    }

    /**
     * Reads one bucket.
     *
     * @param name where it came from, for errors
     * @throws ConfigException when the bytes are no bucket
     */
    public static List<ResourceSection> unpack(byte[] bucket, String name) throws ConfigException {
        Problems problems = new Problems(name);
        Optional<YamlNode> root = YamlParser.parse(decompress(bucket, problems), name);
        problems.throwIfAny();
        List<ResourceSection> sections = new ArrayList<>();
        if (root.isPresent()) {
            MappingReader reader = MappingReader.of(root.get(), "", problems);
            for (MappingReader entry : reader.mappings(SECRET_KEY)) {
                ResourceId id =
                        new ResourceId(entry.required("kind"), entry.required("namespace"), entry.required("name"));
                long generation = entry.integer("generation", 0, 0, Long.MAX_VALUE);
                sections.add(new ResourceSection(id, generation, entry.string("configuration", "")));
            }
        }
        problems.throwIfAny();
        return sections;
    }

    private static String decompress(byte[] bucket, Problems problems) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bucket))) {
            byte[] yaml = gzip.readNBytes(MAX_BUCKET_BYTES + 1);
            if (yaml.length <= MAX_BUCKET_BYTES) {
                return new String(yaml, StandardCharsets.UTF_8);
            }
            problems.add(0, 0, "", "more than " + MAX_BUCKET_BYTES + " bytes unpacked");
        } catch (IOException e) {
            problems.add(0, 0, "", "not a gzip stream: " + e.getMessage());
        }
        return "";
    }
}
