// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_EMIT_H
#define KUBEARMOR_EMIT_H

#include "identity.h"
#include "maps.h"

/* Every record asked for is counted, and so is every one the ring had no room for. */
static __always_inline void *reserve_event(__u64 size)
{
	void *record = bpf_ringbuf_reserve(&events, size, 0);

	count(GUARD_COUNT_EVENTS);
	if (!record)
		count(GUARD_COUNT_EVENT_LOST);
	return record;
}

static __always_inline void fill_event(struct guard_event *event, __u32 kind, const struct guard_label *label,
				       __u32 rule_set, __u32 cell)
{
	__u64 id = bpf_get_current_pid_tgid();

	event->time_ns = bpf_ktime_get_ns();
	event->exe = label->exe;
	event->parent_exe = label->parent_exe;
	event->kind = kind;
	event->workload = label->workload;
	event->rule_set = rule_set;
	event->cell = cell;
	event->tid = (__u32)id;
	event->tgid = id >> 32;
	event->uid = (__u32)bpf_get_current_uid_gid();
	event->has_tty = has_terminal();
	event->ppid = parent_pid();
	event->inner_pid = inner_pid();
}

#endif
