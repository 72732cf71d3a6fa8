// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_IDENTITY_H
#define KUBEARMOR_IDENTITY_H

#include "cgroup.h"
#include "kernel_types.h"
#include "maps.h"

#define CLONE_THREAD 0x00010000ull
#define CLONE_INTO_CGROUP 0x200000000ull
#define MAX_MOVED_THREADS 256
#define SIGKILL 9

static __always_inline struct guard_label *current_label(void)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&labels, &tid);
}

static __always_inline __u32 has_terminal(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, signal, tty) != 0;
}

static __always_inline __u32 parent_pid(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, real_parent, tgid);
}

/* The process id that the task itself would print: the innermost of those it has. */
static __always_inline __u32 inner_pid(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level);
	const char *numbers = (const char *)pid + bpf_core_field_offset(struct pid, numbers);
	const struct upid *innermost = (const struct upid *)(numbers + level * bpf_core_type_size(struct upid));

	return BPF_CORE_READ(innermost, nr);
}

/* Process 1 of the machine, in whatever namespace it counts itself. */
static __always_inline bool is_init(void)
{
	return bpf_get_current_pid_tgid() >> 32 == 1;
}

static __always_inline bool is_unit(__u32 workload)
{
	return (workload & GUARD_UNIT) && workload != GUARD_CONTAINER;
}

static __always_inline bool is_guarded(__u32 workload)
{
	return bpf_map_lookup_elem(&workloads, &workload) != 0;
}

/*
 * Identity moves inward only: the host's tasks become a unit's or a container's. A unit's stay what they are wherever
 * they go, but for containers that a unit under no policy starts.
 */
static __always_inline bool moves_inward(const struct guard_label *label, __u32 workload)
{
	if (!workload || label->flags & GUARD_LABEL_OURS)
		return false;
	if (label->workload == GUARD_HOST)
		return true;
	return workload == GUARD_CONTAINER && is_unit(label->workload) && !is_guarded(label->workload);
}

static __always_inline bool store_label(__u32 tid, const struct guard_label *label)
{
	if (!bpf_map_update_elem(&labels, &tid, label, BPF_ANY))
		return true;
	count(GUARD_COUNT_LABEL_LOST);
	return false;
}

/* A new task is what the task that made it is; only a new process gets a new parent executable. */
static __always_inline void inherit_label(struct task_struct *child, __u64 clone_flags)
{
	struct guard_label *parent = current_label();
	struct guard_label label = {};
	__u32 workload = GUARD_HOST;

	if (parent) {
		label = *parent;
		if (!(clone_flags & CLONE_THREAD))
			label.parent_exe = parent->exe;
	} else if (is_init() && !(clone_flags & CLONE_THREAD)) {
		label.flags = GUARD_LABEL_STARTING;
	}
	if (clone_flags & CLONE_INTO_CGROUP)
		workload = workload_of_cgroup(BPF_CORE_READ(child, cgroups, dfl_cgrp));
	if (moves_inward(&label, workload))
		label.workload = workload;
	if (!parent && !label.workload && !label.flags)
		return;
	/* There is room for every task; without memory for one, whoever made it does not go on. */
	if (!store_label(BPF_CORE_READ(child, pid), &label) && label.workload)
		bpf_send_signal(SIGKILL);
}

/*
 * A task enters a cgroup of a workload. Global, so that the verifier checks it once and not for every thread; it takes
 * the task as a number, since such a function takes no pointer to a kernel object.
 */
__noinline int enter_cgroup(__u64 entering, __u32 workload)
{
	struct task_struct *task = (struct task_struct *)entering;
	__u32 tid = BPF_CORE_READ(task, pid);
	struct guard_label *found = bpf_map_lookup_elem(&labels, &tid);
	struct guard_label label = {};

	if (found)
		label = *found;
	if (!moves_inward(&label, workload))
		return 0;
	label.workload = workload;
	store_label(tid, &label);
	return 0;
}

/* A process moves with all its threads, but only one of them is told of. */
static __always_inline void enter_cgroup_with_threads(struct task_struct *task, __u32 workload)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct list_head *head =
		(struct list_head *)((char *)signal + bpf_core_field_offset(struct signal_struct, thread_head));
	struct list_head *node = BPF_CORE_READ(head, next);

	for (int i = 0; i < MAX_MOVED_THREADS; i++) {
		if (!node || node == head)
			return;
		enter_cgroup((__u64)node - bpf_core_field_offset(struct task_struct, thread_node), workload);
		node = BPF_CORE_READ(node, next);
	}
	if (node != head)
		count(GUARD_COUNT_LABEL_LOST);
}

static __always_inline void forget_task(struct task_struct *task)
{
	__u32 tid = BPF_CORE_READ(task, pid);

	/* A task of the host's has no label before its first exec that was judged. */
	bpf_map_delete_elem(&execs, &tid);
	if (bpf_map_delete_elem(&labels, &tid))
		return;
	/* What the process asked of io_uring holds until its last thread is gone. */
	if (BPF_CORE_READ(task, signal, live.counter) == 0) {
		tid = BPF_CORE_READ(task, tgid);
		bpf_map_delete_elem(&io_uring_writers, &tid);
	}
}

#endif
