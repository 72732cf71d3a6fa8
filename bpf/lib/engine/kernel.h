// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The kernel types that the LSM programs read, each with only the fields they use; CO-RE relocates every access. */
#ifndef KUBEARMOR_ENGINE_KERNEL_H
#define KUBEARMOR_ENGINE_KERNEL_H

#include <linux/types.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	__u32 val;
} kuid_t;

struct super_block {
	__u32 s_dev;
};

struct inode {
	kuid_t i_uid;
	unsigned int i_nlink;
	unsigned long i_ino;
	struct super_block *i_sb;
};

struct qstr {
	const unsigned char *name;
};

struct dentry {
	struct qstr d_name;
	struct inode *d_inode;
};

struct path {
	struct dentry *dentry;
};

struct file {
	unsigned int f_flags;
	__u32 f_mode;
	struct path f_path;
	struct inode *f_inode;
};

struct cred {
	kuid_t fsuid;
};

struct tty_struct;

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live;
	struct tty_struct *tty;
};

struct bpf_local_storage;

struct task_struct {
	int pid;
	int tgid;
	const struct cred *cred;
	struct signal_struct *signal;
	struct bpf_local_storage *bpf_storage;
};

struct linux_binprm {
	struct file *file;
	const char *interp;
};

struct sock_common {
	unsigned short skc_family;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
};

struct socket {
	short type;
	struct sock *sk;
};

struct user_namespace;
struct sockaddr;
struct msghdr;

#pragma clang attribute pop

#endif
