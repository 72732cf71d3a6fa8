// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Alerts, and what a hook returns. What becomes of an alert never changes a verdict. */
#ifndef KUBEARMOR_ENGINE_EMIT_H
#define KUBEARMOR_ENGINE_EMIT_H

#include "executable.h"

#define EPERM 1
#define EACCES 13

static __always_inline void fill_event(struct engine_event *event, __u32 kind, const struct engine_label *label,
				       const struct engine_workload *workload, const struct match_verdict *verdict)
{
	__u64 id = bpf_get_current_pid_tgid();

	event->time_ns = bpf_ktime_get_ns();
	event->exe = label->exe;
	event->parent_exe = label->parent_exe;
	event->kind = kind;
	event->workload = label->workload;
	event->generation = workload->generation;
	event->rule = verdict->rule;
	event->is_denied = verdict->is_denied && !workload->is_audited;
	event->tid = (__u32)id;
	event->tgid = id >> 32;
	event->uid = (__u32)bpf_get_current_uid_gid();
}

static __always_inline void count_verdict(const struct match_verdict *verdict, bool is_lost)
{
	count(verdict->is_denied ? ENGINE_COUNT_DENIED : ENGINE_COUNT_ALERTED);
	if (is_lost)
		count(ENGINE_COUNT_LOST);
}

/* An alert about a path, which the scratch memory has. */
static __always_inline void emit_path(struct engine_scratch *scratch, __u32 kind, const struct engine_label *label,
				      const struct engine_workload *workload, const struct match_verdict *verdict)
{
	__u64 length = scratch->length;
	long error;

	length = length ? length - 1 : 0;
	fill_event(&scratch->event, kind, label, workload, verdict);
	scratch->event.length = length;
	barrier_var(length);
	length &= MATCH_PATH_BYTES - 1;
	error = bpf_ringbuf_output(&engine_alerts, &scratch->event, sizeof(scratch->event) + length, 0);
	count_verdict(verdict, error);
}

/* An alert about something that has numbers. */
static __always_inline void emit_numbers(const struct engine_event *numbers, __u32 kind,
					 const struct engine_label *label, const struct engine_workload *workload,
					 const struct match_verdict *verdict)
{
	struct engine_event *event = bpf_ringbuf_reserve(&engine_alerts, sizeof(*event), 0);

	count_verdict(verdict, !event);
	if (!event)
		return;
	*event = *numbers;
	fill_event(event, kind, label, workload, verdict);
	bpf_ringbuf_submit(event, 0);
}

static __always_inline bool is_refused(const struct engine_workload *workload, const struct match_verdict *verdict)
{
	return verdict->is_denied && !workload->is_audited;
}

/* What becomes of an operation of which nothing can be said. */
static __always_inline struct match_verdict undetermined(const struct engine_workload *workload, __u32 kind)
{
	struct match_verdict verdict = {
		.is_denied = (workload->deny_on_error & kind) != 0,
		.rule = ENGINE_RULE_ERROR,
	};

	count(ENGINE_COUNT_UNDETERMINED);
	return verdict;
}

#endif
