// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What references come to for who asks. */
#ifndef KUBEARMOR_MATCH_EFFECT_H
#define KUBEARMOR_MATCH_EFFECT_H

#include "walk.h"

/* Of two effects the lower counts: rank, then block before pass before fail, then the earlier rule. */
static __always_inline void take_effect(const struct match_walk *walk, __u32 index, struct match_contest *contest)
{
	const struct match_row *row = row_at(walk->rows, walk->paths->effects_row + (index >> 2));
	const struct match_effect *effect;

	if (!row) {
		contest->is_broken = 1;
		return;
	}
	effect = &row->effects[index & 3];
	if (effect->deciding < contest->effect.deciding)
		contest->effect.deciding = effect->deciding;
	if (effect->auditing < contest->effect.auditing)
		contest->effect.auditing = effect->auditing;
}

static __always_inline void take_cells(const struct match_walk *walk, __u32 index, const struct match_facts *facts,
				       struct match_contest *contest)
{
	for (int i = 0; i < MATCH_MAX_CHAIN; i++) {
		const struct match_row *row = row_at(walk->rows, walk->paths->cells_row + index);
		__u32 which;

		if (!row) {
			contest->is_broken = 1;
			return;
		}
		which = facts->is_owner & 1;
		which |= ((facts->mask >> (row->cell.mask_bit & 63)) & 1) << 1;
		which |= (facts->has_tty & 1) << 2;
		take_effect(walk, row->cell.effects[which & 7], contest);
		index = row->cell.next;
		if (!index)
			return;
	}
	contest->is_broken = 1;
}

static __always_inline void take_plain(const struct match_walk *walk, __u32 ref, const struct match_facts *facts,
				       struct match_contest *contest)
{
	if (ref & MATCH_REF_CELL)
		take_cells(walk, ref & MATCH_REF_INDEX, facts, contest);
	else
		take_effect(walk, ref & MATCH_REF_INDEX, contest);
}

static __always_inline __u32 find_override(const struct match_walk *walk, __u32 row, __u32 ref, __u32 source,
					   bool *has_more)
{
	const struct match_row *bucket = row_at(walk->rows, row);

	*has_more = false;
	if (!bucket)
		return 0;
	*has_more = bucket->overrides[MATCH_SLOTS - 1].overflow;
#pragma unroll
	for (int i = 0; i < MATCH_SLOTS; i++)
		if (bucket->overrides[i].ref == ref && bucket->overrides[i].source == source)
			return bucket->overrides[i].instead;
	return 0;
}

static __always_inline bool take_override(const struct match_walk *walk, __u32 ref, __u32 source,
					  const struct match_facts *facts, struct match_contest *contest)
{
	const struct match_table *table = &walk->paths->overrides;
	__u64 mixed = mix_tag(ref * MIX_FIRST + source * MIX_SECOND);
	__u32 instead;
	bool has_more;

	instead = find_override(walk, table->row + first_bucket(mixed, table->mask), ref, source, &has_more);
	if (!instead && has_more)
		instead = find_override(walk, table->row + second_bucket(mixed, table->mask), ref, source, &has_more);
	if (!instead)
		return false;
	take_plain(walk, instead, facts, contest);
	return true;
}

/*
 * An executable that a rule names as its source has what all rules come to for it in the place of what they come to
 * for others. For an exec the parent's executable counts, too: what both come to is put together.
 */
static __always_inline void take_ref(const struct match_walk *walk, __u32 ref, const struct match_facts *facts,
				     struct match_contest *contest)
{
	bool is_taken = false;

	if (!ref)
		return;
	if (ref & MATCH_REF_SOURCED) {
		if (facts->source)
			is_taken |= take_override(walk, ref, facts->source, facts, contest);
		if (facts->parent_source)
			is_taken |= take_override(walk, ref, facts->parent_source, facts, contest);
	}
	if (!is_taken)
		take_plain(walk, ref, facts, contest);
}

#endif
