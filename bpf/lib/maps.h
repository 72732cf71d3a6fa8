// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_MAPS_H
#define KUBEARMOR_MAPS_H

#include "guard.h"

/* The three tables of tasks get their size, and how they take memory, when they are loaded: guard-programs.ts. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, GUARD_MAX_TASKS);
	__type(key, __u32);
	__type(value, struct guard_label);
} labels SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, GUARD_MAX_TASKS);
	__type(key, __u32);
	__type(value, struct guard_exec);
} execs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct guard_key);
} hash_keys SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, GUARD_MAX_WORKLOADS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct guard_workload);
} workloads SEC(".maps");

/* The workload that a task gets when it enters a cgroup; those below a known one are added as they are made. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, GUARD_MAX_CGROUPS);
	__type(key, struct guard_cgroup);
	__type(value, __u32);
} cgroups SEC(".maps");

/* The same for cgroups that may be made one day. Only user space writes it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, GUARD_MAX_CGROUP_PATHS);
	__type(key, struct guard_cgroup_path);
	__type(value, __u32);
} cgroup_paths SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, GUARD_MAX_PROFILES);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct guard_profile_key);
	__type(value, struct guard_profile);
} profiles SEC(".maps");

/* Path of an executable by its id; only user space reads and writes it, it is pinned with the rest. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, char[4096]);
} executables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, GUARD_RING_BYTES);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, GUARD_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

/* Only user space reads and writes it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct guard_alert_counts);
} alert_counts SEC(".maps");

/* Processes (by id) that asked io_uring to open something for writing; 0 stands for all. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, GUARD_MAX_TASKS);
	__type(key, __u32);
	__type(value, __u8);
} io_uring_writers SEC(".maps");

/* Native system calls first, 32-bit ones (compat) after them. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2 * GUARD_MAX_SYSCALLS);
	__type(key, __u32);
	__type(value, struct guard_syscall);
} syscalls SEC(".maps");

static __always_inline void count(__u32 counter)
{
	__u64 *value = bpf_map_lookup_elem(&counters, &counter);

	/* Another task may come in between on the same CPU. */
	if (value)
		__sync_fetch_and_add(value, 1);
}

#endif
