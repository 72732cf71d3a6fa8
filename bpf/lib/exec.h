// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_EXEC_H
#define KUBEARMOR_EXEC_H

#include "emit.h"
#include "hash.h"

#define ARGS_CHUNKS (GUARD_COMPARED_BYTES / CHUNK_BYTES)

/* Hash of the argument block as the kernel laid it out for the new program; 0 where it cannot be read. */
static __always_inline __u64 hash_arguments(__u64 start, __u64 length)
{
	struct hash_scratch *scratch = scratch_slot();
	__u64 hash = 0;

	if (!scratch || length > GUARD_COMPARED_BYTES)
		return 0;
	for (__u32 chunk = 0; chunk < ARGS_CHUNKS; chunk++) {
		__u32 done = chunk * CHUNK_BYTES;
		__u32 size = length - done;

		if (done >= length)
			break;
		if (size > CHUNK_BYTES)
			size = CHUNK_BYTES;
		/* Once more, of the register that is used: before 6.12 the verifier forgets what it knew of a copy. */
		barrier_var(size);
		if (size > CHUNK_BYTES)
			return 0;
		if (bpf_probe_read_user(scratch->bytes, size, (void *)(start + done)))
			return 0;
		hash = hash_scratch(hash, size);
	}
	return hash;
}

static __always_inline __u64 hash_name(__u64 hash, const void *name)
{
	struct hash_scratch *scratch = scratch_slot();
	long length;

	if (!scratch)
		return 0;
	length = bpf_probe_read_kernel_str(scratch->bytes, CHUNK_BYTES, name);
	/* Without the terminating zero. */
	return length > 0 ? hash_scratch(hash, length - 1) : 0;
}

/* Hash of a file's names from itself up to the root of its file system, at most GUARD_MAX_DEPTH of them. */
static __always_inline __u64 hash_path(struct dentry *dentry)
{
	__u64 hash = 0;

	for (int depth = 0; depth < GUARD_MAX_DEPTH; depth++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);

		if (parent == dentry)
			break;
		hash = hash_name(hash, BPF_CORE_READ(dentry, d_name.name));
		dentry = parent;
	}
	return hash;
}

/* The answerer judged the caller's memory; what the kernel copied must be what was judged. */
static __always_inline bool has_other_arguments(const struct guard_exec *exec, struct task_struct *task,
						struct linux_binprm *bprm)
{
	__u64 start, length;

	if (!exec->verify)
		return false;
	start = BPF_CORE_READ(task, mm, arg_start);
	length = BPF_CORE_READ(task, mm, arg_end) - start;
	if (exec->verify == GUARD_VERIFY_BEGINNING && length > exec->args_bytes)
		length = exec->args_bytes;
	if (length != exec->args_bytes || hash_arguments(start, length) != exec->args_hash)
		return true;
	return hash_name(0, BPF_CORE_READ(bprm, filename)) != exec->filename_hash;
}

/* A program without a name in a file system (memfd, deleted since): no permission event told of it. */
static __always_inline bool is_nameless(struct dentry *dentry)
{
	return BPF_CORE_READ(dentry, d_inode, i_nlink) == 0;
}

static __always_inline void emit_exec(struct dentry *dentry, __u32 kind, const struct guard_label *label)
{
	struct guard_exec_event *event = reserve_event(sizeof(*event));

	if (!event)
		return;
	fill_event(&event->event, kind, label, 0, 0);
	bpf_probe_read_kernel_str(event->name, sizeof(event->name), BPF_CORE_READ(dentry, d_name.name));
	bpf_ringbuf_submit(event, 0);
}

/* What the task runs from now on; kills it where that is not what was judged, before its first instruction. */
static __always_inline __u64 confirm_exec(struct task_struct *task, const struct guard_label *label,
					  const struct guard_exec *exec, struct linux_binprm *bprm)
{
	struct dentry *dentry = BPF_CORE_READ(task, mm, exe_file, f_path.dentry);
	bool is_judged = exec && exec->path_hash == hash_path(dentry);

	if (is_judged && !has_other_arguments(exec, task, bprm))
		return exec->exe;
	if (!is_judged && (!exec || is_nameless(dentry))) {
		emit_exec(dentry, GUARD_EVENT_EXEC_UNSEEN, label);
		return GUARD_EXE_UNSEEN;
	}
	bpf_send_signal(SIGKILL);
	emit_exec(dentry, GUARD_EVENT_EXEC_ALTERED, label);
	return GUARD_EXE_UNSEEN;
}

/* "systemd-executor" in two words: clang has no other way to compare a text without a loop. */
#define EXECUTOR_FIRST 0x2d646d6574737973ull
#define EXECUTOR_SECOND 0x726f747563657865ull
#define EXECUTOR_BYTES 17

/* Since version 254 systemd sets a unit up in a program of its own, which then executes the unit's. */
static __always_inline bool runs_executor(struct task_struct *task)
{
	__u64 name[3] = {};
	const unsigned char *own = BPF_CORE_READ(task, mm, exe_file, f_path.dentry, d_name.name);

	if (bpf_probe_read_kernel_str(name, sizeof(name), own) != EXECUTOR_BYTES)
		return false;
	return name[0] == EXECUTOR_FIRST && name[1] == EXECUTOR_SECOND;
}

/* Whether somebody is asked about the execs of a task: its workload's rules, or for the machine's own tasks the host's.
 */
static __always_inline bool sees_execs(__u32 id)
{
	struct guard_workload *workload = bpf_map_lookup_elem(&workloads, &id);
	__u32 host = GUARD_HOST;

	if (workload && workload->sees_execs)
		return true;
	if (!is_unit(id))
		return false;
	workload = bpf_map_lookup_elem(&workloads, &host);
	return workload && workload->sees_execs;
}

/* Whether a task stays what it is whatever it executes. */
static __always_inline bool is_unmoved(struct task_struct *task, const struct guard_label *label)
{
	if (label->flags & GUARD_LABEL_OURS || label->workload == GUARD_CONTAINER)
		return true;
	return label->flags & GUARD_LABEL_STARTING && runs_executor(task);
}

static __always_inline void commit_exec(struct task_struct *task, __u32 old_tid, struct linux_binprm *bprm)
{
	struct guard_label *found = bpf_map_lookup_elem(&labels, &old_tid);
	struct guard_exec *exec = bpf_map_lookup_elem(&execs, &old_tid);
	struct guard_label label = {};
	__u32 tid = BPF_CORE_READ(task, pid);

	/* A task of the host's gets a label when an exec of it was judged: its children are to know what it ran. */
	if (!found && !(exec && sees_execs(GUARD_HOST)))
		return;
	if (found)
		label = *found;
	if (!is_unmoved(task, &label)) {
		/* Nobody is asked about what init executes but the rules of the unit that it is starting. */
		bool is_asked = exec || (!label.flags && sees_execs(label.workload));

		label.flags &= ~GUARD_LABEL_STARTING;
		label.exe = is_asked ? confirm_exec(task, &label, exec, bprm) : 0;
	}
	bpf_map_delete_elem(&execs, &old_tid);
	/* A thread that executes takes over the process id of its leader. */
	if (tid != old_tid)
		bpf_map_delete_elem(&labels, &old_tid);
	if (label.workload || label.flags || label.exe)
		store_label(tid, &label);
	else
		bpf_map_delete_elem(&labels, &tid);
}

#endif
