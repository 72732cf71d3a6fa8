// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What references come to for who asks. */
#ifndef KUBEARMOR_MATCH_EFFECT_H
#define KUBEARMOR_MATCH_EFFECT_H

#include "hash.h"
#include "maps.h"

/* The tables of one kind. */
struct match_tables {
	const struct match_paths *paths;
	void *rows;
};

/* Of two effects the lower counts: rank, then block before pass before fail, then the earlier rule. */
static __always_inline void take_effect(const struct match_tables *tables, __u32 index, struct match_contest *contest)
{
	const struct match_row *row = row_at(tables->rows, tables->paths->effects_row + (index >> 2));
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

static __always_inline void take_cells(const struct match_tables *tables, __u32 index, const struct match_facts *facts,
				       struct match_contest *contest)
{
	for (int i = 0; i < MATCH_MAX_CHAIN; i++) {
		const struct match_row *row = row_at(tables->rows, tables->paths->cells_row + index);
		__u64 which;

		if (!row) {
			contest->is_broken = 1;
			return;
		}
		which = facts->is_owner & 1;
		which |= ((facts->mask >> (row->cell.mask_bit & 63)) & 1) << 1;
		which |= (facts->has_tty & 1) << 2;
		/* In 64 bits, and out of the compiler's sight: verifiers before 6.12 lose the bound otherwise. */
		barrier_var(which);
		take_effect(tables, row->cell.effects[which & 7], contest);
		index = row->cell.next;
		if (!index)
			return;
	}
	contest->is_broken = 1;
}

static __always_inline void take_plain(const struct match_tables *tables, __u32 ref, const struct match_facts *facts,
				       struct match_contest *contest)
{
	if (ref & MATCH_REF_CELL)
		take_cells(tables, ref & MATCH_REF_INDEX, facts, contest);
	else
		take_effect(tables, ref & MATCH_REF_INDEX, contest);
}

static __always_inline __u32 find_override(const struct match_tables *tables, __u32 row, __u32 ref, __u32 source,
					   bool *has_more)
{
	const struct match_row *bucket = row_at(tables->rows, row);

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

static __always_inline bool take_override(const struct match_tables *tables, __u32 ref, __u32 source,
					  const struct match_facts *facts, struct match_contest *contest)
{
	const struct match_table *table = &tables->paths->overrides;
	__u64 mixed = mix_tag(ref * MIX_FIRST + source * MIX_SECOND);
	__u32 instead;
	bool has_more;

	instead = find_override(tables, table->row + first_bucket(mixed, table->mask), ref, source, &has_more);
	if (!instead && has_more)
		instead = find_override(tables, table->row + second_bucket(mixed, table->mask), ref, source, &has_more);
	if (!instead)
		return false;
	take_plain(tables, instead, facts, contest);
	return true;
}

static __always_inline bool open_tables(struct match_tables *tables, __u32 at)
{
	tables->paths = paths_at(at);
	tables->rows = bpf_map_lookup_elem(&match_rows, &at);
	return tables->paths && tables->rows;
}

/*
 * An executable that a rule names as its source has what all rules come to for it in the place of what they come to
 * for others. For an exec the parent's executable counts, too: what both come to is put together. Global, so that the
 * verifier checks it once and not for everything that is looked up.
 */
__noinline int match_ref(__u32 at, __u32 ref, const struct match_facts *facts, struct match_contest *contest)
{
	struct match_tables tables;
	bool is_taken = false;

	if (!facts || !contest || !ref)
		return 0;
	if (!open_tables(&tables, at)) {
		contest->is_broken = 1;
		return 0;
	}
	if (ref & MATCH_REF_SOURCED) {
		if (facts->source)
			is_taken |= take_override(&tables, ref, facts->source, facts, contest);
		if (facts->parent_source)
			is_taken |= take_override(&tables, ref, facts->parent_source, facts, contest);
	}
	if (!is_taken)
		take_plain(&tables, ref, facts, contest);
	return 0;
}

#endif
