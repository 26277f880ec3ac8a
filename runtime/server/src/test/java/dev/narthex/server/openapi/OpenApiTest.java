// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.yaml.YamlParser;
import dev.narthex.config.yaml.YamlTree;
import dev.narthex.server.http.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static String text(String version) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OpenApi.describe(Request.get("/api/v1/openapi.yaml", "openapi_version=" + version))
                .body()
                .writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Map<?, ?> tree(String version) throws Exception {
        return (Map<?, ?>)
                YamlTree.of(YamlParser.parse(text(version), "openapi.yaml").orElseThrow());
    }

    @Test
    void isOfTheVersionThatIsAskedFor() throws Exception {
        assertThat(tree("").get("openapi")).isEqualTo("3.1.0");
        assertThat(tree("x").get("openapi")).isEqualTo("3.1.0");
        assertThat(tree("3.2").get("openapi")).isEqualTo("3.2.0");
        // A stream of events can be described from 3.2 on.
        assertThat(text("3.1")).doesNotContain("/notifications/live");
        assertThat(text("3.2")).contains("/notifications/live");
    }

    @Test
    void refersToNothingThatIsNotThere() throws Exception {
        Matcher references = Pattern.compile("#/components/schemas/(\\w+)").matcher(text("3.2"));
        List<String> unknown = new ArrayList<>();
        int count = 0;
        while (references.find()) {
            count++;
            if (!Schemas.named().containsKey(references.group(1))) {
                unknown.add(references.group(1));
            }
        }
        assertThat(count).isPositive();
        assertThat(unknown).isEmpty();
    }

    @Test
    void namesEachOperationOnceAndSaysWhatMustBeThere() {
        List<String> names = new ArrayList<>();
        for (Operation operation : Operations.all(true)) {
            operation.tree().values().forEach(tree -> names.add(String.valueOf(((Map<?, ?>) tree).get("operationId"))));
            assertThat(operation.parameters()).as(operation.path()).containsAll(operation.required());
        }
        assertThat(names).doesNotHaveDuplicates();
    }
}
