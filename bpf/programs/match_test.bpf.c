// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The matching core by itself, to be run on cases without attaching anything. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "match_test.h"
#include "match/judge.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct match_case);
} match_cases SEC(".maps");

/* Judges the file of a case under its names, as a hook does. */
static __always_inline struct match_verdict judge_case(struct match_case *asked, __u32 at)
{
	struct match_file file = { .inode = asked->inode, .device = asked->device };
	const struct match_paths *paths = paths_at(at);
	struct match_verdict verdict = { .rule = MATCH_RULE_NONE };
	struct match_judgement judgement;
	struct match_contest contest;

	/* No rule is of this kind. */
	if (!paths)
		return verdict;
	start_judgement(&judgement);
	for (__u32 i = 0; i < MATCH_NAMES; i++) {
		struct match_name *name = &asked->name[i];

		if (i >= asked->names)
			break;
		match_path(at, &name->text, name->length, &asked->facts, &contest);
		if (paths->flags & MATCH_HAS_NAMES) {
			match_component(at, &name->text, name->length, &asked->facts, &contest);
			if (asked->requested.length)
				match_component(at, &asked->requested.text, asked->requested.length, &asked->facts,
						&contest);
		}
		file.links[i] = contest.links;
		add_contest(&judgement, &contest, name->allows);
	}
	if (asked->has_file && paths->flags & MATCH_HAS_FILES) {
		match_links(at, &file, &asked->facts, &contest);
		add_contest(&judgement, &contest, true);
	}
	verdict = conclude(&judgement, asked->has_no_posture ? MATCH_POSTURE_ALLOW : paths->posture);
	asked->answer.is_broken |= judgement.is_broken;
	if (!asked->is_subtree)
		return verdict;
	for (__u32 i = 0; i < MATCH_NAMES; i++) {
		if (i >= asked->names)
			break;
		match_below(at, &asked->name[i].text, asked->name[i].length, &asked->facts, &contest);
		start_judgement(&judgement);
		add_contest(&judgement, &contest, true);
		verdict = first_of(verdict, conclude(&judgement, MATCH_POSTURE_ALLOW));
	}
	return verdict;
}

SEC("raw_tracepoint/sched_process_exec")
int match_test(void *ctx)
{
	struct match_verdict verdict;
	struct match_case *asked;
	__u32 zero = 0;

	asked = bpf_map_lookup_elem(&match_cases, &zero);
	if (!asked)
		return 0;
	asked->answer.is_broken = 0;
	asked->facts.source = asked->exe.length ? source_of(asked->set, &asked->exe.text, asked->exe.length) : 0;
	asked->facts.parent_source =
		asked->parent.length ? source_of(asked->set, &asked->parent.text, asked->parent.length) : 0;
	verdict = judge_case(asked, asked->set * MATCH_KINDS + asked->kind);
	asked->answer.is_denied = verdict.is_denied;
	asked->answer.rule = verdict.rule;
	return 0;
}

/* The compiler describes only what a variable names: these keep the layouts in BTF, where the tests read them. */
struct match_paths *layout_of_paths __attribute__((unused));
struct match_row *layout_of_row __attribute__((unused));
struct match_patterns *layout_of_patterns __attribute__((unused));
enum match_kind *layout_of_kind __attribute__((unused));
enum match_flag *layout_of_flag __attribute__((unused));
enum match_posture *layout_of_posture __attribute__((unused));

char LICENSE[] SEC("license") = "Dual BSD/GPL";
