// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The path of a name that is about to change. bpf_d_path is not for these hooks before 6.12: it is put together here.
 */
#ifndef KUBEARMOR_ENGINE_NAME_H
#define KUBEARMOR_ENGINE_NAME_H

#include "kernel.h"
#include "scratch.h"

/* Names and mounts of the deepest path that fits. */
#define NAME_STEPS (MATCH_PATH_BYTES / 2)

struct name_walk_up {
	struct dentry *dentry;
	struct vfsmount *mount;
	struct dentry *root;
	struct vfsmount *root_mount;
	char *text;
	__u32 start;
	__u32 is_broken;
};

/* From the root of a mount to the place where it is mounted. */
static __always_inline long leave_mount(struct name_walk_up *walk)
{
	struct mount *mount = (struct mount *)((char *)walk->mount - bpf_core_field_offset(struct mount, mnt));
	struct mount *above = BPF_CORE_READ(mount, mnt_parent);

	if (above == mount)
		return 1;
	walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
	walk->mount = (struct vfsmount *)((char *)above + bpf_core_field_offset(struct mount, mnt));
	return 0;
}

static long walk_up(__u32 step, void *context)
{
	struct name_walk_up *walk = context;
	/* In variables of their own: what is read by CO-RE must begin with a type of the kernel's. */
	struct dentry *dentry = walk->dentry;
	struct vfsmount *mount = walk->mount;
	__u64 length, start = walk->start;

	if (dentry == walk->root && mount == walk->root_mount)
		return 1;
	if (dentry == BPF_CORE_READ(mount, mnt_root))
		return leave_mount(walk);
	length = BPF_CORE_READ(dentry, d_name.len);
	if (length > 255 || start < length + 1) {
		walk->is_broken = 1;
		return 1;
	}
	start -= length + 1;
	barrier_var(start);
	start &= MATCH_PATH_BYTES - 1;
	barrier_var(length);
	length &= 255;
	walk->text[start] = '/';
	bpf_probe_read_kernel(walk->text + start + 1, length, BPF_CORE_READ(dentry, d_name.name));
	walk->start = start;
	walk->dentry = BPF_CORE_READ(dentry, d_parent);
	return 0;
}

/* Puts the path as the task sees it into the scratch memory; its length, 0 where it cannot be told. */
static __always_inline __u32 name_path(struct engine_scratch *scratch, struct dentry *dentry, struct vfsmount *mount)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct name_walk_up walk = {
		.dentry = dentry,
		.mount = mount,
		.root = task->fs->root.dentry,
		.root_mount = task->fs->root.mnt,
		.text = scratch->other.text,
		/* The slash that is put behind a path needs a byte. */
		.start = MATCH_PATH_BYTES - 1,
	};
	__u64 length, start;

	bpf_loop(NAME_STEPS, walk_up, &walk, 0);
	if (walk.is_broken)
		return 0;
	if (walk.start == MATCH_PATH_BYTES - 1)
		walk.text[--walk.start & (MATCH_PATH_BYTES - 1)] = '/';
	start = walk.start & (MATCH_PATH_BYTES - 1);
	length = MATCH_PATH_BYTES - 1 - start;
	barrier_var(length);
	length &= MATCH_PATH_BYTES - 1;
	bpf_probe_read_kernel(scratch->text.text, length, scratch->other.text + start);
	return close_text(&scratch->text, length + 1);
}

#endif
