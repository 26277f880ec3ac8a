// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.manifests;

import dev.narthex.crds.manifest.ManifestCompiler;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.syntax.PromqlParser;
import dev.narthex.template.AlertTemplate;
import dev.narthex.template.TemplateException;
import java.util.Optional;

/** Gives the compiler of manifests the languages that this program has. */
final class FolderCompilers {
    private FolderCompilers() {}

    static ManifestCompiler standard() {
        return new ManifestCompiler(FolderCompilers::promqlProblem, FolderCompilers::templateProblem);
    }

    private static Optional<String> promqlProblem(String text) {
        try {
            var _ = PromqlParser.parse(text);
            return Optional.empty();
        } catch (PromqlParseException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> templateProblem(String text) {
        try {
            var _ = AlertTemplate.parse("template", text);
            return Optional.empty();
        } catch (TemplateException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
