// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One pass over a path: which of its directories rules name, and the path itself. */
#ifndef KUBEARMOR_MATCH_WALK_H
#define KUBEARMOR_MATCH_WALK_H

#include "hash.h"
#include "maps.h"

struct match_walk {
	const struct match_paths *paths;
	void *rows;
	struct match_text *text;
	/* With the slash at its end. */
	__u32 length;
	__u32 slashes;
	__u32 hits;
	__u32 is_broken;
	struct match_lanes lanes;
	/* As they were before the last word. */
	struct match_lanes before;
	__u64 word;
};

static __always_inline bool find_in_row(void *rows, __u32 row, __u64 tag, struct match_slot *found, bool *has_more)
{
	const struct match_row *bucket = row_at(rows, row);

	*has_more = false;
	if (!bucket)
		return false;
	*has_more = bucket->slots[MATCH_SLOTS - 1].far & MATCH_REF_OVERFLOW;
#pragma unroll
	for (int i = 0; i < MATCH_SLOTS; i++) {
		if (bucket->slots[i].tag != tag)
			continue;
		*found = bucket->slots[i];
		return true;
	}
	return false;
}

static __always_inline bool find_slot(void *rows, const struct match_table *table, __u64 tag, __u64 mixed,
				      struct match_slot *found)
{
	bool has_more;

	if (find_in_row(rows, table->row + first_bucket(mixed, table->mask), tag, found, &has_more))
		return true;
	return has_more && find_in_row(rows, table->row + second_bucket(mixed, table->mask), tag, found, &has_more);
}

/* A directory ends here: `mask` has all bits up to the end of its slash. */
static __always_inline void look_up_directory(struct match_walk *walk, __u64 word, __u64 mask, const __u32 *keys)
{
	struct match_lanes lanes = walk->lanes;
	struct match_slot slot;
	__u64 tag, mixed;
	__u32 at;

	walk->slashes++;
	take_word(&lanes, word & mask, keys);
	tag = tag_of(&lanes);
	mixed = mix_tag(tag);
	if (!may_have(walk->paths, mixed))
		return;
	if (!find_slot(walk->rows, &walk->paths->paths, tag, mixed, &slot))
		return;
	at = walk->hits;
	if (at >= MATCH_MAX_NESTED) {
		walk->is_broken = 1;
		return;
	}
	walk->text->hit[at].near = slot.near;
	walk->text->hit[at].far = slot.far & ~MATCH_REF_OVERFLOW;
	walk->text->hit[at].slash = walk->slashes;
	walk->hits = at + 1;
}

/* Slashes in one word of a normal path: there are no two in a row. */
#define SLASHES_PER_WORD 4

static __always_inline void take_path_word(struct match_walk *walk, __u32 at)
{
	const __u32 *keys = walk->paths->keys + (at >> 2);
	__u64 word = *(const __u64 *)(walk->text->text + at);
	__u64 slashes = slashes_of(word);

#pragma unroll
	for (int i = 0; i < SLASHES_PER_WORD; i++) {
		__u64 lowest = slashes & -slashes;

		if (!lowest)
			break;
		look_up_directory(walk, word, (lowest << 1) - 1, keys);
		slashes ^= lowest;
	}
	if (slashes)
		walk->is_broken = 1;
	walk->before = walk->lanes;
	walk->word = word;
	take_word(&walk->lanes, word, keys);
}

/* Looks the path itself up, once its last word is known. */
static __always_inline bool look_up_exact(struct match_walk *walk, struct match_slot *slot)
{
	__u32 end = walk->length - 1;
	__u64 mask = (1ull << ((end & 7) * 8)) - 1;
	struct match_lanes lanes = walk->before;
	__u64 tag, mixed;

	take_word(&lanes, walk->word & mask, walk->paths->keys + ((end & (MATCH_PATH_BYTES - 8)) >> 2));
	tag = tag_of(&lanes) ^ EXACT_TAG;
	mixed = mix_tag(tag);
	return may_have(walk->paths, mixed) && find_slot(walk->rows, &walk->paths->paths, tag, mixed, slot);
}

static long walk_step(__u32 step, void *context)
{
	struct match_walk *walk = context;
	__u32 at = step * MATCH_STEP_BYTES;

#pragma unroll
	for (int i = 0; i < MATCH_STEP_BYTES / 8; i++) {
		__u32 place = (at + i * 8) & (MATCH_PATH_BYTES - 8);

		if (at + i * 8 >= walk->length)
			return 1;
		take_path_word(walk, place);
	}
	return 0;
}

#endif
