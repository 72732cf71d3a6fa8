// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the monitor's programs and its user space share. packages/monitor/src/record/layout.ts mirrors it. */
#ifndef KUBEARMOR_MONITOR_H
#define KUBEARMOR_MONITOR_H

#include <linux/types.h>

#define MONITOR_MAX_SYSCALLS 512
/* Calls behind socketcall, by their number there. */
#define MONITOR_MAX_SOCKET_CALLS 32
#define MONITOR_MAX_WORKLOADS 16384
#define MONITOR_MAX_TASKS 65536
#define MONITOR_RING_BYTES (8 * 1024 * 1024)
/* Texts of a record, and the longest of them. */
#define MONITOR_TEXTS 6
#define MONITOR_TEXT_BYTES 4096
/* Arguments that a record carries as numbers. */
#define MONITOR_ARGS 3
/* Bytes of a question to a name server that are told. */
#define MONITOR_DNS_BYTES 512
/* The longest hash of a file. */
#define MONITOR_HASH_BYTES 64

/* What can be watched: bits of a workload's visibility. */
enum monitor_group {
	MONITOR_GROUP_PROCESS = 1,
	MONITOR_GROUP_FILE = 2,
	MONITOR_GROUP_NETWORK = 4,
	MONITOR_GROUP_CAPABILITIES = 8,
	MONITOR_GROUP_DNS = 16,
	/* No events of its own: what is run is told with its hash. */
	MONITOR_GROUP_IMA = 32,
};

enum monitor_kind {
	MONITOR_FORK = 1,
	MONITOR_EXEC = 2,
	MONITOR_EXIT = 3,
	MONITOR_CALL = 4,
	MONITOR_CAPABLE = 5,
	MONITOR_IO_URING = 6,
	MONITOR_DNS = 7,
};

enum monitor_flag {
	/* The first path, or the peer's address, is the kernel's and not the caller's. */
	MONITOR_RESOLVED = 1,
	MONITOR_TRUNCATED = 2,
	/* The file has no name any more, or never had one. */
	MONITOR_UNLINKED = 4,
	/* Some of the caller's memory could not be read. */
	MONITOR_UNREADABLE = 8,
	/* The operation has only been asked for. */
	MONITOR_NO_RESULT = 16,
	MONITOR_COMPAT = 32,
	/* Told for the sake of what comes after it only: nobody watches operations of its kind. */
	MONITOR_INTERNAL = 64,
};

/* The head of every record; the texts follow, one after another, without anything between them. */
struct monitor_event {
	__u64 time_ns;
	/* When the process started, by the clock that runs through suspend: with its id it names the process for good.
	 */
	__u64 start_ns;
	__u32 workload;
	__u8 kind;
	__u8 flags;
	/* Which call, as user space numbered it. */
	__u16 call;
	__u32 pid;
	/* The process that made this one, for a fork; else the one that the kernel calls its parent now. */
	__u32 parent;
	__u32 uid;
	__s32 result;
	__u32 args[MONITOR_ARGS];
	__u16 lengths[MONITOR_TEXTS];
};

/* What a file's content comes to. */
struct monitor_hash {
	/* enum hash_algo of the kernel. */
	__u32 algorithm;
	__u8 bytes[MONITOR_HASH_BYTES];
};

/* The first text of a fork and of an exec. */
struct monitor_process {
	__u64 parent_start_ns;
	__u32 pid_namespace;
	__u32 mount_namespace;
	/* The ids that the process and its parent have in their own pid namespaces. */
	__u32 inner_pid;
	__u32 inner_parent;
	/* Only of an exec whose file the kernel has hashed; else the text ends before it. */
	struct monitor_hash hash;
};

/* Texts of an exec after the first one. */
enum monitor_exec_text {
	MONITOR_EXEC_PROCESS = 0,
	MONITOR_EXEC_PATH = 1,
	MONITOR_EXEC_ARGUMENTS = 2,
	MONITOR_EXEC_DIRECTORY = 3,
	MONITOR_EXEC_TERMINAL = 4,
	/* What the caller named: for a script the script, where the path is its interpreter's. */
	MONITOR_EXEC_REQUESTED = 5,
};

/* An IP socket's other side, as the kernel has it. */
struct monitor_peer {
	__u16 family;
	__u16 protocol;
	__u16 local_port;
	__u16 remote_port;
	__u8 address[16];
};

/* How a text is made from an argument. */
enum monitor_text_source {
	MONITOR_TEXT_NONE = 0,
	/* A string in the caller's memory. */
	MONITOR_TEXT_STRING = 1,
	/* The directory of a descriptor, where the text before it is a relative path. */
	MONITOR_TEXT_DIRECTORY = 2,
	/* The file of a descriptor. */
	MONITOR_TEXT_FILE = 3,
	/* The file that the call opened, or a string where it opened none. */
	MONITOR_TEXT_OPENED = 4,
	/* A socket address; the argument after it is its length. */
	MONITOR_TEXT_ADDRESS = 5,
	/* The other side of a socket by its descriptor, once the call has succeeded. */
	MONITOR_TEXT_PEER = 6,
	/* The other side of the socket that the call returned. */
	MONITOR_TEXT_ACCEPTED = 7,
	/* A vector of strings in the caller's memory. */
	MONITOR_TEXT_STRINGS = 8,
	/* The task's own working directory. */
	MONITOR_TEXT_WORKING_DIRECTORY = 9,
	/* No text: the flags of struct open_how become the second argument. */
	MONITOR_TEXT_OPEN_HOW = 10,
	/* What the kernel is about to change, where it was asked, else a string. */
	MONITOR_TEXT_NAME = 11,
};

/* Texts of a question to a name server. */
enum monitor_dns_text {
	/* struct monitor_peer. */
	MONITOR_DNS_SERVER = 0,
	MONITOR_DNS_MESSAGE = 1,
};

/* Where a call that sends has what it sends. */
enum monitor_payload {
	MONITOR_PAYLOAD_NONE = 0,
	/* The second and third argument are a buffer and its length; the fifth and sixth, of sendto, an address. */
	MONITOR_PAYLOAD_BUFFER = 1,
	/* The second and third argument are a vector of buffers and how many. */
	MONITOR_PAYLOAD_VECTOR = 2,
	/* The second argument is a message header, */
	MONITOR_PAYLOAD_MESSAGE = 3,
	/* or a vector of them, of which the result says how many were sent. */
	MONITOR_PAYLOAD_MESSAGES = 4,
};

#define MONITOR_TEXT_SOURCE_SHIFT 4
#define MONITOR_TEXT_ARGUMENT 7

enum monitor_call_flag {
	/* Reported only where it names an address, once for every message that it sends. */
	MONITOR_CALL_ADDRESSED = 1,
	/* Told for any visibility: user space follows the process by it. */
	MONITOR_CALL_FOLLOWED = 2,
	/* Success is told by the exec itself. */
	MONITOR_CALL_FAILURES = 4,
	/* Only success matters. */
	MONITOR_CALL_SUCCESSES = 8,
	/* Takes memory, which makes the kernel ask for CAP_SYS_ADMIN to no end. */
	MONITOR_CALL_OVERCOMMITS = 16,
	/* The first argument has the flags of a clone, or, */
	MONITOR_CALL_CLONES = 32,
	/* points to them. */
	MONITOR_CALL_CLONES_BY_POINTER = 64,
	/* socketcall: the first argument says which call it is, the second points to its arguments, four bytes each. */
	MONITOR_CALL_MULTIPLEXED = 128,
};

/* How a system call is reported. */
struct monitor_call {
	/* 0 where it is not. */
	__u16 call;
	__u8 group;
	__u8 flags;
	/* Index of an argument plus one. */
	__u8 args[MONITOR_ARGS];
	/* Source in the upper half, index of the argument in the lower. */
	__u8 texts[MONITOR_TEXTS];
	__u8 payload;
	__u8 pad[2];
};

struct monitor_syscall {
	struct monitor_call native;
	struct monitor_call compat;
};

struct monitor_watch {
	__u32 groups;
	__u32 pad;
};

enum monitor_loss {
	MONITOR_LOST_RING_FULL = 0,
	/* The CPU's scratch memory was in use. */
	MONITOR_LOST_BUSY = 1,
	MONITOR_LOSSES = 2,
};

/* Per CPU and workload: what there was to tell, and what of it was lost. */
struct monitor_tally {
	__u64 events;
	__u64 lost[MONITOR_LOSSES];
};

/* A process that was told of, until its exit is. */
struct monitor_life {
	__u32 workload;
	__u32 pad;
	/* Capabilities whose first use was told, by outcome. */
	__u64 passed;
	__u64 refused;
};

#endif
