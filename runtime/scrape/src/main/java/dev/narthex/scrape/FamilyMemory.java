// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.exposition.MetadataReader;
import dev.narthex.model.Metadata;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a target has said of its metric families. Nearly all of it stands in the text of the last good scrape, and is read
 * from there when somebody asks. What that text does not say any more is kept beside it as in Prometheus 3.15: each of type,
 * help and unit counts until the target says something else, and a family is forgotten by the first good scrape that is more
 * than ten scrapes behind the last one that spoke of it. What a refused exposition says above its fault counts too.
 *
 * <p>{@link #metadata} and {@link #size} are safe for use by any thread; the rest is for one thread at a time.
 */
final class FamilyMemory {
    private static final int KEPT_SCRAPES = 10;
    /** Of families that no good scrape has spoken of; a target that fails might name others each time. */
    private static final int MAX_FORMER = 100_000;

    private final MetadataReader reader = new MetadataReader();
    private volatile Shown shown = new Shown(SeriesCache.empty(), Map.of());
    private volatile Measured lastMeasured = new Measured(shown, MetadataSize.NONE);
    private long scrape;
    /** The scrape whose text is shown. */
    private long shownAt;

    /** Told apart by identity. */
    private static final class Shown {
        private final SeriesCache texts;
        /** What was said before the text; the text counts where it says something of the same families. */
        private final Map<String, Former> former;

        Shown(SeriesCache texts, Map<String, Former> former) {
            this.texts = texts;
            this.former = former;
        }
    }

    private record Former(Metadata metadata, long lastScrape) {}

    private record Measured(Shown shown, MetadataSize size) {}

    /** Another scrape, whatever comes of it. */
    void nextScrape() {
        scrape++;
    }

    /** By family. */
    Map<String, Metadata> metadata() {
        return metadata(shown, new MetadataReader());
    }

    /** How much {@link #metadata} is; read anew only where that has changed. */
    MetadataSize size() {
        Measured measured = lastMeasured;
        Shown now = shown;
        if (measured.shown != now) {
            measured = new Measured(now, MetadataSize.of(metadata()));
            lastMeasured = measured;
        }
        return measured.size;
    }

    private static Map<String, Metadata> metadata(Shown from, MetadataReader reader) {
        Map<String, Metadata> metadata = new LinkedHashMap<>();
        from.former.forEach((family, former) -> metadata.put(family, former.metadata));
        read(from.texts, reader, metadata);
        return metadata;
    }

    private static void read(SeriesCache from, MetadataReader reader, Map<String, Metadata> into) {
        readLeads(from, from.count(), new TextCursor(), reader, into);
        reader.read(from.format(), from.tail(), 0, from.tail().length, into);
    }

    /** Reads what stands before the first entries of a scrape. */
    static void readLeads(
            SeriesCache from, int entries, TextCursor text, MetadataReader reader, Map<String, Metadata> into) {
        text.begin(from);
        for (int i = 0; i < entries; i++) {
            text.next();
            if (text.start() < text.seriesStart()) {
                reader.read(from.format(), text.bytes(), text.start(), text.seriesStart(), into);
            }
        }
    }

    /** A good scrape has this text, the same object as the scrape before where nothing but numbers changed. */
    void accepted(SeriesCache now) {
        Shown before = shown;
        if (now != before.texts) {
            Map<String, Former> former =
                    now.saysOfFamiliesTheSameAs(before.texts) ? before.former : former(before, now);
            shown = new Shown(now, former);
        }
        shownAt = scrape;
        if (!shown.former.isEmpty()) {
            forgetOld();
        }
    }

    /** What was known before a text and does not stand in it. */
    private Map<String, Former> former(Shown before, SeriesCache now) {
        Map<String, Metadata> lastSaid = new HashMap<>();
        read(before.texts, reader, lastSaid);
        Map<String, Metadata> known = metadata(before, reader);
        Map<String, Metadata> said = new HashMap<>();
        read(now, reader, said);
        Map<String, Metadata> both = new HashMap<>(known);
        read(now, reader, both);
        Map<String, Former> former = new LinkedHashMap<>();
        known.forEach((family, metadata) -> {
            Metadata current = said.get(family);
            if (current == null || !current.equals(both.get(family))) {
                former.put(family, new Former(metadata, lastScrape(family, lastSaid, before)));
            }
        });
        return former;
    }

    private long lastScrape(String family, Map<String, Metadata> lastSaid, Shown before) {
        Former former = before.former.get(family);
        return lastSaid.containsKey(family) || former == null ? shownAt : former.lastScrape;
    }

    private void forgetOld() {
        Shown now = shown;
        boolean old = false;
        for (Former former : now.former.values()) {
            old |= former.lastScrape < scrape - KEPT_SCRAPES;
        }
        if (!old) {
            return;
        }
        Map<String, Metadata> said = new HashMap<>();
        read(now.texts, reader, said);
        Map<String, Former> kept = new LinkedHashMap<>();
        now.former.forEach((family, former) -> {
            if (said.containsKey(family)) {
                kept.put(family, new Former(former.metadata, scrape));
            } else if (former.lastScrape >= scrape - KEPT_SCRAPES) {
                kept.put(family, former);
            }
        });
        shown = new Shown(now.texts, kept);
    }

    /**
     * An exposition was refused, of which these comments stand above the fault.
     *
     * @param lines those of the scrape before, of which {@code inPlace} stand above the fault, and nothing else
     * @param fault reads those that stand behind these lines
     */
    void refused(SeriesCache lines, int inPlace, Consumer<Map<String, Metadata>> fault) {
        remember(into -> {
            readLeads(lines, inPlace, new TextCursor(), reader, into);
            fault.accept(into);
        });
    }

    /**
     * An exposition was refused, of which these comments stand above the fault.
     *
     * @param lines those above the fault
     * @param fault reads those that stand behind these lines
     */
    void refused(SeriesTexts lines, ExpositionFormat format, Consumer<Map<String, Metadata>> fault) {
        remember(into -> {
            for (int i = 0; i < lines.count(); i++) {
                if (lines.start(i) < lines.seriesStart(i)) {
                    reader.read(format, lines.text(), lines.start(i), lines.seriesStart(i), into);
                }
            }
            fault.accept(into);
        });
    }

    private void remember(Consumer<Map<String, Metadata>> comments) {
        Map<String, Metadata> said = new HashMap<>();
        comments.accept(said);
        if (said.isEmpty()) {
            return;
        }
        Shown before = shown;
        Map<String, Metadata> both = metadata(before, reader);
        comments.accept(both);
        Map<String, Metadata> lastSaid = new HashMap<>();
        read(before.texts, reader, lastSaid);
        Map<String, Former> former = new LinkedHashMap<>();
        both.forEach((family, metadata) -> {
            boolean saidNow = said.containsKey(family);
            if (saidNow || both.size() <= MAX_FORMER) {
                former.put(family, new Former(metadata, saidNow ? scrape : lastScrape(family, lastSaid, before)));
            }
        });
        shown = new Shown(SeriesCache.empty(), former);
    }
}
