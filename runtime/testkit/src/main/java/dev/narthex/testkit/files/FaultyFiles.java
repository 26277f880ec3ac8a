// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.files;

import dev.narthex.memory.StorageFiles;
import dev.narthex.testkit.files.FileCall.Operation;
import dev.narthex.testkit.files.MemoryNode.Directory;
import dev.narthex.testkit.files.MemoryNode.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that counts its calls, fails where it is told to, fills up, and forgets what was not synced
 * when the power is cut. Names follow POSIX: a new or renamed file is durable only when its directory was synced, too.
 * A test that must survive every failure counts the calls of a good run and then fails each in turn:
 *
 * <pre>{@code
 * int calls = run(new FaultyFiles()).calls();
 * for (int n = 1; n <= calls; n++) {
 *     FaultyFiles files = new FaultyFiles().failCall(n);
 *     ...
 * }
 * }</pre>
 */
public final class FaultyFiles implements StorageFiles {
    private final Directory root;
    private final List<Predicate<FileCall>> faults = new ArrayList<>();
    private final List<FaultyFile> open = new ArrayList<>();
    private int calls;
    private int tornCall;
    private int tornBytes;
    private long capacityBytes = Long.MAX_VALUE;
    private boolean crashed;

    /** An empty file system on which nothing fails. */
    public FaultyFiles() {
        this(new Directory());
    }

    private FaultyFiles(Directory root) {
        this.root = root;
    }

    /** Makes the n-th call (from 1) fail, once. */
    public FaultyFiles failCall(int number) {
        return failCalls(call -> call.number() == number);
    }

    /** Makes the n-th call (from 1) and all that follow fail, as a disk that dies. */
    public FaultyFiles failFrom(int number) {
        return failCalls(call -> call.number() >= number);
    }

    /** Makes every call fail that the predicate picks. */
    public synchronized FaultyFiles failCalls(Predicate<FileCall> fault) {
        faults.add(fault);
        return this;
    }

    /** Makes the n-th call (from 1), if it is a write, store only its first bytes and then fail. */
    public synchronized FaultyFiles tearCall(int number, int keptBytes) {
        tornCall = number;
        tornBytes = keptBytes;
        return this;
    }

    /** Nothing fails any more; the capacity stays. */
    public synchronized FaultyFiles heal() {
        faults.clear();
        tornCall = 0;
        return this;
    }

    /** The size of the disk; a write beyond it stores what fits and fails. */
    public synchronized FaultyFiles capacityBytes(long bytes) {
        capacityBytes = bytes;
        return this;
    }

    /** Calls so far, failed ones counted. */
    public synchronized int calls() {
        return calls;
    }

    /** The files that are open, in the order of opening. */
    public synchronized List<Path> openFiles() {
        return open.stream().map(file -> file.path).toList();
    }

    /** Fails where a file is still open. */
    public void assertNoOpenFiles() {
        List<Path> left = openFiles();
        if (!left.isEmpty()) {
            throw new AssertionError("files left open: " + left);
        }
    }

    /** Kills the process: what follows on this instance fails; the returned one holds all that was written. */
    public synchronized FaultyFiles kill() {
        crashed = true;
        return new FaultyFiles(root.afterKill());
    }

    /** Cuts the power: what follows on this instance fails; the returned one holds only what was synced. */
    public synchronized FaultyFiles cutPower() {
        crashed = true;
        return new FaultyFiles(root.afterPowerLoss(null));
    }

    /** Cuts the power while the disk is at work: also a random part of what was not synced survives, torn. */
    public synchronized FaultyFiles cutPower(Random random) {
        crashed = true;
        return new FaultyFiles(root.afterPowerLoss(random));
    }

    /** The bytes of a file, without counting as a call. */
    public synchronized byte[] content(Path path) throws IOException {
        return regularFile(path).content();
    }

    /** Puts a durable file in place, with the directories above it, without counting as a call. */
    public synchronized void put(Path path, byte[] content) {
        Directory parent = makeDirectories(parentOf(path));
        parent.entries.put(nameOf(path), new RegularFile(content));
        parent.sync();
    }

    /** Flips bits of a stored byte, as a failing disk does, without counting as a call. */
    public synchronized void flip(Path path, int offsetBytes, int mask) throws IOException {
        regularFile(path).flip(offsetBytes, mask);
    }

    /** Copies everything below a directory to a real directory, for programs that read real files. */
    public synchronized void copyTo(Path directory, Path realDirectory) throws IOException {
        copy(directoryAt(directory), realDirectory);
    }

    private static void copy(Directory from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Map.Entry<String, MemoryNode> entry : from.entries.entrySet()) {
            Path target = to.resolve(entry.getKey());
            switch (entry.getValue()) {
                case Directory below -> copy(below, target);
                case RegularFile file -> Files.write(target, file.content());
            }
        }
    }

    @Override
    public synchronized StorageFile openRead(Path path) throws IOException {
        enter(Operation.OPEN_READ, path);
        return opened(path, regularFile(path), false);
    }

    @Override
    public synchronized StorageFile openWrite(Path path) throws IOException {
        enter(Operation.OPEN_WRITE, path);
        Directory parent = directoryAt(parentOf(path));
        MemoryNode node = parent.entries.computeIfAbsent(nameOf(path), _ -> new RegularFile());
        if (!(node instanceof RegularFile file)) {
            throw new IOException(path + ": is a directory");
        }
        return opened(path, file, true);
    }

    private StorageFile opened(Path path, RegularFile file, boolean writable) {
        FaultyFile handle = new FaultyFile(path, file, writable);
        open.add(handle);
        return handle;
    }

    @Override
    public synchronized boolean exists(Path path) throws IOException {
        enter(Operation.EXISTS, path);
        return find(path) != null;
    }

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        enter(Operation.LIST, directory);
        return find(directory) instanceof Directory found ? List.copyOf(found.entries.keySet()) : List.of();
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        enter(Operation.CREATE_DIRECTORIES, directory);
        for (Path path = directory; path != null; path = path.getParent()) {
            if (find(path) instanceof RegularFile) {
                throw new FileAlreadyExistsException(path.toString());
            }
        }
        makeDirectories(directory);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        enter(Operation.RENAME, from);
        Directory source = directoryAt(parentOf(from));
        Directory target = directoryAt(parentOf(to));
        MemoryNode node = source.entries.get(nameOf(from));
        if (node == null) {
            throw new NoSuchFileException(from.toString());
        }
        if (target.entries.get(nameOf(to)) instanceof Directory old && !old.entries.isEmpty()) {
            throw new FileAlreadyExistsException(to.toString());
        }
        source.entries.remove(nameOf(from));
        target.entries.put(nameOf(to), node);
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        enter(Operation.DELETE, path);
        if (find(parentOf(path)) instanceof Directory parent) {
            parent.entries.remove(nameOf(path));
        }
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        enter(Operation.SYNC_DIRECTORY, directory);
        directoryAt(directory).sync();
    }

    @Override
    public synchronized void link(Path existing, Path name) throws IOException {
        enter(Operation.LINK, name);
        RegularFile file = regularFile(existing);
        Directory target = directoryAt(parentOf(name));
        if (target.entries.putIfAbsent(nameOf(name), file) != null) {
            throw new FileAlreadyExistsException(name.toString());
        }
    }

    @Override
    public synchronized long totalBytes(Path path) throws IOException {
        enter(Operation.USABLE_BYTES, path);
        return capacityBytes;
    }

    @Override
    public synchronized long usableBytes(Path path) throws IOException {
        enter(Operation.USABLE_BYTES, path);
        return Math.max(0, capacityBytes - usedBytes(root));
    }

    private static long usedBytes(MemoryNode node) {
        return switch (node) {
            case RegularFile file -> file.size();
            case Directory directory ->
                directory.entries.values().stream()
                        .mapToLong(FaultyFiles::usedBytes)
                        .sum();
        };
    }

    /** Counts a call and makes it fail where it has to. */
    private FileCall enter(Operation operation, Path path) throws IOException {
        FileCall call = new FileCall(++calls, operation, path);
        if (crashed) {
            throw new IOException(path + ": the machine has crashed before " + call);
        }
        for (Predicate<FileCall> fault : faults) {
            if (fault.test(call)) {
                throw new IOException(path + ": injected fault at " + call);
            }
        }
        return call;
    }

    private @Nullable MemoryNode find(Path path) {
        MemoryNode node = root;
        for (Path name : path.toAbsolutePath().normalize()) {
            if (!(node instanceof Directory directory)) {
                return null;
            }
            node = directory.entries.get(name.toString());
        }
        return node;
    }

    private Directory directoryAt(Path path) throws IOException {
        if (find(path) instanceof Directory directory) {
            return directory;
        }
        throw new NoSuchFileException(path.toString());
    }

    private RegularFile regularFile(Path path) throws IOException {
        if (find(path) instanceof RegularFile file) {
            return file;
        }
        throw new NoSuchFileException(path.toString());
    }

    private Directory makeDirectories(Path path) {
        Directory directory = root;
        for (Path name : path.toAbsolutePath().normalize()) {
            MemoryNode below = directory.entries.computeIfAbsent(name.toString(), _ -> new Directory());
            if (!(below instanceof Directory next)) {
                throw new IllegalArgumentException(path + ": has a file above it");
            }
            directory = next;
        }
        return directory;
    }

    private static Path parentOf(Path path) {
        Path parent = path.toAbsolutePath().normalize().getParent();
        return parent == null ? path : parent;
    }

    private static String nameOf(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        if (name == null) {
            throw new IllegalArgumentException(path + ": has no name");
        }
        return name.toString();
    }

    /** A handle; guarded by its file system. */
    private final class FaultyFile implements StorageFile {
        private final Path path;
        private final RegularFile file;
        private final boolean writable;
        private boolean closed;
        private boolean locked;

        FaultyFile(Path path, RegularFile file, boolean writable) {
            this.path = path;
            this.file = file;
            this.writable = writable;
        }

        private FileCall enter(Operation operation) throws IOException {
            FileCall call = FaultyFiles.this.enter(operation, path);
            if (closed) {
                throw new IOException(path + ": is closed, found " + call);
            }
            if (operation.isWriting() && !writable) {
                throw new IOException(path + ": is open for reading only, found " + call);
            }
            return call;
        }

        @Override
        public long sizeBytes() throws IOException {
            synchronized (FaultyFiles.this) {
                enter(Operation.SIZE);
                return file.size();
            }
        }

        @Override
        public int read(ByteBuffer into, long offsetBytes) throws IOException {
            synchronized (FaultyFiles.this) {
                enter(Operation.READ);
                byte[] bytes = new byte[into.remaining()];
                int count = file.read(bytes, Math.toIntExact(offsetBytes));
                if (count > 0) {
                    into.put(bytes, 0, count);
                }
                return count;
            }
        }

        @Override
        public void write(ByteBuffer from, long offsetBytes) throws IOException {
            synchronized (FaultyFiles.this) {
                FileCall call = enter(Operation.WRITE);
                byte[] bytes = new byte[from.remaining()];
                from.get(bytes);
                if (call.number() == tornCall) {
                    file.write(Arrays.copyOf(bytes, Math.min(tornBytes, bytes.length)), Math.toIntExact(offsetBytes));
                    throw new IOException(path + ": injected torn write at " + call);
                }
                long growth = offsetBytes + bytes.length - file.size();
                long room = capacityBytes == Long.MAX_VALUE ? capacityBytes : capacityBytes - usedBytes(root);
                if (growth > room) {
                    int kept = (int) Math.max(0, bytes.length - (growth - room));
                    if (kept > 0) {
                        file.write(Arrays.copyOf(bytes, kept), Math.toIntExact(offsetBytes));
                    }
                    throw new IOException(path + ": No space left on device at " + call);
                }
                file.write(bytes, Math.toIntExact(offsetBytes));
            }
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            synchronized (FaultyFiles.this) {
                enter(Operation.TRUNCATE);
                file.truncate(Math.toIntExact(sizeBytes));
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (FaultyFiles.this) {
                enter(Operation.SYNC);
                file.sync();
            }
        }

        @Override
        public boolean tryLock() throws IOException {
            synchronized (FaultyFiles.this) {
                enter(Operation.LOCK);
                boolean held = open.stream().anyMatch(other -> other.locked && other.file == file);
                if (!held) {
                    locked = true;
                }
                return !held;
            }
        }

        @Override
        public void close() throws IOException {
            synchronized (FaultyFiles.this) {
                if (!closed) {
                    closed = true;
                    open.remove(this);
                    FaultyFiles.this.enter(Operation.CLOSE, path);
                }
            }
        }
    }
}
