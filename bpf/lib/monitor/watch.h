// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Whether a task is watched, and as whose. */
#ifndef KUBEARMOR_MONITOR_WATCH_H
#define KUBEARMOR_MONITOR_WATCH_H

#include "kernel.h"
#include "maps.h"

#define ALL_GROUPS 0xffffffff

struct watched {
	__u32 workload;
	__u32 groups;
};

static __always_inline __u32 groups_of(__u32 workload)
{
	struct monitor_watch *watch = bpf_map_lookup_elem(&watches, &workload);

	return watch ? watch->groups : 0;
}

static __always_inline struct watched watched_host(__u32 tgid)
{
	struct watched watched = { .workload = 0, .groups = host_groups };

	if (watched.groups && bpf_map_lookup_elem(&ignored, &tgid))
		watched.groups = 0;
	return watched;
}

static __always_inline struct watched watched_task(__u32 tid, __u32 tgid)
{
	struct guard_label *label = bpf_map_lookup_elem(&labels, &tid);
	struct watched watched = {};

	/* The host's tasks may have a label, which then says other things of them. */
	if (!label || !label->workload)
		return watched_host(tgid);
	watched.workload = label->workload;
	watched.groups = groups_of(label->workload);
	return watched;
}

static __always_inline struct watched watched_current(void)
{
	__u64 id = bpf_get_current_pid_tgid();

	return watched_task((__u32)id, id >> 32);
}

#endif
