// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Calls that change names or what they stand for: each is a write to the names that it is about. */
#ifndef KUBEARMOR_ENGINE_CHANGE_H
#define KUBEARMOR_ENGINE_CHANGE_H

#include "file.h"
#include "name.h"

#define S_IFMT 0170000
#define S_IFDIR 0040000
#define S_IFREG 0100000

enum change {
	/* A directory goes, with all that rules name below it. */
	CHANGE_SUBTREE = 1,
	/* An open follows, which tells of what passes. */
	CHANGE_OPENS = 2,
};

/* The address of one of the kernel's objects, as a number: global functions take none of its pointers. */
static __always_inline __u64 number_of(const void *object)
{
	__u64 number = 0;

	bpf_probe_read_kernel(&number, sizeof(number), &object);
	return number;
}

static __always_inline bool is_directory(struct dentry *dentry)
{
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);

	return inode && (BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFDIR;
}

/* What is there already, or the directory in which it is about to be. */
static __always_inline void describe_dentry(struct engine_object *object, struct dentry *dentry)
{
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);

	object->inode = 0;
	object->device = 0;
	object->links = 0;
	if (inode) {
		object->inode = BPF_CORE_READ(inode, i_ino);
		object->device = BPF_CORE_READ(inode, i_sb, s_dev);
		object->links = BPF_CORE_READ(inode, i_nlink);
	} else {
		inode = BPF_CORE_READ(dentry, d_parent, d_inode);
	}
	object->owner = BPF_CORE_READ(inode, i_uid.val);
}

static __always_inline struct match_verdict judge_change(struct engine_scratch *scratch, struct dentry *dentry,
							 __u32 how, const struct engine_label *label,
							 const struct engine_set *set)
{
	__u32 at = set->tables * MATCH_KINDS + MATCH_FILE;
	struct match_facts facts = { .mask = 1 };
	struct match_judgement judgement;
	struct engine_object object;
	struct match_contest contest;
	struct match_verdict verdict;

	describe_dentry(&object, dentry);
	fill_facts(&facts, label, &object);
	facts.mask = 1;
	scratch->event.is_write = 1;
	scratch->event.has_tty = facts.has_tty;
	judge_scratch(at, scratch, &facts, &object, &judgement);
	if (judgement.is_broken)
		return undetermined(set, ENGINE_ERROR_FILE);
	verdict = conclude(&judgement, posture_of(at));
	if (verdict.is_denied || !(how & CHANGE_SUBTREE))
		return verdict;
	match_below(at, &scratch->text, scratch->length, &facts, &contest);
	start_judgement(&judgement);
	add_contest(&judgement, &contest, true);
	return first_of(verdict, conclude(&judgement, MATCH_POSTURE_ALLOW));
}

/*
 * Judges the change of one name: 1 where it is refused. Global, so that the verifier checks it once and not for every
 * hook; it takes the kernel's objects as numbers, since such a function takes no pointer to them.
 */
__noinline int change_name(__u64 dentry_at, __u64 mount_at, __u32 how)
{
	struct dentry *dentry = (struct dentry *)dentry_at;
	struct engine_label *label = current_label();
	struct match_verdict verdict;
	const struct engine_set *set;
	struct engine_scratch *scratch;
	bool refused;

	if (!label)
		return 0;
	set = set_of(label);
	if (!set || !(set->kinds & ENGINE_FILE))
		return 0;
	scratch = take_scratch();
	if (!scratch) {
		verdict = undetermined(set, ENGINE_ERROR_FILE);
		return is_refused(set, &verdict);
	}
	refresh_sources(label, set, scratch);
	scratch->length = name_path(scratch, dentry, (struct vfsmount *)mount_at);
	scratch->other_length = 0;
	verdict = scratch->length && knows_sources(label, set) ? judge_change(scratch, dentry, how, label, set)
							       : undetermined(set, ENGINE_ERROR_FILE);
	if (verdict.rule != MATCH_RULE_NONE && (verdict.is_denied || !(how & CHANGE_OPENS)))
		emit_path(scratch, ENGINE_EVENT_CHANGE, label, set, &verdict);
	refused = is_refused(set, &verdict);
	release_scratch(scratch);
	return refused;
}

#endif
