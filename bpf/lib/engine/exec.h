// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_ENGINE_EXEC_H
#define KUBEARMOR_ENGINE_EXEC_H

#include "file.h"

/* What a program that is in no directory any more is called. */
#define DELETED "(deleted) "
#define DELETED_BYTES (sizeof(DELETED) - 1)

/* The name of a program: its path, or what stands for one where it has none. */
static __always_inline __u32 name_program(struct engine_scratch *scratch, struct file *file)
{
	const unsigned char *name;
	__u64 head = 0;
	long bytes;

	if (file->f_inode->i_nlink)
		return close_text(&scratch->text, bpf_d_path(&file->f_path, scratch->text.text, MATCH_PATH_BYTES));
	name = file->f_path.dentry->d_name.name;
	bpf_probe_read_kernel_str(&head, sizeof(head), name);
	/* "memfd:" and what follows it. */
	if ((head & 0xffffffffffffull) == 0x3a64666d656dull) {
		bytes = bpf_probe_read_kernel_str(scratch->text.text, 256, name);
		return close_text(&scratch->text, bytes);
	}
	__builtin_memcpy(scratch->text.text, DELETED, DELETED_BYTES);
	bytes = bpf_probe_read_kernel_str(scratch->text.text + DELETED_BYTES, 256, name);
	return bytes < 1 ? 0 : close_text(&scratch->text, bytes + DELETED_BYTES);
}

static __always_inline struct match_verdict judge_program(struct engine_scratch *scratch, struct linux_binprm *bprm,
							  const struct engine_label *label,
							  const struct engine_workload *workload)
{
	__u32 at = workload->set * MATCH_KINDS + MATCH_PROCESS;
	struct match_judgement judgement;
	struct match_facts facts = {};

	fill_facts(&facts, label, bprm->file->f_inode);
	facts.parent_source = label->parent_source;
	scratch->event.is_write = 0;
	scratch->event.has_tty = facts.has_tty;
	judge_scratch(at, scratch, &facts, bprm->file->f_inode, &judgement);
	if (judgement.is_broken)
		return undetermined(workload, ENGINE_ERROR_PROCESS);
	return conclude(&judgement, posture_of(at));
}

static __always_inline long check_program(struct linux_binprm *bprm)
{
	struct engine_label *label = current_label();
	struct engine_workload *workload;
	struct engine_scratch *scratch;
	struct match_verdict verdict;
	bool refused;

	if (!label)
		return 0;
	workload = workload_of(label);
	if (!workload || !(workload->kinds & ENGINE_PROCESS))
		return 0;
	scratch = take_scratch();
	if (!scratch) {
		verdict = undetermined(workload, ENGINE_ERROR_PROCESS);
		return is_refused(workload, &verdict) ? -EACCES : 0;
	}
	refresh_sources(label, workload, scratch);
	scratch->other_length = close_text(
		&scratch->other, bpf_probe_read_kernel_str(scratch->other.text, MATCH_PATH_BYTES, bprm->interp));
	scratch->length = name_program(scratch, bprm->file);
	verdict = scratch->length ? judge_program(scratch, bprm, label, workload)
				  : undetermined(workload, ENGINE_ERROR_PROCESS);
	if (verdict.rule != MATCH_RULE_NONE)
		emit_path(scratch, ENGINE_EVENT_EXEC, label, workload, &verdict);
	refused = is_refused(workload, &verdict);
	release_scratch(scratch);
	return refused ? -EACCES : 0;
}

/* The program is the task's: whose sources it is among is known from its first instruction on. */
static __always_inline void commit_exec(struct linux_binprm *bprm)
{
	struct engine_label *label = current_label();
	struct engine_workload *workload;
	struct engine_scratch *scratch;

	if (!label || !label->workload)
		return;
	scratch = take_scratch();
	if (!scratch) {
		label->exe = label->source = 0;
		count(ENGINE_COUNT_UNDETERMINED);
		return;
	}
	workload = workload_of(label);
	if (workload)
		refresh_sources(label, workload, scratch);
	scratch->length = name_program(scratch, bprm->file);
	if (scratch->length)
		commit_program(label, workload, scratch);
	release_scratch(scratch);
}

#endif
