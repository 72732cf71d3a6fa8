// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the guard's programs and its user space share. packages/enforcers/src/guard/layout.ts mirrors it. */
#ifndef KUBEARMOR_GUARD_H
#define KUBEARMOR_GUARD_H

#include <linux/types.h>

#define GUARD_MAX_TASKS 65536
#define GUARD_MAX_WORKLOADS 16384
#define GUARD_MAX_PROFILES 65536
#define GUARD_RING_BYTES (4 * 1024 * 1024)
#define GUARD_PATH_BYTES 1024
/* As long may an argument block be: what the answerer reads, with what the kernel puts before it for scripts. */
#define GUARD_COMPARED_BYTES 12288
#define GUARD_NAME_BYTES 256
#define GUARD_MAX_DEPTH 64
#define GUARD_MAX_SYSCALLS 512
#define GUARD_MAX_CGROUPS 16384
#define GUARD_MAX_CGROUP_PATHS 8192
#define GUARD_CGROUP_BYTES 252

/* The executable of a task whose exec nobody was asked about: no rule may take what it says of itself for a name. */
#define GUARD_EXE_UNSEEN (~0ull)

/*
 * Workloads by their number. Scopes are small numbers, systemd units have a bit set. A task without a label is the
 * host's; one with the host's number only has something more to say.
 */
#define GUARD_HOST 0u
#define GUARD_UNIT 0x40000000u
/* In some container, which is no workload here: no rule of the host's or of a unit's is about it. */
#define GUARD_CONTAINER 0x7fffffffu

enum guard_label_flag {
	/* Made by init, which has not yet executed in it what is to be started. */
	GUARD_LABEL_STARTING = 1,
	/* The agent's and the guard's own processes: whatever they execute, nobody judges them. */
	GUARD_LABEL_OURS = 2,
};

/* What a task is: the workload it was started in, and which executables it and its parent ran. */
struct guard_label {
	__u32 workload;
	__u32 flags;
	__u64 exe;
	__u64 parent_exe;
};

/* How arguments and file name are compared with what was judged. */
#define GUARD_VERIFY_WHOLE 1
#define GUARD_VERIFY_BEGINNING 2

/* An exec that the answerer let pass: what the label becomes if the kernel carries it out. */
struct guard_exec {
	__u64 exe;
	__u64 path_hash;
	__u64 args_hash;
	__u64 filename_hash;
	__u32 args_bytes;
	__u32 verify;
};

/* The key of the hashes in guard_exec, made anew with the maps. */
struct guard_key {
	__u64 first;
	__u64 second;
};

enum guard_error {
	GUARD_ERROR_PROCESS = 1,
	GUARD_ERROR_FILE = 2,
	GUARD_ERROR_NETWORK = 4,
};

struct guard_workload {
	__u32 rule_set;
	__u32 observe;
	/* Operations that are refused if nobody can judge them: enum guard_error. Semantics section 4. */
	__u32 deny_on_error;
	/* Whether the files of its file systems are watched, so that somebody is asked about its execs. */
	__u32 sees_execs;
};

/* A cgroup, by its hierarchy's number (0 for the unified one) and its own within it. */
struct guard_cgroup {
	__u64 id;
	__u32 hierarchy;
	__u32 pad;
};

/* Where a cgroup will be; the path is padded with zeroes. */
struct guard_cgroup_path {
	__u32 hierarchy;
	char path[GUARD_CGROUP_BYTES];
};

struct guard_profile_key {
	__u32 rule_set;
	__u32 pad;
	__u64 exe;
};

/* One cell for every socket a rule can tell apart: terminal, family, type, protocol. */
#define GUARD_TTYS 2
#define GUARD_FAMILIES 2
#define GUARD_TYPES 8
#define GUARD_PROTOCOLS 8
#define GUARD_CELLS (GUARD_TTYS * GUARD_FAMILIES * GUARD_TYPES * GUARD_PROTOCOLS)

#define GUARD_CELL_DENY (1u << 31)
#define GUARD_CELL_ALERT (1u << 30)
#define GUARD_CELL_RULE 0x3fffffffu

struct guard_profile {
	__u32 cells[GUARD_CELLS];
};

enum guard_event_kind {
	GUARD_EVENT_SOCKET = 1,
	GUARD_EVENT_EXEC_ALTERED = 2,
	GUARD_EVENT_EXEC_UNSEEN = 3,
	GUARD_EVENT_SYSCALL = 4,
};

enum guard_socket_operation {
	GUARD_SOCKET_CREATE = 0,
	GUARD_SOCKET_BIND = 1,
	GUARD_SOCKET_CONNECT = 2,
	GUARD_SOCKET_SEND = 3,
};

enum guard_counter {
	GUARD_COUNT_EVENT_LOST = 0,
	GUARD_COUNT_LABEL_LOST = 1,
	GUARD_COUNT_EVENTS = 2,
	/* Cgroups below a known one that there was no room for. */
	GUARD_COUNT_CGROUP_LOST = 3,
	GUARD_COUNTERS = 8,
};

/*
 * Alerts, counted by all of the guard's processes in memory that they map: no death takes a count back. Held are those
 * that one process keeps to itself for a moment.
 */
struct guard_alert_counts {
	__u64 raised;
	__u64 lost;
	__u64 held;
};

struct guard_event {
	__u64 time_ns;
	__u64 exe;
	__u64 parent_exe;
	__u32 kind;
	__u32 workload;
	__u32 rule_set;
	__u32 cell;
	__u32 tid;
	__u32 tgid;
	__u32 uid;
	__u32 has_tty;
	__u32 ppid;
	/* The process id in its own namespace. */
	__u32 inner_pid;
};

struct guard_socket_event {
	struct guard_event event;
	__u32 operation;
	__u32 family;
	__u32 type;
	__u32 protocol;
	__u32 port;
	__u32 address[4];
	__u32 pad;
	/* Names the socket for as long as it lives; 0 while it is being created. */
	__u64 cookie;
};

struct guard_exec_event {
	struct guard_event event;
	char name[GUARD_NAME_BYTES];
};

/* A system call that no permission event covers, after it succeeded, with the caller's own strings. */
struct guard_syscall_event {
	struct guard_event event;
	__u32 syscall;
	__u32 compat;
	__s64 result;
	__u64 args[6];
	char first[GUARD_PATH_BYTES];
	char second[GUARD_PATH_BYTES];
};

/* How a system call is reported; index of the path arguments plus one, 0 for none. */
struct guard_syscall {
	__u8 reported;
	__u8 first;
	__u8 second;
	__u8 pad;
};

#endif
