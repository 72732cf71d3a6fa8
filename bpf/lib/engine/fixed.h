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
	struct engine_workload *workload;
	struct engine_scratch *scratch;

	if (!label)
		return 0;
	workload = workload_of(label);
	if (!workload)
		return 0;
	scratch = take_scratch();
	if (!scratch)
		return 0;
	refresh_sources(label, workload, scratch);
	release_scratch(scratch);
	return 1;
}

/* The sources of a task are known, unless the rule set is another one since. */
static __always_inline bool know_sources(const struct engine_label *label, const struct engine_workload *workload)
{
	return label->generation == workload->generation || renew_sources();
}

static __always_inline long use_socket(__u32 family, __u32 type, __u32 protocol)
{
	struct engine_label *label = current_label();
	struct engine_event numbers = { .numbers = { family, type, protocol } };
	struct engine_workload *workload;
	struct match_verdict verdict;

	if (!label)
		return 0;
	workload = workload_of(label);
	if (!workload || !(workload->kinds & ENGINE_NETWORK))
		return 0;
	numbers.has_tty = has_terminal();
	verdict =
		know_sources(label, workload)
			? verdict_of(socket_cell(workload->set, label->source, numbers.has_tty, family, type, protocol))
			: undetermined(workload, ENGINE_ERROR_NETWORK);
	if (verdict.rule != MATCH_RULE_NONE)
		emit_numbers(&numbers, ENGINE_EVENT_SOCKET, label, workload, &verdict);
	return is_refused(workload, &verdict) ? -EACCES : 0;
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
	struct engine_workload *workload;
	struct match_verdict verdict;

	if (!label)
		return 0;
	workload = workload_of(label);
	if (!workload || !(workload->kinds & ENGINE_CAPABILITIES))
		return 0;
	numbers.has_tty = has_terminal();
	verdict = know_sources(label, workload)
			  ? verdict_of(capability_cell(workload->set, label->source, numbers.has_tty, capability))
			  : undetermined(workload, ENGINE_ERROR_CAPABILITIES);
	/* What the kernel wants no record of is judged like the rest and never told. */
	if (verdict.rule != MATCH_RULE_NONE && !(options & CAP_OPT_NOAUDIT))
		emit_numbers(&numbers, ENGINE_EVENT_CAPABILITY, label, workload, &verdict);
	return is_refused(workload, &verdict) ? -EACCES : 0;
}

#endif
