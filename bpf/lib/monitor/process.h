// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Forks, execs and exits. They are told of whatever is watched: all else is understood by them. */
#ifndef KUBEARMOR_MONITOR_PROCESS_H
#define KUBEARMOR_MONITOR_PROCESS_H

#include "text.h"
#include "watch.h"

#define DEV_FD "/dev/fd/"
#define DEV_FD_BYTES 8
#define DECIMALS 10
#define AT_EMPTY_PATH 0x1000

static __always_inline struct upid *innermost(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level);
	char *numbers = (char *)pid + bpf_core_field_offset(struct pid, numbers);

	return (struct upid *)(numbers + level * bpf_core_type_size(struct upid));
}

/* The first text of a record; it has room, being the first. */
static __always_inline void add_process(struct scratch *scratch, struct task_struct *task)
{
	struct monitor_process *process = (struct monitor_process *)scratch->texts;
	struct task_struct *parent = BPF_CORE_READ(task, real_parent);
	struct upid *inner = innermost(task);

	process->parent_start_ns = BPF_CORE_READ(parent, group_leader, start_boottime);
	process->pid_namespace = BPF_CORE_READ(inner, ns, ns.inum);
	process->mount_namespace = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	process->inner_pid = BPF_CORE_READ(inner, nr);
	process->inner_parent = BPF_CORE_READ(innermost(parent), nr);
	note_length(scratch, 0, __builtin_offsetof(struct monitor_process, hash));
}

/* Goes on with the first text. */
static __always_inline void add_hash(struct scratch *scratch, __u32 tgid)
{
	struct monitor_process *process = (struct monitor_process *)scratch->texts;
	struct monitor_hash *hash = bpf_map_lookup_elem(&hashes, &tgid);

	if (!hash)
		return;
	process->hash = *hash;
	bpf_map_delete_elem(&hashes, &tgid);
	scratch->event.lengths[0] = sizeof(*process);
	scratch->used = sizeof(*process);
}

/* From now on the process is told of, its exit included. */
static __always_inline void begin_life(__u32 tgid, __u32 workload)
{
	struct monitor_life life = { .workload = workload };

	bpf_map_update_elem(&lives, &tgid, &life, BPF_ANY);
}

static __always_inline void inherit_label(__u32 child)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	struct guard_label *label = bpf_map_lookup_elem(&labels, &tid);
	struct guard_label copy;

	if (!label)
		return;
	copy = *label;
	bpf_map_update_elem(&labels, &child, &copy, BPF_ANY);
}

static __always_inline void tell_fork(struct task_struct *child)
{
	__u32 tgid = BPF_CORE_READ(child, tgid);
	__u32 tid = BPF_CORE_READ(child, pid);
	struct task_struct *maker = (struct task_struct *)bpf_get_current_task();
	struct watched watched = watched_current();
	struct scratch *scratch;

	if (keeps_labels)
		inherit_label(tid);
	if (tid != tgid || !watched.groups)
		return;
	begin_life(tgid, watched.workload);
	scratch = start_record(watched.workload, MONITOR_FORK, child);
	if (!scratch)
		return;
	add_process(scratch, child);
	scratch->event.flags = MONITOR_INTERNAL;
	scratch->event.parent = BPF_CORE_READ(maker, tgid);
	((struct monitor_process *)scratch->texts)->parent_start_ns =
		BPF_CORE_READ(maker, group_leader, start_boottime);
	send_record(scratch);
}

/* A thread that executes takes over the id of its leader. */
static __always_inline void move_label(__u32 from, __u32 to)
{
	struct guard_label *label = bpf_map_lookup_elem(&labels, &from);
	struct guard_label copy;

	if (!label || from == to)
		return;
	copy = *label;
	bpf_map_update_elem(&labels, &to, &copy, BPF_ANY);
	bpf_map_delete_elem(&labels, &from);
}

static __always_inline __u32 digits_after_dev_fd(const char *path)
{
	__u32 number = 0;

	for (int i = DEV_FD_BYTES; i < DEV_FD_BYTES + DECIMALS; i++) {
		if (path[i] < '0' || path[i] > '9')
			break;
		number = number * 10 + (path[i] - '0');
	}
	return number;
}

/*
 * The registers are gone, but the kernel keeps how execveat named the program where a descriptor was involved. Relative
 * to the working directory, or with an absolute path, execveat is what execve is.
 */
static __always_inline void add_descriptor(struct scratch *scratch, struct linux_binprm *bprm)
{
	const char *fdpath = BPF_CORE_READ(bprm, fdpath);
	char text[DEV_FD_BYTES + DECIMALS + 6] = {};
	bool has_name = false;

	if (!fdpath)
		return;
	bpf_probe_read_kernel_str(text, sizeof(text), fdpath);
	for (int i = DEV_FD_BYTES; i < DEV_FD_BYTES + DECIMALS + 1; i++) {
		if (text[i] == '/')
			has_name = true;
		if (text[i] == '/' || text[i] == 0)
			break;
	}
	scratch->event.args[0] = 1;
	scratch->event.args[1] = digits_after_dev_fd(text);
	scratch->event.args[2] = has_name ? 0 : AT_EMPTY_PATH;
}

static __always_inline void tell_exec(struct task_struct *task, __u32 old_tid, struct linux_binprm *bprm)
{
	__u32 tid = BPF_CORE_READ(task, pid), tgid = BPF_CORE_READ(task, tgid);
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct watched watched;
	struct scratch *scratch;
	__u64 start;

	if (keeps_labels)
		move_label(old_tid, tid);
	watched = watched_task(tid, tgid);
	if (!watched.groups)
		return;
	begin_life(tgid, watched.workload);
	scratch = start_record(watched.workload, MONITOR_EXEC, task);
	if (!scratch)
		return;
	add_process(scratch, task);
	if (watched.groups & MONITOR_GROUP_IMA)
		add_hash(scratch, tgid);
	add_descriptor(scratch, bprm);
	scratch->event.flags = MONITOR_RESOLVED;
	if (!(watched.groups & MONITOR_GROUP_PROCESS))
		scratch->event.flags |= MONITOR_INTERNAL;
	add_file_path(scratch, BPF_CORE_READ(mm, exe_file), MONITOR_EXEC_PATH);
	start = BPF_CORE_READ(mm, arg_start);
	add_user_bytes(scratch->at, start, BPF_CORE_READ(mm, arg_end) - start, MONITOR_EXEC_ARGUMENTS);
	add_working_directory(scratch, MONITOR_EXEC_DIRECTORY);
	add_terminal(scratch->at, MONITOR_EXEC_TERMINAL);
	add_kernel_string(scratch->at, (__u64)BPF_CORE_READ(bprm, filename), MONITOR_EXEC_REQUESTED);
	send_record(scratch);
}

/* Who the process was is asked of what was kept: the guard may have forgotten the task already. */
static __always_inline struct watched end_life(__u32 tid, __u32 tgid)
{
	struct monitor_life *life = bpf_map_lookup_elem(&lives, &tgid);
	struct watched watched = {};

	if (!life)
		return watched_task(tid, tgid);
	watched.workload = life->workload;
	/* Of threads that end at the same moment, one tells. */
	if (!bpf_map_delete_elem(&lives, &tgid))
		watched.groups = ALL_GROUPS;
	return watched;
}

static __always_inline void tell_exit(struct task_struct *task)
{
	__u32 tid = BPF_CORE_READ(task, pid), tgid = BPF_CORE_READ(task, tgid);
	struct watched watched = {};
	struct scratch *scratch;

	if (BPF_CORE_READ(task, signal, live.counter) == 0)
		watched = end_life(tid, tgid);
	if (keeps_labels)
		bpf_map_delete_elem(&labels, &tid);
	if (!watched.groups)
		return;
	scratch = start_record(watched.workload, MONITOR_EXIT, task);
	if (!scratch)
		return;
	scratch->event.flags = MONITOR_INTERNAL;
	scratch->event.result = BPF_CORE_READ(task, exit_code);
	send_record(scratch);
}

#endif
