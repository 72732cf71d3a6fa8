// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_SYSCALL_H
#define KUBEARMOR_SYSCALL_H

#include "emit.h"
#include "registers.h"

static __always_inline void read_path(char *into, const __u64 *args, __u8 index)
{
	into[0] = 0;
	/* The index is one-based and comes from a map: the bound is for the verifier. */
	if (index == 0 || index > 6)
		return;
	bpf_probe_read_user_str(into, GUARD_PATH_BYTES, (const void *)args[index - 1]);
}

static __always_inline bool is_observed(__u32 id)
{
	struct guard_workload *workload = bpf_map_lookup_elem(&workloads, &id);

	return workload && workload->rule_set && workload->observe;
}

static __always_inline void emit_syscall(const struct guard_label *label, const struct guard_syscall *described,
					 const struct registers *registers)
{
	struct guard_syscall_event *event = reserve_event(sizeof(*event));

	if (!event)
		return;
	fill_event(&event->event, GUARD_EVENT_SYSCALL, label, 0, 0);
	event->syscall = registers->syscall;
	event->compat = registers->compat;
	event->result = registers->result;
	for (int i = 0; i < 6; i++)
		event->args[i] = registers->args[i];
	read_path(event->first, event->args, described->first);
	read_path(event->second, event->args, described->second);
	bpf_ringbuf_submit(event, 0);
}

static __always_inline void observe_syscall(struct pt_regs *regs, long result)
{
	struct registers registers = {};
	struct guard_syscall *described;
	struct guard_label *found;
	struct guard_label label = {};
	__u32 key;

	if (result < 0)
		return;
	read_call(&registers, regs, result);
	key = registers.syscall;
	if (key >= GUARD_MAX_SYSCALLS)
		return;
	if (registers.compat)
		key += GUARD_MAX_SYSCALLS;
	described = bpf_map_lookup_elem(&syscalls, &key);
	if (!described || !described->reported)
		return;
	found = current_label();
	if (found)
		label = *found;
	/* What init, ourselves and containers do is not asked about. */
	if (label.flags || label.workload == GUARD_CONTAINER || (!label.workload && is_init()))
		return;
	if (!is_observed(label.workload) && !(is_unit(label.workload) && is_observed(GUARD_HOST)))
		return;
	read_arguments(&registers, regs);
	emit_syscall(&label, described, &registers);
}

#endif
