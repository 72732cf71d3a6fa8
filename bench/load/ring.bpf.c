// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Fills a ring with records as large as the guard's of a socket. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define RECORD_BYTES 112

struct record {
	__u64 sequence;
	__u8 rest[RECORD_BYTES - 8];
};

__u64 produced = 0;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} events SEC(".maps");

SEC("tc")
int produce(void *ctx)
{
	struct record *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);

	if (!record)
		return 0;
	record->sequence = produced++;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
