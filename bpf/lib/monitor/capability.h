// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Capability checks. The kernel makes thousands a second: a process is told of once per capability and outcome. */
#ifndef KUBEARMOR_MONITOR_CAPABILITY_H
#define KUBEARMOR_MONITOR_CAPABILITY_H

#include "text.h"
#include "watch.h"

#define PF_EXITING 0x4

/* What the kernel checks while it takes a process apart is not what the process does; its exit has been told, besides. */
static __always_inline bool is_exiting(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, flags) & PF_EXITING;
}

/* Whether this is the process's first check of the capability with this outcome, since it runs its program. */
static __always_inline bool is_first_check(__u32 tgid, __u32 workload, __u32 capability, bool passed)
{
	struct monitor_life *life = bpf_map_lookup_elem(&lives, &tgid);
	__u64 bit = 1ull << (capability & 63);
	__u64 *told;

	if (!life) {
		struct monitor_life begun = { .workload = workload };

		bpf_map_update_elem(&lives, &tgid, &begun, BPF_NOEXIST);
		life = bpf_map_lookup_elem(&lives, &tgid);
		if (!life)
			return true;
	}
	told = passed ? &life->passed : &life->refused;
	if (*told & bit)
		return false;
	*told |= bit;
	return true;
}

static __always_inline void tell_capability(__u32 capability, __s32 result)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct watched watched = watched_current();
	struct scratch *scratch;

	if (!(watched.groups & MONITOR_GROUP_CAPABILITIES) || is_exiting())
		return;
	if (!is_first_check(id >> 32, watched.workload, capability, result == 0))
		return;
	scratch = start_record(watched.workload, MONITOR_CAPABLE, (struct task_struct *)bpf_get_current_task());
	if (!scratch)
		return;
	scratch->event.args[0] = capability;
	scratch->event.result = result;
	send_record(scratch);
}

#endif
