// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_ENGINE_MAPS_H
#define KUBEARMOR_ENGINE_MAPS_H

#include "engine.h"

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct engine_label);
} engine_labels SEC(".maps");

/* The same by process, for when the kernel does not come at a task's own. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ENGINE_MAX_TASKS);
	__type(key, __u32);
	__type(value, struct engine_label);
} engine_processes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ENGINE_MAX_WORKLOADS);
	__type(key, __u32);
	__type(value, struct engine_workload);
} engine_workloads SEC(".maps");

/* The path of an executable by its name in labels: as scratch memory has it, from the end of the event on. */
struct engine_executable {
	__u32 pad;
	__u32 length;
	char text[MATCH_PATH_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ENGINE_MAX_EXECUTABLES);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct engine_executable);
} engine_executables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, ENGINE_RING_BYTES);
} engine_alerts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ENGINE_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} engine_counters SEC(".maps");

/* The secret by which executables are named. */
const volatile __u64 exe_key[2];

/* How many tasks have a label by their process only. While there are any, having none of its own says nothing. */
__u32 unstored;

static __always_inline void count(__u32 counter)
{
	__u64 *value = bpf_map_lookup_elem(&engine_counters, &counter);

	/* Programs interrupt one another. */
	if (value)
		__sync_fetch_and_add(value, 1);
}

#endif
