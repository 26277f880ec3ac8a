// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says what is wrong with a path where Java's own exceptions name the path and nothing else. */
final class ExplainedException {
    private ExplainedException() {}

    /** An exception of the same type with a reason; the same one where it has a reason. */
    static FileSystemException of(FileSystemException plain) {
        if (plain.getReason() != null) {
            return plain;
        }
        String file = plain.getFile();
        String other = plain.getOtherFile();
        return switch (plain) {
            case AccessDeniedException _ ->
                because(
                        new AccessDeniedException(
                                file, other, "permission denied; give the user of this process the rights to it"),
                        plain);
            case FileAlreadyExistsException _ ->
                because(
                        new FileAlreadyExistsException(
                                file, other, "a file of that name is there already; move it away"),
                        plain);
            case NoSuchFileException _ ->
                because(new NoSuchFileException(file, other, "no such file or directory"), plain);
            case NotDirectoryException _ -> because(new FileSystemException(file, other, "is not a directory"), plain);
            default -> plain;
        };
    }

    private static FileSystemException because(FileSystemException explained, FileSystemException plain) {
        explained.initCause(plain);
        return explained;
    }
}
