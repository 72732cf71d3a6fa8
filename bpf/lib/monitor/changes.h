// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the kernel is about to change, told by the functions that ask its security modules. */
#ifndef KUBEARMOR_MONITOR_CHANGES_H
#define KUBEARMOR_MONITOR_CHANGES_H

#include "call.h"

/* The call that is under way, where its record has names. io_uring, which the functions serve, too, is another call. */
static __always_inline const struct monitor_call *changing_call(void)
{
	const struct pt_regs *regs = (const struct pt_regs *)bpf_task_pt_regs((void *)bpf_get_current_task_btf());
	struct monitor_syscall *syscall = syscall_of(regs);
	const struct monitor_call *call;

	if (!syscall)
		return 0;
	call = is_compat() ? &syscall->compat : &syscall->native;
	return has_names(call) ? call : 0;
}

/* A scratch memory with the function's arguments, where the change is somebody's who is watched. */
static __always_inline struct scratch *start_change(const void *ctx)
{
	const struct monitor_call *call;
	struct scratch *scratch;
	struct watched watched = watched_current();

	if (!watched.groups)
		return 0;
	call = changing_call();
	if (!call || !(watched.groups & call->group))
		return 0;
	forget_names();
	scratch = take_scratch();
	if (!scratch)
		return 0;
	if (!room_for_names()) {
		end_record(scratch);
		return 0;
	}
	scratch->event.flags = 0;
	/* Read, not loaded: what follows takes numbers, and the verifier knows the arguments as pointers. */
	bpf_probe_read_kernel(scratch->args, 4 * sizeof(*scratch->args), ctx);
	return scratch;
}

/* Keeps the path of a dentry on a mount: the first name of the call, or the second. */
__noinline int keep_path(__u32 at, __u64 dentry, __u64 mount, __u32 is_second)
{
	struct scratch *scratch = scratch_at(at);
	struct kept_names *kept = kept_names();
	__u32 start, length, offset = 0;

	if (!scratch || !kept || !dentry)
		return 0;
	build_path(scratch, (struct dentry *)dentry, (struct vfsmount *)mount);
	start = scratch->walk.start;
	if (is_second)
		offset = kept->lengths[0];
	if (start >= MONITOR_TEXT_BYTES || offset > MONITOR_TEXT_BYTES)
		return 0;
	length = MONITOR_TEXT_BYTES - start;
	if (bpf_probe_read_kernel(kept->texts + offset, length, scratch->path + start))
		return 0;
	kept->flags = scratch->event.flags;
	if (is_second)
		kept->lengths[1] = length;
	else
		kept->lengths[0] = length;
	return 0;
}

/* A name in a directory: an argument is the directory's path, the next one the name. */
static __always_inline void keep_name_at(struct scratch *scratch, __u32 first, __u32 is_second)
{
	const struct path *directory = (const struct path *)scratch->args[first & 3];

	keep_path(scratch->at, scratch->args[(first + 1) & 3], (__u64)BPF_CORE_READ(directory, mnt), is_second);
}

static __always_inline void keep_name(const void *ctx)
{
	struct scratch *scratch = start_change(ctx);

	if (!scratch)
		return;
	keep_name_at(scratch, 0, 0);
	end_record(scratch);
}

static __always_inline void keep_both_names(const void *ctx)
{
	struct scratch *scratch = start_change(ctx);

	if (!scratch)
		return;
	keep_name_at(scratch, 0, 0);
	keep_name_at(scratch, 2, 1);
	end_record(scratch);
}

/* A path that is there: of a change of owner, or the place of a mount. */
static __always_inline void keep_whole_path(const void *ctx, __u32 argument)
{
	struct scratch *scratch = start_change(ctx);
	const struct path *path;

	if (!scratch)
		return;
	path = (const struct path *)scratch->args[argument & 3];
	keep_path(scratch->at, (__u64)BPF_CORE_READ(path, dentry), (__u64)BPF_CORE_READ(path, mnt), 0);
	end_record(scratch);
}

/* Where a mount is. */
static __always_inline void keep_mount(const void *ctx)
{
	struct scratch *scratch = start_change(ctx);
	const struct vfsmount *mount;

	if (!scratch)
		return;
	mount = (const struct vfsmount *)scratch->args[0];
	keep_path(scratch->at, (__u64)BPF_CORE_READ(mount, mnt_root), (__u64)mount, 0);
	end_record(scratch);
}

#endif
