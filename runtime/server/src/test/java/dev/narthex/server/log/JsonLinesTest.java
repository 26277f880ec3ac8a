// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    private static JsonObject line(Level level, String format, Object... parameters) {
        ExtLogRecord entry = new ExtLogRecord(level, format, ExtLogRecord.FormatStyle.PRINTF, "test");
        entry.setParameters(parameters);
        entry.setLoggerName("dev.narthex.server.Server");
        entry.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
        String text = new JsonLines().format(entry);
        assertThat(text).endsWith("}\n").doesNotContain("\n{");
        return new JsonObject(text);
    }

    @Test
    void pairsOfAMessageAreMembers() {
        JsonObject line = line(Level.INFO, "configuration loaded jobs=%d receivers=%s", 2, "a b");
        assertThat(line.fieldNames()).containsExactly("time", "level", "source", "msg", "jobs", "receivers");
        assertThat(List.copyOf(line.getMap().values()))
                .containsExactly("2026-01-02T03:04:05.678Z", "INFO", "Server", "configuration loaded", "2", "a b");
    }

    @Test
    void anErrorIsOneMemberWhateverIsInIt() {
        JsonObject line = line(Level.ERROR, "reload failed file=%s err=%s", "x.yml", "line 1: found a=b \"c\"\nmore");
        assertThat(line.getString("level")).isEqualTo("ERROR");
        assertThat(line.getString("file")).isEqualTo("x.yml");
        assertThat(line.getString("err")).isEqualTo("line 1: found a=b \"c\"\nmore");
        assertThat(line.containsKey("a")).isFalse();
    }

    @Test
    void whatWasThrownIsThere() {
        ExtLogRecord entry = new ExtLogRecord(Level.WARN, "failed", "test");
        entry.setThrown(new IllegalStateException("why"));
        JsonObject line = new JsonObject(new JsonLines().format(entry));
        assertThat(line.getString("level")).isEqualTo("WARN");
        assertThat(line.getString("stack"))
                .contains("IllegalStateException: why")
                .contains("at dev.narthex");
    }
}
