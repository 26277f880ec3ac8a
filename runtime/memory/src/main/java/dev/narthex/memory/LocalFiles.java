// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of this machine. */
public final class LocalFiles implements StorageFiles {
    @Override
    public StorageFile openRead(Path path) throws IOException {
        try {
            return new LocalFile(path, StandardOpenOption.READ);
        } catch (FileSystemException e) {
            throw ExplainedException.of(e);
        }
    }

    @Override
    public StorageFile openWrite(Path path) throws IOException {
        try {
            return new LocalFile(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        } catch (FileSystemException e) {
            throw ExplainedException.of(e);
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (FileSystemException e) {
            throw ExplainedException.of(e);
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (FileSystemException e) {
            throw ExplainedException.of(e);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (DirectoryNotEmptyException e) {
            throw new IOException(to + ": a directory with content cannot be replaced; remove it first", e);
        } catch (FileSystemException e) {
            throw ExplainedException.of(e);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void link(Path existing, Path name) throws IOException {
        Files.createLink(name, existing);
    }

    @Override
    public long usableBytes(Path path) throws IOException {
        return volume(path).getUsableSpace();
    }

    @Override
    public long totalBytes(Path path) throws IOException {
        return volume(path).getTotalSpace();
    }

    private static FileStore volume(Path path) throws IOException {
        Path existing = path;
        while (!Files.exists(existing)) {
            Path parent = existing.getParent();
            if (parent == null) {
                throw new NoSuchFileException(path.toString());
            }
            existing = parent;
        }
        return Files.getFileStore(existing);
    }

    /**
     * An open file. A channel of Java closes itself when its thread is interrupted, which must not end a log because
     * somebody gave up waiting for a scrape: the file is then opened anew and the call made again, and the thread stays
     * interrupted.
     */
    private static final class LocalFile implements StorageFile {
        private final Path path;
        private final OpenOption[] options;
        private volatile FileChannel channel;
        private volatile boolean closed;

        LocalFile(Path path, OpenOption... options) throws IOException {
            this.path = path;
            this.options = options;
            channel = FileChannel.open(path, options);
        }

        private interface Call<T> {
            T on(FileChannel channel) throws IOException;
        }

        private <T> T call(Call<T> call) throws IOException {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return call.on(channel);
                    } catch (ClosedChannelException e) {
                        interrupted |= Thread.interrupted();
                        reopen(e);
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /** Replaces a channel that an interrupt has closed, be it of this thread or of another reader's. */
        private synchronized void reopen(ClosedChannelException cause) throws IOException {
            if (closed) {
                throw cause;
            }
            if (!channel.isOpen()) {
                channel = FileChannel.open(path, options);
            }
        }

        @Override
        public long sizeBytes() throws IOException {
            return call(FileChannel::size);
        }

        @Override
        public int read(ByteBuffer into, long offsetBytes) throws IOException {
            return call(open -> open.read(into, offsetBytes));
        }

        @Override
        public void write(ByteBuffer from, long offsetBytes) throws IOException {
            long begin = offsetBytes - from.position();
            while (from.hasRemaining()) {
                int written = call(open -> open.write(from, begin + from.position()));
                if (written < 0) {
                    throw new IOException(path + ": nothing could be written");
                }
            }
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            call(open -> open.truncate(sizeBytes));
        }

        @Override
        public void sync() throws IOException {
            call(open -> {
                open.force(false);
                return open;
            });
        }

        @Override
        public boolean tryLock() throws IOException {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null && WholeFileLocks.isLocked(path)) {
                    lock.release();
                    return false;
                }
                return lock != null;
            } catch (OverlappingFileLockException e) {
                return false; // held in this very process
            }
        }

        @Override
        public void close() throws IOException {
            synchronized (this) {
                closed = true;
            }
            channel.close();
        }
    }
}
