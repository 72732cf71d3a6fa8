// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the rules of one kind come to, under one name and under all. */
#ifndef KUBEARMOR_MATCH_JUDGE_H
#define KUBEARMOR_MATCH_JUDGE_H

#include "pattern.h"

static __always_inline void start_contest(struct match_contest *contest)
{
	contest->effect.deciding = MATCH_NOTHING;
	contest->effect.auditing = MATCH_NOTHING;
	contest->links = 0;
	contest->is_broken = 0;
}

static __always_inline bool start_walk(struct match_walk *walk, __u32 at)
{
	walk->paths = paths_at(at);
	walk->rows = bpf_map_lookup_elem(&match_rows, &at);
	return walk->paths && walk->rows;
}

/*
 * The contest of all rules that match a path. The text has a slash and zeroes behind the path, and `length` counts the
 * slash. Global, so that the verifier checks it once and not for every hook.
 */
__noinline int match_path(__u32 at, struct match_text *text, __u32 length, const struct match_facts *facts,
			  struct match_contest *contest)
{
	struct match_walk walk = { .text = text, .length = length };
	struct match_slot slot;

	if (!text || !facts || !contest)
		return 0;
	start_contest(contest);
	if (length < 1 || length > MATCH_PATH_BYTES || !start_walk(&walk, at)) {
		contest->is_broken = 1;
		return 0;
	}
	bpf_loop(MATCH_STEPS, walk_step, &walk, 0);
	if (look_up_exact(&walk, &slot)) {
		match_ref(at, slot.near, facts, contest);
		contest->links = slot.far & ~MATCH_REF_OVERFLOW;
	}
	for (__u32 i = 0; i < MATCH_MAX_NESTED; i++) {
		const struct match_hit *hit = &text->hit[i];

		if (i >= walk.hits)
			break;
		match_ref(at, hit->slash + 1 >= walk.slashes ? hit->near : hit->far, facts, contest);
	}
	if (walk.paths->flags & (MATCH_HAS_ANCHORED | MATCH_HAS_FLOATING))
		match_patterns_of(&walk, at, facts, contest);
	if (walk.is_broken)
		contest->is_broken = 1;
	return 0;
}

/* The bytes of the longest last component. */
#define COMPONENT_BYTES 256

struct match_component {
	const struct match_paths *paths;
	const char *text;
	/* Where it begins and where it ends. */
	__u32 start;
	__u32 end;
	struct match_lanes lanes;
};

/* One byte back, up to the slash before the component. */
static long component_back(__u32 step, void *context)
{
	struct match_component *component = context;
	__u32 at = component->end - 1 - step;

	if (step >= component->end || component->text[at & (MATCH_PATH_BYTES - 1)] == '/')
		return 1;
	component->start = at;
	return 0;
}

static long component_step(__u32 step, void *context)
{
	struct match_component *component = context;
	__u32 bytes = component->end - component->start, at = step * 8;
	__u64 word;

	if (at > bytes)
		return 1;
	word = *(const __u64 *)(component->text + ((component->start + at) & (MATCH_PATH_BYTES - 1)));
	if (bytes - at < 8)
		word &= (1ull << (((bytes - at) * 8) & 63)) - 1;
	take_word(&component->lanes, word, component->paths->keys + ((at & (COMPONENT_BYTES - 1)) >> 2));
	return 0;
}

/* Adds the rules about executables that have the path's last component as their name. */
__noinline int match_component(__u32 at, struct match_text *text, __u32 length, const struct match_facts *facts,
			       struct match_contest *contest)
{
	struct match_component component = {};
	struct match_tables tables;
	struct match_slot slot;
	__u64 tag;

	if (!text || !facts || !contest)
		return 0;
	if (length < 1 || length > MATCH_PATH_BYTES || !open_tables(&tables, at)) {
		contest->is_broken = 1;
		return 0;
	}
	component.paths = tables.paths;
	component.text = text->text;
	component.start = component.end = length - 1;
	bpf_loop(COMPONENT_BYTES, component_back, &component, 0);
	bpf_loop(COMPONENT_BYTES / 8 + 1, component_step, &component, 0);
	tag = tag_of(&component.lanes);
	if (find_slot(tables.rows, &tables.paths->names, tag, mix_tag(tag), &slot))
		match_ref(at, slot.near, facts, contest);
	return 0;
}

/* A file, and what the names stand for under which it was judged. */
struct match_file {
	__u64 inode;
	__u32 device;
	__u32 links[MATCH_NAMES];
};

/* Asks which names the links of a file have. */
#define LINK_GROUP_QUESTION 0xffffffffu

static __always_inline bool find_file(const struct match_walk *walk, const struct match_file *file, __u32 about,
				      struct match_slot *slot)
{
	struct match_lanes lanes = {};
	__u64 tag;

	take_word(&lanes, file->inode, walk->paths->keys);
	take_word(&lanes, file->device | (__u64)about << 32, walk->paths->keys + 2);
	tag = tag_of(&lanes);
	return find_slot(walk->rows, &walk->paths->files, tag, mix_tag(tag), slot);
}

/* The contest of the rules about other hard links of a file; those that name it as it was judged are left out. */
__noinline int match_links(__u32 at, const struct match_file *file, const struct match_facts *facts,
			   struct match_contest *contest)
{
	struct match_walk walk = {};
	struct match_slot slot;
	__u32 judged = 0;

	if (!file || !facts || !contest)
		return 0;
	start_contest(contest);
	if (!start_walk(&walk, at)) {
		contest->is_broken = 1;
		return 0;
	}
	if (!find_file(&walk, file, LINK_GROUP_QUESTION, &slot))
		return 0;
#pragma unroll
	for (int i = 0; i < MATCH_NAMES; i++)
		if (file->links[i] >> MATCH_LINK_GROUPS == slot.near)
			judged |= file->links[i] & MATCH_LINK_MASK;
	if (find_file(&walk, file, judged, &slot))
		match_ref(at, slot.near, facts, contest);
	return 0;
}

/* What a change of a directory comes to for what rules name below it. */
__noinline int match_below(__u32 at, struct match_text *text, __u32 length, const struct match_facts *facts,
			   struct match_contest *contest)
{
	struct match_walk walk = { .text = text, .length = length };
	struct match_lanes lanes;
	struct match_slot slot;
	__u64 tag, mask;

	if (!text || !facts || !contest)
		return 0;
	start_contest(contest);
	if (length < 1 || length > MATCH_PATH_BYTES || !start_walk(&walk, at)) {
		contest->is_broken = 1;
		return 0;
	}
	bpf_loop(MATCH_STEPS, walk_step, &walk, 0);
	length--;
	/* All bits up to the end of the last slash. */
	mask = ~0ull >> (56 - (length & 7) * 8);
	lanes = walk.before;
	take_word(&lanes, walk.word & mask, walk.paths->keys + ((length & (MATCH_PATH_BYTES - 8)) >> 2));
	tag = tag_of(&lanes);
	if (find_slot(walk.rows, &walk.paths->below, tag, mix_tag(tag), &slot))
		match_ref(at, slot.near, facts, contest);
	return 0;
}

/* The class of an executable in a rule set; 0 where no rule names it. */
static __always_inline __u32 source_of(__u32 set, struct match_text *text, __u32 length)
{
	struct match_facts facts = {};
	struct match_contest contest;

	if (!paths_at(set * MATCH_KINDS + MATCH_SOURCE))
		return 0;
	match_path(set * MATCH_KINDS + MATCH_SOURCE, text, length, &facts, &contest);
	return contest.effect.deciding == MATCH_NOTHING ? 0 : (__u32)contest.effect.deciding;
}

static __always_inline void start_judgement(struct match_judgement *judgement)
{
	judgement->block = MATCH_NOTHING;
	judgement->fail = MATCH_NOTHING;
	judgement->audit = MATCH_NOTHING;
	judgement->passes = 0;
	judgement->is_broken = 0;
}

/* Takes in the contest under one name. Where an Allow does not count under that name, only Blocks and Audits do. */
static __always_inline void add_contest(struct match_judgement *judgement, const struct match_contest *contest,
					bool allows)
{
	__u64 deciding = contest->effect.deciding;
	__u32 code = (__u32)deciding;

	judgement->is_broken |= contest->is_broken;
	if (contest->effect.auditing < judgement->audit)
		judgement->audit = contest->effect.auditing;
	if (deciding == MATCH_NOTHING)
		return;
	if (code < MATCH_PASS) {
		if (deciding < judgement->block)
			judgement->block = deciding;
	} else if (!allows) {
		return;
	} else if (code == MATCH_PASS) {
		judgement->passes = 1;
	} else if (deciding < judgement->fail) {
		judgement->fail = deciding;
	}
}

/* Of verdicts about parts of one operation, in their order: the first denial, else the first alert. */
static __always_inline struct match_verdict first_of(struct match_verdict earlier, struct match_verdict later)
{
	if (earlier.is_denied)
		return earlier;
	return later.is_denied || earlier.rule == MATCH_RULE_NONE ? later : earlier;
}

static __always_inline struct match_verdict audited(__u64 audit)
{
	struct match_verdict verdict = { .rule = audit == MATCH_NOTHING ? MATCH_RULE_NONE : (__u32)audit };

	return verdict;
}

static __always_inline struct match_verdict denied(__u32 rule)
{
	struct match_verdict verdict = { .is_denied = 1, .rule = rule };

	return verdict;
}

/* A Block under any name denies; what is allowed under any passes; else the posture. */
static __always_inline struct match_verdict conclude(const struct match_judgement *judgement, __u32 posture)
{
	struct match_verdict verdict = audited(judgement->audit);

	if (judgement->block != MATCH_NOTHING)
		return denied((__u32)judgement->block);
	if (judgement->passes)
		return verdict;
	if (judgement->fail != MATCH_NOTHING)
		return denied((__u32)judgement->fail & MATCH_RULE);
	if (posture == MATCH_POSTURE_BLOCK)
		return denied(MATCH_RULE_POSTURE);
	if (posture == MATCH_POSTURE_AUDIT && verdict.rule == MATCH_RULE_NONE)
		verdict.rule = MATCH_RULE_POSTURE;
	return verdict;
}

#endif
