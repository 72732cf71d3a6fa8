// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the LSM programs and their user space share. packages/enforcers/src/bpf-lsm/engine-layout.ts mirrors it. */
#ifndef KUBEARMOR_ENGINE_H
#define KUBEARMOR_ENGINE_H

#include "match.h"

#define ENGINE_MAX_WORKLOADS 131072
#define ENGINE_MAX_TASKS 65536
#define ENGINE_MAX_EXECUTABLES 16384
#define ENGINE_RING_BYTES (4 * 1024 * 1024)
#define ENGINE_SCRATCHES 16

/* What of a workload's is refused where nothing can be said of it. */
enum engine_on_error {
	ENGINE_ERROR_PROCESS = 1,
	ENGINE_ERROR_FILE = 2,
	ENGINE_ERROR_NETWORK = 4,
	ENGINE_ERROR_CAPABILITIES = 8,
};

/* Kinds that a workload has rules of: hooks of other kinds have nothing to do. */
enum engine_kind {
	ENGINE_FILE = 1,
	ENGINE_PROCESS = 2,
	ENGINE_NETWORK = 4,
	ENGINE_CAPABILITIES = 8,
	/* Rules are limited to sources: an executable must be classified. */
	ENGINE_SOURCES = 16,
};

/* By the place that labels have; place 0 is nobody's. Written at once: a slot and what belongs to it. */
struct engine_workload {
	/* Slot of the rule set, and which of those that were in it. */
	__u32 set;
	__u32 generation;
	__u32 kinds;
	__u32 deny_on_error;
	/* Nothing is refused. */
	__u32 is_audited;
	__u32 pad;
};

/* What a task is. */
struct engine_label {
	__u32 workload;
	/* For which generation the sources were worked out. */
	__u32 generation;
	__u32 source;
	__u32 parent_source;
	/* Names of executables, by which their paths are found. */
	__u64 exe;
	__u64 parent_exe;
};

enum engine_counter {
	ENGINE_COUNT_ALERTED = 0,
	ENGINE_COUNT_DENIED = 1,
	ENGINE_COUNT_LOST = 2,
	/* Nothing could be said: no scratch memory, no path, no table. */
	ENGINE_COUNT_UNDETERMINED = 3,
	ENGINE_COUNT_LABEL_LOST = 4,
	ENGINE_COUNT_EXECUTABLE_LOST = 5,
	ENGINE_COUNTERS = 8,
};

enum engine_event_kind {
	ENGINE_EVENT_FILE = 1,
	ENGINE_EVENT_EXEC = 2,
	ENGINE_EVENT_SOCKET = 3,
	ENGINE_EVENT_CAPABILITY = 4,
};

/* An alert. A path follows, without the slash behind it, as long as `length` says. */
struct engine_event {
	__u64 time_ns;
	__u64 exe;
	__u64 parent_exe;
	__u32 kind;
	__u32 workload;
	__u32 generation;
	/* As in struct match_verdict. */
	__u32 rule;
	__u32 is_denied;
	__u32 tid;
	__u32 tgid;
	__u32 uid;
	__u32 is_write;
	__u32 has_tty;
	/* Family, type and protocol of a socket; number of a capability. */
	__u32 numbers[3];
	__u32 pad[2];
	__u32 length;
};

/* The rule of what could not be determined. */
#define ENGINE_RULE_ERROR 0x3ffffffdu

#endif
