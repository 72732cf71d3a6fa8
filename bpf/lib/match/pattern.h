// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef KUBEARMOR_MATCH_PATTERN_H
#define KUBEARMOR_MATCH_PATTERN_H

#include "effect.h"
#include "walk.h"

struct match_run {
	const struct match_patterns *patterns;
	const char *text;
	/* Without the slash behind it. */
	__u32 length;
	__u32 which;
	__u32 state;
};

static long run_step(__u32 step, void *context)
{
	struct match_run *run = context;
	__u32 which = run->which & (MATCH_AUTOMATA - 1);
	__u32 state = run->state;
	__u32 at = (step * 8) & (MATCH_PATH_BYTES - 8);
	__u64 word;

	if (at >= run->length)
		return 1;
	word = *(const __u64 *)(run->text + at);
	/* Zero leaves a state as it is. */
	if (run->length - at < 8)
		word &= (1ull << ((run->length - at) * 8)) - 1;
#pragma unroll
	for (int i = 0; i < 8; i++) {
		__u32 class = run->patterns->classes[which][(__u8)word];

		state = run->patterns->next[which][(state + class) & (MATCH_TRANSITIONS - 1)];
		word >>= 8;
	}
	run->state = state;
	return 0;
}

static __always_inline void run_automaton(const struct match_walk *walk, __u32 kind, struct match_run *run, __u32 which,
					  const struct match_facts *facts, struct match_contest *contest)
{
	const struct match_row *row;
	__u32 width, at;

	run->which = which;
	run->state = run->patterns->first[which];
	bpf_loop(MATCH_PATH_BYTES / 8, run_step, run, 0);
	width = run->patterns->width[which];
	at = width ? run->state / width : 0;
	row = row_at(walk->rows, walk->paths->accepts_row[which] + (at >> 4));
	if (row)
		match_ref(kind, row->numbers[at & 15], facts, contest);
	else
		contest->is_broken = 1;
}

static __always_inline void match_patterns_of(const struct match_walk *walk, __u32 at, const struct match_facts *facts,
					      struct match_contest *contest)
{
	struct match_run run = {
		.patterns = patterns_at(at),
		.text = walk->text->text,
		.length = walk->length - 1,
	};

	if (!run.patterns || run.patterns->generation != walk->paths->generation) {
		contest->is_broken = 1;
		return;
	}
	if (walk->paths->flags & MATCH_HAS_ANCHORED)
		run_automaton(walk, at, &run, 0, facts, contest);
	if (walk->paths->flags & MATCH_HAS_FLOATING)
		run_automaton(walk, at, &run, 1, facts, contest);
}

#endif
