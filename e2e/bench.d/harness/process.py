# SPDX-License-Identifier: Apache-2.0
"""Child processes and what they use, read from /proc."""

import atexit
import os
import signal
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def _stat(pid):
    with open(f"/proc/{pid}/stat") as f:
        text = f.read()
    return text[text.rindex(")") + 2:].split()


def descendants(root):
    """The process and all processes below it that are alive."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                parents[int(name)] = int(_stat(name)[1])
            except (OSError, ValueError):
                pass
    found, frontier = [root], [root]
    while frontier:
        frontier = [pid for pid, parent in parents.items() if parent in frontier]
        found += frontier
    return found


def machine_cpu_seconds():
    """CPU seconds used by everything on the machine, steal included."""
    with open("/proc/stat") as f:
        user, nice, system, _idle, _wait, irq, softirq, steal = map(int, f.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


class CpuWindow:
    """CPU seconds of a server, of its load generator and of all else since the window was opened."""

    def __init__(self, server, load):
        self._processes = server, load
        self._before = self._read()

    def _read(self):
        return (*(p.cpu_seconds() for p in self._processes), machine_cpu_seconds(), time.monotonic())

    def close(self):
        server, load, machine, seconds = (b - a for a, b in zip(self._before, self._read()))
        self.server, self.load, self.seconds = server, load, seconds
        self.others = max(0.0, machine - server - load)
        return self


class Process:
    """A started program; CPU and memory figures cover its children too."""

    def __init__(self, argv, log, cpus=None, env=None, stdout=None):
        def pin():
            if cpus:
                os.sched_setaffinity(0, cpus)

        self.log = log
        self._log_file = open(log, "ab")
        self.started = time.monotonic()
        self._popen = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=stdout or self._log_file, stderr=self._log_file,
            env={**os.environ, **(env or {})}, start_new_session=True, preexec_fn=pin, text=stdout is not None)
        self.pid = self._popen.pid
        atexit.register(self.kill)

    @property
    def stdout(self):
        return self._popen.stdout

    def alive(self):
        return self._popen.poll() is None

    def pids(self):
        return descendants(self.pid)

    def cpu_seconds(self):
        total = 0
        for pid in self.pids():
            try:
                fields = _stat(pid)
            except OSError:
                continue
            total += sum(int(f) for f in fields[11:15])  # own and waited-for children's user and system time
        return total / TICKS

    def memory(self):
        """Bytes: rss, anonymous part, proportional set, and the peak of rss."""
        out = {"rss": 0, "anon": 0, "pss": 0, "peak": 0}
        names = {"VmRSS": "rss", "RssAnon": "anon", "VmHWM": "peak"}
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/status") as f:
                    for line in f:
                        key, _, rest = line.partition(":")
                        if key in names:
                            out[names[key]] += int(rest.split()[0]) * 1024
                with open(f"/proc/{pid}/smaps_rollup") as f:
                    for line in f:
                        if line.startswith("Pss:"):
                            out["pss"] += int(line.split()[1]) * 1024
            except OSError:
                continue
        return out

    def settle(self, limit, idle_share=0.05):
        """Wait until the process is (nearly) idle for 1.5 s, at most for limit seconds."""
        end, quiet = time.monotonic() + limit, 0
        while time.monotonic() < end and quiet < 3 and self.alive():
            before = self.cpu_seconds()
            time.sleep(0.5)
            quiet = quiet + 1 if self.cpu_seconds() - before <= 0.5 * idle_share else 0

    def kill(self):
        """SIGKILL to the whole group."""
        self._signal(signal.SIGKILL)
        self._ended()

    def stop(self, limit=60):
        """SIGTERM, then SIGKILL after the limit. Returns the seconds it took."""
        began = time.monotonic()
        self._signal(signal.SIGTERM)
        try:
            self._popen.wait(limit)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
        self._ended()
        return time.monotonic() - began

    def wait(self, limit=None):
        return self._popen.wait(limit)

    def _ended(self):
        self._popen.wait()
        self._log_file.close()
        atexit.unregister(self.kill)

    def _signal(self, number):
        if self.alive():
            os.killpg(self.pid, number)

    def tail(self, size=2000):
        with open(self.log, "rb") as f:
            f.seek(0, os.SEEK_END)
            f.seek(max(0, f.tell() - size))
            return f.read().decode(errors="replace")


def disk_bytes(folder, without=()):
    """Bytes in files below folder, leaving out the named top-level entries."""
    total = 0
    for top, folders, files in os.walk(folder):
        if top == folder:
            folders[:] = [d for d in folders if d not in without]
            files = [f for f in files if f not in without]
        for name in files:
            try:
                st = os.lstat(os.path.join(top, name))
            except OSError:
                continue
            total += min(st.st_size, st.st_blocks * 512)  # preallocated tails do not count
    return total
