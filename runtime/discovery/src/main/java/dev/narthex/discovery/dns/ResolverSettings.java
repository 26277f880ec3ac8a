// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom to ask about names, as {@code /etc/resolv.conf} says it (resolv.conf(5)).
 *
 * @param servers asked one after the other until one answers
 * @param search domains that names are looked for in
 * @param minDots a name with as many dots is tried as it is first
 */
public record ResolverSettings(List<InetSocketAddress> servers, List<String> search, int minDots) {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final int PORT = 53;

    public ResolverSettings {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
    }

    /** What a machine's file says now. */
    public static ResolverSettings ofThisMachine() throws IOException {
        return parse(Files.readAllLines(RESOLV_CONF));
    }

    static ResolverSettings parse(List<String> lines) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> search = List.of();
        int minDots = 1;
        for (String line : lines) {
            String[] words = line.strip().split("\\s+", -1);
            switch (words[0]) {
                case "nameserver" -> {
                    if (words.length > 1) {
                        servers.add(new InetSocketAddress(words[1], PORT));
                    }
                }
                case "domain", "search" -> search = List.of(words).subList(1, words.length);
                case "options" -> {
                    for (String option : words) {
                        if (option.matches("ndots:[0-9]{1,2}")) {
                            minDots = Integer.parseInt(option.substring(6));
                        }
                    }
                }
                default -> {}
            }
        }
        return new ResolverSettings(servers, search, minDots);
    }

    /** The full names that a name may stand for, in the order to try them; each ends with a dot. */
    List<String> candidates(String name) {
        if (name.endsWith(".")) {
            return List.of(name);
        }
        List<String> names = new ArrayList<>();
        for (String domain : search) {
            names.add(name + "." + (domain.endsWith(".") ? domain : domain + "."));
        }
        boolean first = name.chars().filter(c -> c == '.').count() >= minDots;
        names.add(first ? 0 : names.size(), name + ".");
        return names;
    }
}
