// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* SipHash-2-4 under a key of this boot: a workload that chooses two texts cannot make their hashes equal. */
#ifndef KUBEARMOR_HASH_H
#define KUBEARMOR_HASH_H

#include "maps.h"

#define CHUNK_BYTES 256
#define CHUNK_WORDS (CHUNK_BYTES / 8)

struct hash_scratch {
	union {
		char bytes[CHUNK_BYTES];
		__u64 words[CHUNK_WORDS];
	};
};

/* One slot per CPU is enough: raw tracepoint programs run with preemption disabled. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct hash_scratch);
} hash_scratches SEC(".maps");

struct sip_state {
	__u64 v0, v1, v2, v3;
};

static __always_inline struct hash_scratch *scratch_slot(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&hash_scratches, &zero);
}

static __always_inline __u64 rotate_left(__u64 value, __u32 by)
{
	return (value << by) | (value >> (64 - by));
}

static __always_inline void sip_round(struct sip_state *state)
{
	state->v0 += state->v1;
	state->v1 = rotate_left(state->v1, 13) ^ state->v0;
	state->v0 = rotate_left(state->v0, 32);
	state->v2 += state->v3;
	state->v3 = rotate_left(state->v3, 16) ^ state->v2;
	state->v0 += state->v3;
	state->v3 = rotate_left(state->v3, 21) ^ state->v0;
	state->v2 += state->v1;
	state->v1 = rotate_left(state->v1, 17) ^ state->v2;
	state->v2 = rotate_left(state->v2, 32);
}

static __always_inline void sip_take(struct sip_state *state, __u64 word)
{
	state->v3 ^= word;
	sip_round(state);
	sip_round(state);
	state->v0 ^= word;
}

static __always_inline __u64 sip_finish(struct sip_state *state)
{
	state->v2 ^= 0xff;
	sip_round(state);
	sip_round(state);
	sip_round(state);
	sip_round(state);
	return state->v0 ^ state->v1 ^ state->v2 ^ state->v3;
}

/* The bytes behind the last whole word, and the length. */
static __always_inline __u64 last_word(const struct hash_scratch *scratch, __u32 length)
{
	__u64 word = (__u64)(length & 0xff) << 56;
	__u32 whole = length & ~7u;

	for (__u32 i = 0; i < 7; i++) {
		__u32 at = whole + i;

		if (at >= length || at >= CHUNK_BYTES)
			break;
		word |= (__u64)(__u8)scratch->bytes[at] << (8 * i);
	}
	return word;
}

/*
 * Hashes what is in the scratch slot, behind what has the hash `before`.
 * Global, so that the verifier checks the loop once and not for every call.
 */
__noinline __u64 hash_scratch(__u64 before, __u32 length)
{
	struct hash_scratch *scratch = scratch_slot();
	struct sip_state state;
	struct guard_key *key;
	__u32 zero = 0;

	key = bpf_map_lookup_elem(&hash_keys, &zero);
	if (!scratch || !key)
		return 0;
	state.v0 = key->first ^ before ^ 0x736f6d6570736575ull;
	state.v1 = key->second ^ 0x646f72616e646f6dull;
	state.v2 = key->first ^ before ^ 0x6c7967656e657261ull;
	state.v3 = key->second ^ 0x7465646279746573ull;
	for (__u32 i = 0; i < CHUNK_WORDS; i++) {
		if ((i + 1) * 8 > length)
			break;
		sip_take(&state, scratch->words[i]);
	}
	sip_take(&state, last_word(scratch, length));
	return sip_finish(&state);
}

#endif
