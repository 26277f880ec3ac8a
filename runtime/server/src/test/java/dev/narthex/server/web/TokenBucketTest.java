// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.WebConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void letsABurstThroughAndThenOneAnInterval() {
        TokenBucket bucket = new TokenBucket(new WebConfig.RateLimit(Duration.ofSeconds(1), 2), 0);
        assertThat(bucket.take(0)).isTrue();
        assertThat(bucket.take(0)).isTrue();
        assertThat(bucket.take(0)).isFalse();
        assertThat(bucket.take(SECOND / 2)).isFalse();
        assertThat(bucket.take(SECOND)).isTrue();
        assertThat(bucket.take(SECOND)).isFalse();
        assertThat(bucket.take(60 * SECOND)).isTrue();
        assertThat(bucket.take(60 * SECOND)).isTrue();
        assertThat(bucket.take(60 * SECOND)).isFalse();
    }

    @Test
    void withoutALimitEverythingGoesThrough() {
        TokenBucket bucket = new TokenBucket(WebConfig.RateLimit.NONE, 0);
        for (int i = 0; i < 100; i++) {
            assertThat(bucket.take(0)).isTrue();
        }
    }
}
