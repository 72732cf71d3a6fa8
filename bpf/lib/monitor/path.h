// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Paths as the kernel has them: from a dentry up to the root that the task sees. */
#ifndef KUBEARMOR_MONITOR_PATH_H
#define KUBEARMOR_MONITOR_PATH_H

#include "scratch.h"

/* Names and mount crossings of one path. */
#define MAX_DEPTH 64
#define LAST_BYTE (MONITOR_TEXT_BYTES - 1)

enum step {
	STEP_UP = 0,
	STEP_ROOT = 1,
	/* A file without a place (a pipe, a memfd) has only a name. */
	STEP_PLACELESS = 2,
	STEP_TOO_LONG = 3,
};

/* Puts a name in front of what is there. */
static __always_inline bool prepend_name(struct scratch *scratch, struct dentry *dentry)
{
	__u32 length = BPF_CORE_READ(dentry, d_name.len);
	const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
	__u32 start = scratch->walk.start;

	length &= NAME_BYTES - 1;
	if (start > MONITOR_TEXT_BYTES || start < length + 1)
		return false;
	start -= length;
	/* start is at most LAST_BYTE and length at most 255: inside path[LAST_BYTE + 1 + NAME_BYTES]. */
	bpf_probe_read_kernel(scratch->path + (start & LAST_BYTE), length, name);
	scratch->walk.start = start;
	return true;
}

static __always_inline void prepend_slash(struct scratch *scratch)
{
	scratch->walk.start -= 1;
	scratch->path[scratch->walk.start & LAST_BYTE] = '/';
}

/* From the root of a mount to the place where it is mounted. */
static __always_inline enum step leave_mount(struct walk *walk)
{
	struct mount *mount = (struct mount *)((char *)walk->mount - bpf_core_field_offset(struct mount, mnt));
	struct mount *above = BPF_CORE_READ(mount, mnt_parent);
	struct vfsmount *vfsmount;

	if (above == mount)
		return STEP_ROOT;
	walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
	vfsmount = (struct vfsmount *)((char *)above + bpf_core_field_offset(struct mount, mnt));
	walk->mount = vfsmount;
	walk->mount_root = BPF_CORE_READ(vfsmount, mnt_root);
	return STEP_UP;
}

/* One name or one mount. Its state is in memory, not in registers: the verifier then sees the same step every time. */
__noinline int step_up(__u32 at)
{
	struct scratch *scratch = scratch_at(at);
	struct dentry *dentry, *parent;
	struct walk *walk;

	if (!scratch)
		return STEP_TOO_LONG;
	walk = &scratch->walk;
	dentry = walk->dentry;
	if (dentry == walk->task_root && walk->mount == walk->task_mount)
		return STEP_ROOT;
	if (dentry == walk->mount_root)
		return leave_mount(walk);
	parent = BPF_CORE_READ(dentry, d_parent);
	if (!prepend_name(scratch, dentry))
		return STEP_TOO_LONG;
	if (parent == dentry)
		return STEP_PLACELESS;
	prepend_slash(scratch);
	walk->dentry = parent;
	return STEP_UP;
}

static __always_inline void start_walk(struct walk *walk, struct dentry *dentry, struct vfsmount *mount)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fs_struct *fs = BPF_CORE_READ(task, fs);

	walk->dentry = dentry;
	walk->mount = mount;
	walk->mount_root = BPF_CORE_READ(mount, mnt_root);
	walk->task_root = BPF_CORE_READ(fs, root.dentry);
	walk->task_mount = BPF_CORE_READ(fs, root.mnt);
	walk->start = MONITOR_TEXT_BYTES;
}

/* Puts the path together at the end of the scratch memory's path; where it starts is in the walk. */
static __always_inline void build_path(struct scratch *scratch, struct dentry *dentry, struct vfsmount *mount)
{
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);
	struct walk *walk = &scratch->walk;
	int step = STEP_UP;

	start_walk(walk, dentry, mount);
	/* A name that a file is about to get has none yet. */
	if (inode && dentry != walk->mount_root && BPF_CORE_READ(inode, i_nlink) == 0)
		scratch->event.flags |= MONITOR_UNLINKED;
	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		step = step_up(scratch->at);
		if (step != STEP_UP)
			break;
	}
	if (step == STEP_UP || step == STEP_TOO_LONG)
		scratch->event.flags |= MONITOR_TRUNCATED;
	else if (step == STEP_ROOT && walk->start == MONITOR_TEXT_BYTES)
		prepend_slash(scratch);
}

/* The file behind a descriptor of the current task. */
static __always_inline struct file *file_of(__s32 fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = 0;
	struct file **slots;

	if (fd < 0 || (__u32)fd >= BPF_CORE_READ(table, max_fds))
		return 0;
	slots = BPF_CORE_READ(table, fd);
	bpf_probe_read_kernel(&file, sizeof(file), slots + fd);
	return file;
}

#endif
