// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who a task is. */
#ifndef KUBEARMOR_ENGINE_LABEL_H
#define KUBEARMOR_ENGINE_LABEL_H

#include "kernel.h"
#include "maps.h"

#define CLONE_THREAD 0x00010000ull
#define SIGKILL 9

static __always_inline struct engine_label *label_of_process(__u32 tgid)
{
	return bpf_map_lookup_elem(&engine_processes, &tgid);
}

/*
 * On 6.1 a task's storage is not to be had while another task, preempted on the same CPU, looks something up in one:
 * having storage and getting none means that nothing is known yet, and the process is asked.
 */
static __always_inline struct engine_label *current_label(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct engine_label *label;

	if (!task->bpf_storage) {
		if (!unstored)
			return 0;
		return label_of_process(task->tgid);
	}
	label = bpf_task_storage_get(&engine_labels, task, 0, 0);
	return label ? label : label_of_process(task->tgid);
}

static __always_inline struct engine_workload *workload_of(const struct engine_label *label)
{
	__u32 at = label->workload;

	return at ? bpf_map_lookup_elem(&engine_workloads, &at) : 0;
}

static __always_inline void store_label(struct task_struct *task, struct engine_label *label)
{
	__u32 tgid = task->tgid;
	struct engine_label *stored = bpf_task_storage_get(&engine_labels, task, label, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (stored)
		*stored = *label;
	else
		__sync_fetch_and_add(&unstored, 1);
	if (bpf_map_update_elem(&engine_processes, &tgid, label, BPF_ANY))
		count(ENGINE_COUNT_LABEL_LOST);
}

/* A new task is what the task that made it is. */
static __always_inline void inherit_label(struct task_struct *child, __u64 clone_flags)
{
	struct engine_label *parent = current_label();
	struct engine_label label;

	if (!parent || !parent->workload)
		return;
	label = *parent;
	if (!(clone_flags & CLONE_THREAD)) {
		label.parent_exe = label.exe;
		label.parent_source = label.source;
	}
	store_label(child, &label);
}

static __always_inline void forget_process(struct task_struct *task)
{
	__u32 tgid = task->tgid;

	if (task->signal->live.counter == 0)
		bpf_map_delete_elem(&engine_processes, &tgid);
}

#endif
