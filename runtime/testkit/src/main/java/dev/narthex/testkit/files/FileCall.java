// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.files;

import java.nio.file.Path;

/**
 * One call that reached a {@link FaultyFiles}.
 *
 * @param number counts from 1, over all calls since the file system was made
 * @param operation what was asked
 * @param path what it was asked of; for a rename, the old name
 */
public record FileCall(int number, Operation operation, Path path) {
    /** What can be asked of a file system and of an open file. */
    public enum Operation {
        OPEN_READ,
        OPEN_WRITE,
        EXISTS,
        LIST,
        CREATE_DIRECTORIES,
        RENAME,
        DELETE,
        LINK,
        SYNC_DIRECTORY,
        USABLE_BYTES,
        SIZE,
        READ,
        WRITE,
        TRUNCATE,
        SYNC,
        LOCK,
        CLOSE;

        /** True where the call changes what is stored or what is durable. */
        public boolean isWriting() {
            return switch (this) {
                case OPEN_WRITE, CREATE_DIRECTORIES, RENAME, DELETE, LINK, SYNC_DIRECTORY, WRITE, TRUNCATE, SYNC ->
                    true;
                case OPEN_READ, EXISTS, LIST, USABLE_BYTES, SIZE, READ, LOCK, CLOSE -> false;
            };
        }
    }

    @Override
    public String toString() {
        return "call " + number + " (" + operation + " " + path + ")";
    }
}
