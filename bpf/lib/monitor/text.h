// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The texts of a record. Functions that are not inlined are checked by the verifier once and not for every call; they
 * take numbers only, which is all that 5.10 lets them take, and find the record by its place in the CPU's scratch
 * memory.
 */
#ifndef KUBEARMOR_MONITOR_TEXT_H
#define KUBEARMOR_MONITOR_TEXT_H

#include "names.h"
#include "path.h"
#include "socket.h"

#define AT_FDCWD -100
#define MAX_STRINGS 20
#define STRING_BYTES 1024
#define PROC_SUPER_MAGIC 0x9fa0
#define SYSFS_MAGIC 0x62656572

__noinline int add_user_string(__u32 at, __u64 address, __u32 slot)
{
	struct scratch *scratch = scratch_at(at);
	char *text = scratch ? next_text(scratch) : 0;
	long length;

	if (!text)
		return 0;
	length = bpf_probe_read_user_str(text, MONITOR_TEXT_BYTES, (const void *)address);
	if (length <= 0) {
		/* A null pointer is an argument like any other. */
		if (address)
			scratch->event.flags |= MONITOR_UNREADABLE;
		scratch->is_relative = 0;
		return 0;
	}
	scratch->is_relative = text[0] != '/';
	/* Without the terminating zero. */
	note_length(scratch, slot, length - 1);
	return 0;
}

__noinline int add_kernel_string(__u32 at, __u64 address, __u32 slot)
{
	struct scratch *scratch = scratch_at(at);
	char *text = scratch ? next_text(scratch) : 0;
	long length;

	if (!text || !address)
		return 0;
	length = bpf_probe_read_kernel_str(text, MONITOR_TEXT_BYTES, (const void *)address);
	if (length <= 0)
		return 0;
	scratch->is_relative = text[0] != '/';
	note_length(scratch, slot, length - 1);
	return 0;
}

__noinline int add_user_bytes(__u32 at, __u64 address, __u32 length, __u32 slot)
{
	struct scratch *scratch = scratch_at(at);
	char *text = scratch ? next_text(scratch) : 0;

	if (!text || !address || !length)
		return 0;
	if (length > MONITOR_TEXT_BYTES) {
		scratch->event.flags |= MONITOR_TRUNCATED;
		length = MONITOR_TEXT_BYTES;
	}
	if (bpf_probe_read_user(text, length, (const void *)address)) {
		scratch->event.flags |= MONITOR_UNREADABLE;
		return 0;
	}
	note_length(scratch, slot, length);
	return 0;
}

/* The path of a dentry on a mount. */
__noinline int add_path(__u32 at, __u64 dentry, __u64 mount, __u32 slot)
{
	struct scratch *scratch = scratch_at(at);
	char *text = scratch ? next_text(scratch) : 0;
	__u32 start, length;

	if (!text || !dentry)
		return 0;
	build_path(scratch, (struct dentry *)dentry, (struct vfsmount *)mount);
	start = scratch->walk.start;
	if (start >= MONITOR_TEXT_BYTES)
		return 0;
	length = MONITOR_TEXT_BYTES - start;
	if (bpf_probe_read_kernel(text, length, scratch->path + start))
		return 0;
	note_length(scratch, slot, length);
	return 0;
}

static __always_inline void add_file_path(struct scratch *scratch, struct file *file, __u32 slot)
{
	add_path(scratch->at, (__u64)BPF_CORE_READ(file, f_path.dentry), (__u64)BPF_CORE_READ(file, f_path.mnt), slot);
}

static __always_inline void add_working_directory(struct scratch *scratch, __u32 slot)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fs_struct *fs = BPF_CORE_READ(task, fs);

	add_path(scratch->at, (__u64)BPF_CORE_READ(fs, pwd.dentry), (__u64)BPF_CORE_READ(fs, pwd.mnt), slot);
}

__noinline int add_terminal(__u32 at, __u32 slot)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct tty_struct *tty = BPF_CORE_READ(task, signal, tty);

	if (!tty)
		return 0;
	return add_kernel_string(at, (__u64)tty + bpf_core_field_offset(struct tty_struct, name), slot);
}

/* One string of a vector, with its terminating zero; 0 where there is none or no room for more. */
__noinline int append_user_string(__u32 at, __u64 address)
{
	struct scratch *scratch = scratch_at(at);
	char *text = scratch ? next_text(scratch) : 0;
	long length;

	if (!text || !address)
		return 0;
	length = bpf_probe_read_user_str(text, STRING_BYTES, (const void *)address);
	if (length <= 0)
		return 0;
	scratch->used += length;
	return 1;
}

/* A vector of strings as exec takes it, at most MAX_STRINGS of them. */
__noinline int add_user_strings(__u32 at, __u64 vector, __u32 slot)
{
	struct scratch *scratch = scratch_at(at);
	__u32 start, width, i;

	if (!scratch || !vector || slot >= MONITOR_TEXTS)
		return 0;
	width = scratch->event.flags & MONITOR_COMPAT ? 4 : 8;
	start = scratch->used;
	for (i = 0; i < MAX_STRINGS; i++) {
		__u64 address = 0;

		if (scratch->used - start > MONITOR_TEXT_BYTES - STRING_BYTES)
			break;
		bpf_probe_read_user(&address, width, (const void *)(vector + i * width));
		if (!append_user_string(at, address))
			goto done;
	}
	scratch->event.flags |= MONITOR_TRUNCATED;
done:
	scratch->event.lengths[slot] = scratch->used - start;
	return 0;
}

/* Opens below /proc and /sys are not told unless asked for. */
static __always_inline bool is_kernel_file(struct file *file)
{
	unsigned long magic = BPF_CORE_READ(file, f_path.dentry, d_sb, s_magic);

	return magic == PROC_SUPER_MAGIC || magic == SYSFS_MAGIC;
}

static __always_inline bool names_kernel_file(const struct scratch *scratch)
{
	const char *text = scratch->texts;

	if (text[0] != '/')
		return false;
	if (text[1] == 's')
		return text[2] == 'y' && text[3] == 's' && text[4] == '/';
	return text[1] == 'p' && text[2] == 'r' && text[3] == 'o' && text[4] == 'c' && text[5] == '/';
}

static __always_inline void add_opened(struct scratch *scratch, __u64 address, __u32 slot)
{
	struct file *file = scratch->event.result < 0 ? 0 : file_of(scratch->event.result);

	if (!file) {
		add_user_string(scratch->at, address, slot);
		if (!tells_kernel_files && names_kernel_file(scratch))
			scratch->is_unwanted = 1;
		return;
	}
	if (!tells_kernel_files && is_kernel_file(file)) {
		scratch->is_unwanted = 1;
		return;
	}
	add_file_path(scratch, file, slot);
	scratch->event.flags |= MONITOR_RESOLVED;
	scratch->is_relative = 0;
}

static __always_inline void add_directory(struct scratch *scratch, __s32 fd, __u32 slot)
{
	if (scratch->is_relative && fd != AT_FDCWD)
		add_file_path(scratch, file_of(fd), slot);
}

/* Makes the text of one slot as the call's description says. */
__noinline int add_text(__u32 at, __u32 slot)
{
	struct scratch *scratch = scratch_at(at);
	__u64 value, next;
	__u8 spec;

	if (!scratch || slot >= MONITOR_TEXTS)
		return 0;
	spec = scratch->call.texts[slot];
	value = scratch->args[spec & MONITOR_TEXT_ARGUMENT];
	switch (spec >> MONITOR_TEXT_SOURCE_SHIFT) {
	case MONITOR_TEXT_STRING:
		add_user_string(at, value, slot);
		break;
	case MONITOR_TEXT_NAME:
		if (!take_name(scratch, slot))
			add_user_string(at, value, slot);
		break;
	case MONITOR_TEXT_DIRECTORY:
		add_directory(scratch, value, slot);
		break;
	case MONITOR_TEXT_FILE:
		add_file_path(scratch, file_of(value), slot);
		scratch->event.flags |= MONITOR_RESOLVED;
		break;
	case MONITOR_TEXT_OPENED:
		add_opened(scratch, value, slot);
		break;
	case MONITOR_TEXT_ADDRESS:
		next = scratch->args[(spec + 1) & MONITOR_TEXT_ARGUMENT];
		if (next > MAX_ADDRESS_BYTES)
			next = MAX_ADDRESS_BYTES;
		add_user_bytes(at, value, next, slot);
		break;
	case MONITOR_TEXT_PEER:
		if (has_peer(scratch->event.result))
			add_peer(scratch, file_of(value), slot);
		break;
	case MONITOR_TEXT_ACCEPTED:
		if (scratch->event.result >= 0)
			add_peer(scratch, file_of(scratch->event.result), slot);
		break;
	case MONITOR_TEXT_STRINGS:
		add_user_strings(at, value, slot);
		break;
	case MONITOR_TEXT_WORKING_DIRECTORY:
		add_working_directory(scratch, slot);
		break;
	case MONITOR_TEXT_OPEN_HOW:
		bpf_probe_read_user(&scratch->event.args[1], sizeof(__u32), (const void *)value);
		break;
	}
	return 0;
}

#endif
