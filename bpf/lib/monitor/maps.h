// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_MONITOR_MAPS_H
#define KUBEARMOR_MONITOR_MAPS_H

#include "guard.h"
#include "monitor.h"

/* Who a task is: the guard's own map where there is one, else kept by the monitor. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MONITOR_MAX_TASKS);
	__type(key, __u32);
	__type(value, struct guard_label);
} labels SEC(".maps");

/* What is watched of a workload; the host is a variable, so that asking for it costs nothing. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MONITOR_MAX_WORKLOADS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct monitor_watch);
} watches SEC(".maps");

/* By workload. Only user space makes entries; 0 is for the host and for workloads without one. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, MONITOR_MAX_WORKLOADS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct monitor_tally);
} tallies SEC(".maps");

/* Processes of the host that are not told of: our own, or each event would make the next. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u8);
} ignored SEC(".maps");

/* By process id. Gets its size, and how it takes memory, when it is loaded. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MONITOR_MAX_TASKS);
	__type(key, __u32);
	__type(value, struct monitor_life);
} lives SEC(".maps");

/* Of files that processes are about to run, by process id. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct monitor_hash);
} hashes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MONITOR_MAX_SYSCALLS);
	__type(key, __u32);
	__type(value, struct monitor_syscall);
} syscalls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MONITOR_MAX_SOCKET_CALLS);
	__type(key, __u32);
	__type(value, struct monitor_call);
} socket_calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, MONITOR_RING_BYTES);
} telemetry SEC(".maps");

/* Bytes of the ring that system calls may fill; what is left is for forks, execs and exits. */
const volatile __u64 ring_limit = MONITOR_RING_BYTES / 8 * 7;
/* Whether labels are inherited and forgotten here; false where the guard does it. */
const volatile bool keeps_labels = true;
/* Whether calls that found no such file are told. */
const volatile bool tells_missing = false;
/* Whether opening files of /proc and /sys is told. */
const volatile bool tells_kernel_files = false;

/* Groups watched of tasks that belong to no workload. Changed while the programs run. */
volatile __u32 host_groups = 0;

#endif
