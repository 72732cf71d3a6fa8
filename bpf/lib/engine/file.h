// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_ENGINE_FILE_H
#define KUBEARMOR_ENGINE_FILE_H

#include "emit.h"

#define FMODE_WRITE 0x2
#define FMODE_EXEC 0x20
/* An open by a file system that lies above: it was judged there. */
#define FMODE_NOACCOUNT 0x20000000
#define O_TRUNC 01000

static __always_inline bool has_terminal(void)
{
	struct task_struct *task = bpf_get_current_task_btf();

	return task->signal->tty != 0;
}

static __always_inline void fill_facts(struct match_facts *facts, const struct engine_label *label,
				       const struct inode *inode)
{
	struct task_struct *task = bpf_get_current_task_btf();

	facts->source = label->source;
	facts->parent_source = 0;
	facts->is_owner = inode->i_uid.val == task->cred->fsuid.val;
	facts->has_tty = has_terminal();
}

/* Judges the path in the scratch memory by the rules of one kind. */
static __always_inline void judge_scratch(__u32 at, struct engine_scratch *scratch, const struct match_facts *facts,
					  const struct inode *inode, struct match_judgement *judgement)
{
	const struct match_paths *paths = paths_at(at);
	struct match_contest contest;

	start_judgement(judgement);
	if (!paths)
		return;
	match_path(at, &scratch->text, scratch->length, facts, &contest);
	if (paths->flags & MATCH_HAS_NAMES) {
		match_component(at, &scratch->text, scratch->length, facts, &contest);
		if (scratch->other_length)
			match_component(at, &scratch->other, scratch->other_length, facts, &contest);
	}
	add_contest(judgement, &contest, true);
	if (paths->flags & MATCH_HAS_FILES && inode->i_nlink > 1) {
		struct match_file file = {
			.inode = inode->i_ino,
			.device = inode->i_sb->s_dev,
			.links = { contest.links },
		};

		match_links(at, &file, facts, &contest);
		add_contest(judgement, &contest, true);
	}
}

static __always_inline __u32 posture_of(__u32 at)
{
	const struct match_paths *paths = paths_at(at);

	return paths ? paths->posture : MATCH_POSTURE_ALLOW;
}

/* An open by the rules about files; what is opened to be executed by those of programs that block, too. */
static __always_inline struct match_verdict judge_open(struct engine_scratch *scratch, const struct file *file,
						       const struct engine_label *label,
						       const struct engine_workload *workload)
{
	__u32 at = workload->set * MATCH_KINDS;
	struct match_verdict verdict = { .rule = MATCH_RULE_NONE };
	struct match_judgement judgement;
	struct match_facts facts = {};

	fill_facts(&facts, label, file->f_inode);
	facts.mask = file->f_mode & FMODE_WRITE || file->f_flags & O_TRUNC;
	scratch->event.is_write = facts.mask;
	scratch->event.has_tty = facts.has_tty;
	if (workload->kinds & ENGINE_FILE) {
		judge_scratch(at + MATCH_FILE, scratch, &facts, file->f_inode, &judgement);
		if (judgement.is_broken)
			return undetermined(workload, ENGINE_ERROR_FILE);
		verdict = conclude(&judgement, posture_of(at + MATCH_FILE));
	}
	if (verdict.is_denied || !(file->f_mode & FMODE_EXEC) || !(workload->kinds & ENGINE_PROCESS))
		return verdict;
	facts.mask = 0;
	facts.parent_source = label->parent_source;
	judge_scratch(at + MATCH_PROCESS, scratch, &facts, file->f_inode, &judgement);
	if (judgement.is_broken)
		return undetermined(workload, ENGINE_ERROR_PROCESS);
	return judgement.block == MATCH_NOTHING ? verdict : denied((__u32)judgement.block);
}

static __always_inline long open_file(struct file *file)
{
	struct engine_label *label = current_label();
	struct match_verdict verdict;
	struct engine_workload *workload;
	struct engine_scratch *scratch;
	bool refused;

	if (!label || file->f_mode & FMODE_NOACCOUNT)
		return 0;
	workload = workload_of(label);
	if (!workload || !(workload->kinds & (ENGINE_FILE | ENGINE_PROCESS)))
		return 0;
	if (!(workload->kinds & ENGINE_FILE) && !(file->f_mode & FMODE_EXEC))
		return 0;
	/* What has no name is no object of rules about files. */
	if (!file->f_inode->i_nlink)
		return 0;
	scratch = take_scratch();
	if (!scratch) {
		verdict = undetermined(workload, ENGINE_ERROR_FILE);
		return is_refused(workload, &verdict) ? -EACCES : 0;
	}
	refresh_sources(label, workload, scratch);
	scratch->other_length = 0;
	scratch->length = close_text(&scratch->text, bpf_d_path(&file->f_path, scratch->text.text, MATCH_PATH_BYTES));
	verdict = scratch->length ? judge_open(scratch, file, label, workload)
				  : undetermined(workload, ENGINE_ERROR_FILE);
	if (verdict.rule != MATCH_RULE_NONE)
		emit_path(scratch, ENGINE_EVENT_FILE, label, workload, &verdict);
	refused = is_refused(workload, &verdict);
	release_scratch(scratch);
	return refused ? -EACCES : 0;
}

#endif
