// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong in a document, so that all of it is reported at once. */
public final class Problems {
    private final String file;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<ConfigProblem> unsupported = new ArrayList<>();

    /**
     * Begins with none.
     *
     * @param file the document's name in errors
     */
    public Problems(String file) {
        this.file = file;
    }

    public String file() {
        return file;
    }

    public void add(YamlNode at, String path, String message) {
        add(at.line(), at.column(), path, message);
    }

    public void add(int line, int column, String path, String message) {
        ConfigProblem problem = new ConfigProblem(file, path, line, column, message);
        // A field that is read for two purposes is wrong once.
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** Notes what is valid, but nothing that this build can do. */
    public void addUnsupported(int line, int column, String path, String message) {
        unsupported.add(new ConfigProblem(file, path, line, column, message));
    }

    /** What is valid, but nothing that this build can do. */
    public List<ConfigProblem> unsupported() {
        return List.copyOf(unsupported);
    }

    /** What is wrong so far. */
    public List<ConfigProblem> problems() {
        return List.copyOf(problems);
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /**
     * Does nothing where there are no problems.
     *
     * @throws ConfigException carrying all of them
     */
    public void throwIfAny() throws ConfigException {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /**
     * Does nothing where there are no problems.
     *
     * @throws ConfigException carrying all of them, and then what is unsupported
     */
    public void throwAllIfAny() throws ConfigException {
        if (!problems.isEmpty()) {
            List<ConfigProblem> all = new ArrayList<>(problems);
            all.addAll(unsupported);
            throw new ConfigException(all);
        }
    }
}
