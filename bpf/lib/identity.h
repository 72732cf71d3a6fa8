// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_IDENTITY_H
#define KUBEARMOR_IDENTITY_H

#include "kernel_types.h"
#include "maps.h"

#define CLONE_THREAD 0x00010000
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

/* A new task is what the task that made it is; only a new process gets a new parent executable. */
static __always_inline void inherit_label(struct task_struct *child, unsigned long clone_flags)
{
	struct guard_label *parent = current_label();
	struct guard_label label;
	__u32 tid;

	if (!parent)
		return;
	label = *parent;
	if (!(clone_flags & CLONE_THREAD))
		label.parent_exe = parent->exe;
	tid = BPF_CORE_READ(child, pid);
	/* There is room for every task; without memory for one, whoever made it does not go on. */
	if (bpf_map_update_elem(&labels, &tid, &label, BPF_ANY)) {
		bpf_send_signal(SIGKILL);
		count(GUARD_COUNT_LABEL_LOST);
	}
}

static __always_inline void forget_task(struct task_struct *task)
{
	__u32 tid = BPF_CORE_READ(task, pid);

	if (bpf_map_delete_elem(&labels, &tid))
		return;
	bpf_map_delete_elem(&execs, &tid);
	/* What the process asked of io_uring holds until its last thread is gone. */
	if (BPF_CORE_READ(task, signal, live.counter) == 0) {
		tid = BPF_CORE_READ(task, tgid);
		bpf_map_delete_elem(&io_uring_writers, &tid);
	}
}

#endif
