// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Names of entries. Two sums of products of 32-bit halves, each half with a secret key of its own: whatever two
 * paths a workload chooses, the chance that they are equal in both is at most 2^-64, and the sum over a prefix is had
 * on the way to the whole.
 */
#ifndef KUBEARMOR_MATCH_HASH_H
#define KUBEARMOR_MATCH_HASH_H

#include "match.h"

#define MIX_FIRST 0x9e3779b97f4a7c15ull
#define MIX_SECOND 0xc2b2ae3d27d4eb4full
#define MIX_THIRD 0xd6e8feb86659fd93ull
/* What an exact path has in its tag and a directory has not. */
#define EXACT_TAG 0x94d049bb133111ebull

struct match_lanes {
	__u64 first;
	__u64 second;
};

/* Takes in one word of eight bytes; `keys` are those of its place. */
static __always_inline void take_word(struct match_lanes *lanes, __u64 word, const __u32 *keys)
{
	__u32 low = (__u32)word, high = (__u32)(word >> 32);

	lanes->first += (__u64)(low + keys[0]) * (__u32)(high + keys[1]);
	lanes->second += (__u64)(low + keys[2]) * (__u32)(high + keys[3]);
}

static __always_inline __u64 tag_of(const struct match_lanes *lanes)
{
	return lanes->first * MIX_FIRST + lanes->second * MIX_SECOND;
}

/* What bloom and buckets are chosen by. */
static __always_inline __u64 mix_tag(__u64 tag)
{
	return (tag ^ (tag >> 29)) * MIX_THIRD;
}

static __always_inline __u32 first_bucket(__u64 mixed, __u32 mask)
{
	return (__u32)(mixed >> 8) & mask;
}

static __always_inline __u32 second_bucket(__u64 mixed, __u32 mask)
{
	return (__u32)(mixed >> 32) & mask;
}

/* Whether an entry may be there: two bits in one word. */
static __always_inline bool may_have(const struct match_paths *paths, __u64 mixed)
{
	__u64 wanted = (1ull << ((mixed >> 46) & 63)) | (1ull << ((mixed >> 40) & 63));

	return (paths->bloom[mixed >> 52] & wanted) == wanted;
}

/* Bit 7 of each byte that is a slash. */
static __always_inline __u64 slashes_of(__u64 word)
{
	__u64 other = word ^ 0x2f2f2f2f2f2f2f2full;
	__u64 low = (other & 0x7f7f7f7f7f7f7f7full) + 0x7f7f7f7f7f7f7f7full;

	return ~(low | other | 0x7f7f7f7f7f7f7f7full);
}

#endif
