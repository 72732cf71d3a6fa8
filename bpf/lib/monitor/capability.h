// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Capability checks. The kernel makes thousands a second: a process is told of once per capability and outcome. */
#ifndef KUBEARMOR_MONITOR_CAPABILITY_H
#define KUBEARMOR_MONITOR_CAPABILITY_H

#include "registers.h"
#include "text.h"
#include "watch.h"

#define PF_EXITING 0x4
#define CAP_SYS_ADMIN 21
/* CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID, NET, TIME. */
#define CLONE_NAMESPACES 0x7e020080

/* What the kernel checks while it takes a process apart is not what the process does; its exit has been told, besides.
 */
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

static __always_inline bool makes_namespaces(const struct monitor_call *call, const struct pt_regs *regs, bool compat)
{
	__u64 args[6], flags = 0;

	if (!(call->flags & (MONITOR_CALL_CLONES | MONITOR_CALL_CLONES_BY_POINTER)))
		return false;
	read_arguments(args, regs, compat);
	if (call->flags & MONITOR_CALL_CLONES)
		flags = args[0];
	else
		bpf_probe_read_user(&flags, sizeof(flags), (const void *)args[0]);
	return flags & CLONE_NAMESPACES;
}

/*
 * Whenever a process takes memory, by a call or by a page fault, the kernel asks whether it may have the last pages,
 * which says nothing about the process. The tracepoint does not tell this question from others: what the task is doing
 * does.
 */
static __always_inline bool is_about_memory(__u32 capability)
{
	struct monitor_syscall *syscall;
	struct monitor_call *call;
	struct pt_regs *regs;
	__u32 number;
	bool compat;

	if (capability != CAP_SYS_ADMIN || !bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		return false;
	regs = (struct pt_regs *)bpf_task_pt_regs((void *)bpf_get_current_task_btf());
	number = syscall_number(regs);
	if (number >= MONITOR_MAX_SYSCALLS)
		return true;
	syscall = bpf_map_lookup_elem(&syscalls, &number);
	if (!syscall)
		return false;
	compat = is_compat();
	call = compat ? &syscall->compat : &syscall->native;
	return (call->flags & MONITOR_CALL_OVERCOMMITS) && !makes_namespaces(call, regs, compat);
}

static __always_inline void tell_capability(__u32 capability, __s32 result)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct watched watched = watched_current();
	struct scratch *scratch;

	if (!(watched.groups & MONITOR_GROUP_CAPABILITIES) || is_exiting() || is_about_memory(capability))
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
