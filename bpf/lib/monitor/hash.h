// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The hash of what a process is about to run, as IMA makes it. */
#ifndef KUBEARMOR_MONITOR_HASH_H
#define KUBEARMOR_MONITOR_HASH_H

#include "watch.h"

static __always_inline void keep_hash(struct linux_binprm *bprm)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct monitor_hash hash = {};
	long algorithm;

	if (!(watched_current().groups & MONITOR_GROUP_IMA))
		return;
	algorithm = bpf_ima_file_hash((void *)bprm->file, hash.bytes, sizeof(hash.bytes));
	if (algorithm < 0)
		return;
	hash.algorithm = algorithm;
	bpf_map_update_elem(&hashes, &tgid, &hash, BPF_ANY);
}

#endif
