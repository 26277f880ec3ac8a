// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.yaml.YamlBytes;
import dev.narthex.config.yaml.YamlPlace;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a prometheus.yml from disk together with the files of scrape configurations that it names. Paths in a file are
 * relative to the folder of that file. May be shared between threads.
 */
public final class PrometheusFiles {
    private final ConfigLoader loader;

    public PrometheusFiles(ConfigLoader loader) {
        this.loader = loader;
    }

    /**
     * Reads and checks; what this build cannot do is noted.
     *
     * @throws ConfigException with the problems of all files
     */
    public Checked<PrometheusConfig> read(Path file) throws ConfigException {
        Checked<PrometheusConfig> main = checkAlone(file);
        List<ConfigProblem> problems = new ArrayList<>();
        List<ConfigProblem> unsupported = new ArrayList<>(main.unsupported());
        List<ScrapeConfig> included = new ArrayList<>();
        Map<String, String> jobs = new HashMap<>();
        main.value().scrapeConfigs().forEach(job -> jobs.put(job.jobName(), file.toString()));
        for (String pattern : main.value().scrapeConfigFiles()) {
            for (Path path : matching(file, "scrape_config_files", pattern)) {
                try {
                    Checked<List<ScrapeConfig>> read = loader.checkScrapeConfigs(
                            text(path),
                            path.toString(),
                            folder(path),
                            main.value().global());
                    unsupported.addAll(read.unsupported());
                    included.addAll(read.value());
                    for (ScrapeConfig job : read.value()) {
                        String before = jobs.putIfAbsent(job.jobName(), path.toString());
                        if (before != null) {
                            problems.add(new ConfigProblem(
                                    path.toString(),
                                    "scrape_configs",
                                    0,
                                    0,
                                    "job \"" + job.jobName() + "\" is in " + before
                                            + " too; job names must be unique"));
                        }
                    }
                } catch (ConfigException e) {
                    problems.addAll(e.problems());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Checked<>(main.value().withIncluded(included), unsupported);
    }

    /** Reads and checks the file itself, and none of those that it names. */
    PrometheusConfig readAlone(Path file) throws ConfigException {
        return checkAlone(file).value();
    }

    /** The same; what this build cannot do is noted. */
    public Checked<PrometheusConfig> checkAlone(Path file) throws ConfigException {
        return loader.checkPrometheus(text(file), file.toString(), folder(file));
    }

    /**
     * The files that a pattern stands for, sorted; none is no error, as in Prometheus.
     *
     * @param file what names the pattern, for errors
     */
    public static List<Path> matching(Path file, String field, String pattern) throws ConfigException {
        if (pattern.isEmpty()) {
            return List.of();
        }
        try {
            return PathGlob.expand(Path.of(pattern));
        } catch (IOException e) {
            throw new ConfigException(List.of(YamlPlace.problem(
                    text(file), file.toString(), field, pattern + " cannot be listed: " + e.getMessage())));
        }
    }

    /** The text of a file. */
    public static String text(Path file) throws ConfigException {
        try {
            return YamlBytes.text(Files.readAllBytes(file));
        } catch (IOException e) {
            throw refusal(file, "cannot be read: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file; check the path";
            case AccessDeniedException _ -> "permission denied; give the user of this process the right to read it";
            case CharacterCodingException _ -> "it is not UTF-16, as its first bytes say; save it as UTF-8";
            default -> e.getMessage() + "; check that it is a file and readable";
        };
    }

    private static @Nullable Path folder(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }

    private static ConfigException refusal(Path file, String message) {
        return new ConfigException(List.of(new ConfigProblem(file.toString(), "", 0, 0, message)));
    }
}
