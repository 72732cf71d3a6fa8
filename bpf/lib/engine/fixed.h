// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sockets and capabilities. */
#ifndef KUBEARMOR_ENGINE_FIXED_H
#define KUBEARMOR_ENGINE_FIXED_H

#include "file.h"
#include "match/fixed.h"

#define CAP_OPT_NOAUDIT 2

static __always_inline struct match_verdict verdict_of(__u32 cell)
{
	struct match_verdict verdict = { .is_denied = (cell & MATCH_CELL_DENY) != 0, .rule = cell & MATCH_RULE };

	return verdict;
}

/* Works the current task's sources out anew. Global, so that the verifier checks it once and not for every hook. */
__noinline int renew_sources(void)
{
	struct engine_label *label = current_label();
	const struct engine_set *set;
	struct engine_scratch *scratch;

	if (!label)
		return 0;
	set = set_of(label);
	if (!set)
		return 0;
	scratch = take_scratch();
	if (!scratch)
		return 0;
	refresh_sources(label, set, scratch);
	release_scratch(scratch);
	return 1;
}

static __always_inline bool learn_sources(const struct engine_label *label, const struct engine_set *set)
{
	if (label->generation != set->generation && !renew_sources())
		return false;
	return knows_sources(label, set);
}

static __always_inline long use_socket(__u32 family, __u32 type, __u32 protocol)
{
	struct engine_label *label = current_label();
	struct engine_event numbers = { .numbers = { family, type, protocol } };
	const struct engine_set *set;
	struct match_verdict verdict;

	if (!label)
		return 0;
	set = set_of(label);
	if (!set || !(set->kinds & ENGINE_NETWORK))
		return 0;
	numbers.has_tty = has_terminal();
	verdict = learn_sources(label, set)
			  ? verdict_of(socket_cell(set->tables, label->source, numbers.has_tty, family, type, protocol))
			  : undetermined(set, ENGINE_ERROR_NETWORK);
	if (verdict.rule != MATCH_RULE_NONE)
		emit_numbers(&numbers, ENGINE_EVENT_SOCKET, label, set, &verdict);
	return is_refused(set, &verdict) ? -EACCES : 0;
}

static __always_inline long use_existing_socket(struct socket *socket)
{
	struct sock *sk = socket->sk;

	return sk ? use_socket(sk->__sk_common.skc_family, socket->type, sk->sk_protocol) : 0;
}

static __always_inline long use_capability(__u32 capability, __u32 options)
{
	struct engine_label *label = current_label();
	struct engine_event numbers = { .numbers = { capability } };
	const struct engine_set *set;
	struct match_verdict verdict;

	if (!label)
		return 0;
	set = set_of(label);
	if (!set || !(set->kinds & ENGINE_CAPABILITIES))
		return 0;
	numbers.has_tty = has_terminal();
	verdict = learn_sources(label, set)
			  ? verdict_of(capability_cell(set->tables, label->source, numbers.has_tty, capability))
			  : undetermined(set, ENGINE_ERROR_CAPABILITIES);
	/* What the kernel wants no record of is judged like the rest and never told. */
	if (verdict.rule != MATCH_RULE_NONE && !(options & CAP_OPT_NOAUDIT))
		emit_numbers(&numbers, ENGINE_EVENT_CAPABILITY, label, set, &verdict);
	return is_refused(set, &verdict) ? -EACCES : 0;
}

#endif
