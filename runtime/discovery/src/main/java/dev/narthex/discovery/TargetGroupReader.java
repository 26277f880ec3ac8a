// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.file.PrometheusFiles;
import dev.narthex.config.yaml.YamlNode;
import dev.narthex.config.yaml.YamlParser;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads lists of target groups as they stand in files and in answers of HTTP servers (Prometheus documentation,
 * "file_sd_config" and "http_sd_config"): {@code [{targets: [address, ...], labels: {name: value, ...}}, ...]}.
 */
public final class TargetGroupReader {
    static final String ADDRESS = "__address__";

    private final String where;

    private TargetGroupReader(String where) {
        this.where = where;
    }

    /**
     * A group without a source yet.
     *
     * @param targets one label set a target, with its address alone
     */
    public record Group(Labels labels, List<Labels> targets) {
        public Group {
            targets = List.copyOf(targets);
        }
    }

    /**
     * Reads a list.
     *
     * @param json whether the text is JSON, in which addresses and label values are strings and nothing else
     * @param where the name of the text in errors
     * @throws ConfigException when the text is not such a list
     */
    public static List<Group> read(String text, boolean json, String where) throws ConfigException {
        if (json) {
            return TargetGroupJson.read(text, where);
        }
        YamlNode root = YamlParser.parse(text, where).orElse(null);
        return root == null ? List.of() : new TargetGroupReader(where).groups(root);
    }

    /**
     * Reads a file, JSON or YAML by the end of its name.
     *
     * @throws IOException when a JSON file cannot be read
     * @throws ConfigException when a YAML file cannot, or what stands in a file is no such list
     */
    public static List<Group> readFile(Path file) throws IOException, ConfigException {
        String name = file.toString();
        boolean json = name.toLowerCase(Locale.ROOT).endsWith(".json");
        // In JSON, bytes that are no UTF-8 are replaced, as Go does; YAML may be UTF-16.
        String text = json ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : PrometheusFiles.text(file);
        return read(text, json, name);
    }

    private List<Group> groups(YamlNode root) throws ConfigException {
        if (isNull(root)) {
            return List.of();
        }
        List<Group> groups = new ArrayList<>();
        for (YamlNode item : sequence(root, "target groups").items()) {
            groups.add(group(item));
        }
        return groups;
    }

    private Group group(YamlNode item) throws ConfigException {
        if (isNull(item)) {
            throw problem(item, "nil target group item found; a mapping with targets and labels is accepted");
        }
        if (!(item instanceof YamlNode.Mapping mapping)) {
            throw problem(
                    item, "a target group that is " + item.kind() + "; a mapping with targets and labels is accepted");
        }
        List<Labels> targets = new ArrayList<>();
        LabelsBuilder labels = Labels.builder();
        for (YamlNode.Entry entry : mapping.entries()) {
            switch (entry.key()) {
                case "targets" -> readTargets(entry.value(), targets);
                case "labels" -> readLabels(entry.value(), labels);
                default -> throw problem(item, "unknown key " + entry.key() + "; accepted are targets and labels");
            }
        }
        return new Group(labels.build(), targets);
    }

    private void readTargets(YamlNode value, List<Labels> targets) throws ConfigException {
        if (isNull(value)) {
            return;
        }
        for (YamlNode target : sequence(value, "targets").items()) {
            targets.add(Labels.of(ADDRESS, text(target, "a target")));
        }
    }

    private void readLabels(YamlNode value, LabelsBuilder labels) throws ConfigException {
        if (isNull(value)) {
            return;
        }
        if (!(value instanceof YamlNode.Mapping mapping)) {
            throw problem(value, "labels that are " + value.kind() + "; a mapping of names to values is accepted");
        }
        for (YamlNode.Entry label : mapping.entries()) {
            if (!LabelNames.isValidUtf8(label.key()) || label.key().isEmpty()) {
                throw problem(value, "invalid label name \"" + label.key() + "\"");
            }
            labels.set(label.key(), text(label.value(), "the value of label " + label.key()));
        }
    }

    private String text(YamlNode node, String what) throws ConfigException {
        if (node instanceof YamlNode.Scalar scalar) {
            return scalar.isNull() ? "" : scalar.text();
        }
        throw problem(node, what + " that is no string; write it in quotes");
    }

    private YamlNode.Sequence sequence(YamlNode node, String what) throws ConfigException {
        if (node instanceof YamlNode.Sequence sequence) {
            return sequence;
        }
        throw problem(node, what + " that are " + node.kind() + "; a list is accepted");
    }

    private static boolean isNull(@Nullable YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.isNull();
    }

    private ConfigException problem(YamlNode node, String what) {
        return new ConfigException(List.of(new ConfigProblem(where, "", node.line(), node.column(), what)));
    }
}
