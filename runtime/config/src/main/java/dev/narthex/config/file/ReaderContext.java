// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.yaml.MappingReader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the meaning of a file depends on beside its text.
 *
 * @param environment gives the value of an environment variable, empty where there is none
 * @param folder what relative paths are relative to; null to leave them as they are
 * @param protobufFirst whether targets are asked for protobuf first where nothing is said
 */
record ReaderContext(
        UnaryOperator<String> environment, @Nullable Path folder, boolean protobufFirst) {
    /** The value of a field that holds a path, resolved; empty where the field is absent. */
    String path(MappingReader reader, String field) {
        return resolve(reader, field, reader.string(field, ""));
    }

    /** The values of a field that holds a list of paths, resolved. */
    List<String> paths(MappingReader reader, String field) {
        List<String> paths = new ArrayList<>();
        for (String path : reader.strings(field)) {
            paths.add(resolve(reader, field, path));
        }
        return paths;
    }

    private String resolve(MappingReader reader, String field, String path) {
        if (path.isEmpty() || folder == null || path.startsWith("/")) {
            return path;
        }
        try {
            return folder.resolve(path).normalize().toString();
        } catch (InvalidPathException e) {
            reader.report(field, "is not a path: " + e.getReason());
            return path;
        }
    }
}
