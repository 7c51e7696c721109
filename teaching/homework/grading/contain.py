"""Fence the running process in, for good, as far as the system lets a process without special rights do that.

time, memory   resource limits (any Unix; macOS doesn't keep the one on memory)
files          Landlock (Linux 5.13 and newer): read Python and numpy, write the scratch folder, see nothing else
processes      a namespace of its own (where the system allows it): what is started ends with it, nothing else is seen
network        the same; else Landlock 4 forbids TCP
disk           in that namespace the scratch folder is one of its own, in memory, of a fixed size
calls          seccomp, see calls.py

Landlock's calls are described in the kernel's documentation, userspace-api/landlock; they have no wrapper in libc.
"""

import contextlib
import ctypes
import os
import resource
import signal
import struct
import sys

from scratch import BYTES, FILES

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
PATH_BENEATH = 1
NO_NEW_PRIVILEGES, DIE_WITH_PARENT = 38, 1
# Bits of Landlock: execute 0, write 1, read file 2, read folder 3, remove and make 4 to 12, refer 13, truncate 14,
# ioctl 15.
READ, READ_FILE = 1 << 2 | 1 << 3, 1 << 2
WRITE = READ | 1 << 1 | sum(1 << bit for bit in (4, 5, 7, 8)) | 1 << 14
OF_A_FILE = 1 << 1 | READ_FILE | 1 << 14
NEW_USER, NEW_PROCESSES, NEW_NETWORK, NEW_IPC = 0x10000000, 0x20000000, 0x40000000, 0x08000000
NEW_MOUNTS, NO_PROGRAMS = 0x00020000, 2 | 4 | 8


def limit(seconds, memory, file_size):
    """At most so many seconds of processor time, bytes of address space, bytes in a file."""
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        at_most(what, most)
    # Python ignores this signal, and a write that is too long then is an OSError.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def at_most(what, most):
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    # macOS knows no limit on the address space.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def threads_of_this_user():
    """How many run now, as RLIMIT_NPROC counts them."""
    count = 0
    for process in os.listdir("/proc") if os.path.isdir("/proc") else ():
        with contextlib.suppress(OSError):
            if process.isdecimal() and os.stat(f"/proc/{process}").st_uid == os.getuid():
                count += len(os.listdir(f"/proc/{process}/task"))
    return count


def own_namespace(scratch):
    """Go on in a child that sees no other process and no network, and in which the scratch folder can't grow without
    bounds; whether each of the two was allowed. Without the first there is no child."""
    if not sys.platform.startswith("linux"):
        return False, False
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(NEW_USER | NEW_PROCESSES | NEW_NETWORK | NEW_IPC | NEW_MOUNTS) != 0:
        return False, False
    small = own_disk(libc, scratch, user, group)
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    libc.prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    return True, small


def own_disk(libc, scratch, user, group):
    """A file system in memory over the scratch folder: it ends with the namespace."""
    try:
        for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(line)
    except OSError:
        return False
    options = f"size={BYTES},nr_inodes={FILES},mode=700".encode()
    return libc.mount(b"scratch", os.fsencode(scratch), b"tmpfs", NO_PROGRAMS, options) == 0


def only_these_files(readable, writable):
    """From now on read nothing but `readable`, write nothing but `writable`; False where the system has no Landlock."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    handled = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    network, scope = (3 if version >= 4 else 0), (3 if version >= 6 else 0)
    attributes = struct.pack("QQQ", handled, network, scope)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = libc.syscall(CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return False
    for path, rights in [(p, READ) for p in readable] + [(p, WRITE) for p in writable]:
        if not os.path.exists(path):
            continue
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rights &= handled if os.path.isdir(path) else OF_A_FILE & handled
        rule = struct.pack("=Qi", rights, place)
        if libc.syscall(ADD_RULE, rules, PATH_BENEATH, rule, 0) != 0:
            raise OSError(ctypes.get_errno(), "Landlock refused a rule", path)
        os.close(place)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    done = libc.syscall(RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return done
