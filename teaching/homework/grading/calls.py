"""Refuse the running process, for good, calls of the system that no homework needs (Linux, seccomp).

Landlock (contain.py) says which files may be read and written. It does not cover their rights, owners, times and
attributes, nor memory that belongs to no process, nor who is sent a signal. Here such calls are refused by number, in a
program that the kernel runs before each call: see userspace-api/seccomp_filter in the kernel's documentation. Threads
may be started, processes not.

A call that is newer than this list is refused too, as if the kernel were older.
"""

import ctypes
import os
import platform
import struct
import sys

# name, its number on x86_64 and on aarch64 (- where there is none)
REFUSED = """
chmod 90 -
fchmod 91 52
fchmodat 268 53
chown 92 -
fchown 93 55
lchown 94 -
fchownat 260 54
utime 132 -
utimes 235 -
futimesat 261 -
utimensat 280 88
setxattr 188 5
lsetxattr 189 6
fsetxattr 190 7
getxattr 191 8
lgetxattr 192 9
fgetxattr 193 10
listxattr 194 11
llistxattr 195 12
flistxattr 196 13
removexattr 197 14
lremovexattr 198 15
fremovexattr 199 16
truncate 76 45

shmget 29 194
shmat 30 196
shmctl 31 195
semget 64 190
semop 65 193
semctl 66 191
semtimedop 220 192
msgget 68 186
msgsnd 69 189
msgrcv 70 188
msgctl 71 187
mq_open 240 180
mq_unlink 241 181
memfd_create 319 279
memfd_secret 447 447
io_setup 206 0
io_uring_setup 425 425
io_uring_enter 426 426
io_uring_register 427 427
add_key 248 217
request_key 249 218
keyctl 250 219

fork 57 -
vfork 58 -
execve 59 221
execveat 322 281
socket 41 198
socketpair 53 199
bind 49 200
connect 42 203
listen 50 201
accept 43 202
accept4 288 242
sendmsg 46 211
sendmmsg 307 269

inotify_init 253 -
inotify_init1 294 26
inotify_add_watch 254 27
fanotify_init 300 262
fanotify_mark 301 263
name_to_handle_at 303 264
open_by_handle_at 304 265
ptrace 101 117
process_vm_readv 310 270
process_vm_writev 311 271
process_madvise 440 440
process_mrelease 448 448
pidfd_open 434 434
pidfd_getfd 438 438
pidfd_send_signal 424 424
kcmp 312 272
move_pages 279 239
migrate_pages 256 238
tkill 200 130

setuid 105 146
setgid 106 144
setreuid 113 145
setregid 114 143
setgroups 116 159
setresuid 117 147
setresgid 119 149
setfsuid 122 151
setfsgid 123 152
capset 126 91
setpriority 141 140
ioprio_set 251 30
sched_setscheduler 144 119
sched_setparam 142 118
sched_setattr 314 274
sched_setaffinity 203 122
unshare 272 97
setns 308 268
mount 165 40
umount2 166 39
pivot_root 155 41
chroot 161 51
open_tree 428 428
move_mount 429 429
fsopen 430 430
fsconfig 431 431
fsmount 432 432
fspick 433 433
mount_setattr 442 442
swapon 167 224
swapoff 168 225
quotactl 179 60
quotactl_fd 443 443
acct 163 89
reboot 169 142
sethostname 170 161
setdomainname 171 162
settimeofday 164 170
clock_settime 227 112
clock_adjtime 305 266
adjtimex 159 171
syslog 103 116
iopl 172 -
ioperm 173 -
init_module 175 105
finit_module 313 273
delete_module 176 106
kexec_load 246 104
kexec_file_load 320 294
bpf 321 280
perf_event_open 298 241
userfaultfd 323 282
"""
# These take what they do from memory, where the kernel's program can't look. libc does without them.
UNKNOWN = "clone3 435 435\nopenat2 437 437"
NEWEST = 451
# Signals to itself only, and limits, where 0 is itself as well.
SIGNALS, LIMITS = "kill 62 129\ntgkill 234 131\nrt_sigqueueinfo 129 138\nrt_tgsigqueueinfo 297 240", "prlimit64 302 261"
CLONE, A_THREAD = "clone 56 220", 0x10000
# Ways to have a signal sent to somebody else: F_SETOWN, F_SETSIG, F_SETOWN_EX; FIOSETOWN, SIOCSPGRP.
BY_SECOND = {"fcntl 72 25": (8, 10, 15), "ioctl 16 29": (0x8901, 0x8902)}

# Where the program finds the call's number, the kind of processor, the first and the second argument.
NUMBER, PROCESSOR, FIRST, SECOND = 0, 4, 16, 24
LOAD, RETURN, EQUAL, AT_LEAST, HAS_BITS = 0x20, 0x06, 0x15, 0x35, 0x45
ALLOW, ERROR = 0x7FFF0000, 0x00050000
NOT_PERMITTED, NO_SUCH_CALL = ERROR | 1, ERROR | 38
# What the kernel calls the processor, and the column of the lists above.
PROCESSORS = {"x86_64": (0xC000003E, 1), "aarch64": (0xC00000B7, 2)}
# The seccomp call's own number there.
SECCOMP = {"x86_64": 317, "aarch64": 277}
SET_FILTER, ALL_THREADS = 1, 1
NO_NEW_PRIVILEGES, CAPABILITIES = 38, 0x20080522


def refuse():
    """Drop every special right, then the calls; False where the system has no seccomp, or knows other numbers."""
    if not sys.platform.startswith("linux") or platform.machine() not in PROCESSORS or sys.maxsize < 2**32:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.capset(struct.pack("Ii", CAPABILITIES, 0), bytes(24))
    code = program(platform.machine(), os.getpid())
    lines = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
    head = struct.pack("HxxxxxxP", len(code), ctypes.addressof(lines))
    return libc.syscall(SECCOMP[platform.machine()], SET_FILTER, ALL_THREADS, head) == 0


def program(machine, itself):
    """The kernel's program: (operation, lines to skip if so, if not, value), see linux/bpf_common.h."""
    processor, column = PROCESSORS[machine]

    def numbers(calls):
        return [int(n) for n in (line.split()[column] for line in calls.strip().splitlines() if line) if n != "-"]

    def when(operation, value, then):
        return [(operation, 0, len(then), value), *then]

    def answer(value):
        return [(RETURN, 0, 0, value)]

    lines = [(LOAD, 0, 0, PROCESSOR), (EQUAL, 1, 0, processor), *answer(NOT_PERMITTED), (LOAD, 0, 0, NUMBER)]
    # Numbers from 2**30 on are x86's 32-bit forms of the same calls.
    lines += when(AT_LEAST, NEWEST + 1, answer(NO_SUCH_CALL))
    for number in numbers(UNKNOWN):
        lines += when(EQUAL, number, answer(NO_SUCH_CALL))
    for number in numbers(REFUSED):
        lines += when(EQUAL, number, answer(NOT_PERMITTED))
    for calls, whom in ((SIGNALS, [itself]), (LIMITS, [0, itself])):
        tests = [line for process in whom for line in when(EQUAL, process, answer(ALLOW))]
        for number in numbers(calls):
            lines += when(EQUAL, number, [(LOAD, 0, 0, FIRST), *tests, *answer(NOT_PERMITTED)])
    thread = [(LOAD, 0, 0, FIRST), *when(HAS_BITS, A_THREAD, answer(ALLOW)), *answer(NOT_PERMITTED)]
    lines += when(EQUAL, numbers(CLONE)[0], thread)
    for call, forbidden in BY_SECOND.items():
        tests = [line for value in forbidden for line in when(EQUAL, value, answer(NOT_PERMITTED))]
        lines += when(EQUAL, numbers(call)[0], [(LOAD, 0, 0, SECOND), *tests, *answer(ALLOW)])
    return [*lines, *answer(ALLOW)]
