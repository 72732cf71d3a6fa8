// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_EXEC_H
#define KUBEARMOR_EXEC_H

#include "emit.h"

#define SIGKILL 9
#define FNV_OFFSET 0xcbf29ce484222325ull
#define FNV_PRIME 0x100000001b3ull
#define ARGS_CHUNK 256
#define ARGS_CHUNKS (GUARD_ARGS_BYTES / ARGS_CHUNK)

struct exec_scratch {
	char bytes[ARGS_CHUNK];
};

/* One slot per CPU is enough: the program runs in sched_process_exec with preemption disabled. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct exec_scratch);
} exec_scratch SEC(".maps");

static __always_inline __u64 hash_bytes(__u64 hash, const char *bytes, __u32 length)
{
	for (__u32 i = 0; i < ARGS_CHUNK; i++) {
		if (i >= length)
			break;
		hash = (hash ^ (__u8)bytes[i]) * FNV_PRIME;
	}
	return hash;
}

/* Hash of the argument block as the kernel laid it out for the new program; 0 where it cannot be read. */
static __noinline __u64 hash_arguments(__u64 start, __u32 length)
{
	__u32 zero = 0;
	struct exec_scratch *scratch = bpf_map_lookup_elem(&exec_scratch, &zero);
	__u64 hash = FNV_OFFSET;

	if (!scratch || length > GUARD_ARGS_BYTES)
		return 0;
	for (__u32 chunk = 0; chunk < ARGS_CHUNKS; chunk++) {
		__u32 done = chunk * ARGS_CHUNK;
		__u32 size = length - done;

		if (done >= length)
			break;
		if (size > ARGS_CHUNK)
			size = ARGS_CHUNK;
		if (bpf_probe_read_user(scratch->bytes, size, (void *)(start + done)))
			return 0;
		hash = hash_bytes(hash, scratch->bytes, size);
	}
	return hash;
}

static __noinline __u64 hash_filename(const char *filename)
{
	__u32 zero = 0;
	struct exec_scratch *scratch = bpf_map_lookup_elem(&exec_scratch, &zero);
	long length;

	if (!scratch)
		return 0;
	length = bpf_probe_read_kernel_str(scratch->bytes, ARGS_CHUNK, filename);
	if (length <= 0)
		return 0;
	/* Without the terminating zero; the answerer hashes the same leading bytes. */
	return hash_bytes(FNV_OFFSET, scratch->bytes, length - 1);
}

/* The answerer judged the caller's memory; what the kernel copied must be what was judged. */
static __always_inline bool was_altered(const struct guard_exec *exec, struct task_struct *task,
					struct linux_binprm *bprm)
{
	__u64 start, end;

	if (!exec->verify)
		return false;
	start = BPF_CORE_READ(task, mm, arg_start);
	end = BPF_CORE_READ(task, mm, arg_end);
	if (end - start != exec->args_bytes || hash_arguments(start, end - start) != exec->args_hash)
		return true;
	return exec->filename_hash && hash_filename(BPF_CORE_READ(bprm, filename)) != exec->filename_hash;
}

/* A program with no name in a file system (memfd): its exec raised no permission event. */
static __always_inline bool is_memfd(struct task_struct *task)
{
	struct dentry *dentry = BPF_CORE_READ(task, mm, exe_file, f_path.dentry);
	char name[8] = {};

	if (BPF_CORE_READ(dentry, d_inode, i_nlink))
		return false;
	bpf_probe_read_kernel_str(name, 7, BPF_CORE_READ(dentry, d_name.name));
	return name[0] == 'm' && name[1] == 'e' && name[2] == 'm' && name[3] == 'f' && name[4] == 'd' && name[5] == ':';
}

static __always_inline void emit_exec(struct task_struct *task, __u32 kind, const struct guard_label *label,
				      __u32 rule)
{
	struct guard_workload *workload = bpf_map_lookup_elem(&workloads, &label->workload);
	struct guard_exec_event *event;

	event = reserve_event(sizeof(*event));
	if (!event)
		return;
	fill_event(&event->event, kind, label, workload ? workload->rule_set : 0, 0);
	event->rule = rule;
	event->pad = 0;
	bpf_probe_read_kernel_str(event->name, sizeof(event->name),
				  BPF_CORE_READ(task, mm, exe_file, f_path.dentry, d_name.name));
	bpf_ringbuf_submit(event, 0);
}

static __always_inline void commit_exec(struct task_struct *task, __u32 old_tid, struct linux_binprm *bprm)
{
	struct guard_label *found = bpf_map_lookup_elem(&labels, &old_tid);
	struct guard_exec *exec;
	struct guard_label label;
	__u32 tid = BPF_CORE_READ(task, pid);

	if (!found)
		return;
	label = *found;
	exec = bpf_map_lookup_elem(&execs, &old_tid);
	if (is_memfd(task)) {
		emit_exec(task, GUARD_EVENT_EXEC_UNSEEN, &label, 0);
		label.exe = 0;
	} else if (exec) {
		if (was_altered(exec, task, bprm)) {
			bpf_send_signal(SIGKILL);
			emit_exec(task, GUARD_EVENT_EXEC_ALTERED, &label, exec->rule);
		}
		label.exe = exec->exe;
	} else {
		label.exe = 0;
	}
	bpf_map_delete_elem(&execs, &old_tid);
	/* A thread that executes takes over the process id of its leader. */
	if (tid != old_tid)
		bpf_map_delete_elem(&labels, &old_tid);
	if (bpf_map_update_elem(&labels, &tid, &label, BPF_ANY))
		count(GUARD_COUNT_LABEL_LOST);
}

#endif
