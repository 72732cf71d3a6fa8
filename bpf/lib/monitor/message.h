// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Calls that send: to which address, each of their messages, and what they ask name servers. */
#ifndef KUBEARMOR_MONITOR_MESSAGE_H
#define KUBEARMOR_MONITOR_MESSAGE_H

#include "text.h"

#define IPPROTO_UDP 17
#define DNS_PORT 53
/* Messages of one call; of a call that sends more, the last record is marked as cut short. */
#define MAX_MESSAGES 16
/* Buffers of one message. */
#define MAX_BUFFERS 4
/* struct sockaddr_in up to its address, and struct sockaddr_in6. */
#define INET_ADDRESS_BYTES 8
#define INET6_ADDRESS_BYTES 24

/* A message of a caller, whatever the width of its pointers. */
struct message {
	__u64 name;
	__u64 buffers;
	__u32 name_bytes;
	__u32 buffer_count;
};

struct buffer {
	__u64 base;
	__u64 bytes;
};

static __always_inline void read_message(struct message *into, __u64 header, bool compat)
{
	struct {
		__u64 name;
		__u32 name_bytes;
		__u32 pad;
		__u64 buffers;
		__u64 buffer_count;
	} wide = {};
	struct {
		__u32 name;
		__u32 name_bytes;
		__u32 buffers;
		__u32 buffer_count;
	} narrow = {};

	if (compat) {
		bpf_probe_read_user(&narrow, sizeof(narrow), (const void *)header);
		*into = (struct message) { narrow.name, narrow.buffers, narrow.name_bytes, narrow.buffer_count };
		return;
	}
	bpf_probe_read_user(&wide, sizeof(wide), (const void *)header);
	*into = (struct message) { wide.name, wide.buffers, wide.name_bytes, wide.buffer_count };
}

static __always_inline void read_buffer(struct buffer *into, __u64 vector, __u32 index, bool compat)
{
	__u32 narrow[2] = {};

	if (compat) {
		bpf_probe_read_user(narrow, sizeof(narrow), (const void *)(vector + index * sizeof(narrow)));
		*into = (struct buffer) { narrow[0], narrow[1] };
		return;
	}
	bpf_probe_read_user(into, sizeof(*into), (const void *)(vector + index * sizeof(*into)));
}

/* The header of one message of the call. */
static __always_inline __u64 header_of(const struct scratch *scratch, __u32 index)
{
	/* struct mmsghdr: a header and how much of it was sent. */
	__u32 size = scratch->event.flags & MONITOR_COMPAT ? 32 : 64;

	return scratch->args[1] + index * size;
}

static __always_inline void restart_texts(struct scratch *scratch)
{
	scratch->used = 0;
	__builtin_memset(scratch->event.lengths, 0, sizeof(scratch->event.lengths));
	scratch->event.flags &= MONITOR_COMPAT;
}

/* Where one message of the call goes to, and where what it says is. */
static __always_inline void find_message(const struct scratch *scratch, __u32 index, struct message *into)
{
	bool compat = scratch->event.flags & MONITOR_COMPAT;

	switch (scratch->call.payload) {
	case MONITOR_PAYLOAD_BUFFER:
		if (scratch->call.flags & MONITOR_CALL_ADDRESSED)
			*into = (struct message) { .name = scratch->args[4], .name_bytes = scratch->args[5] };
		break;
	case MONITOR_PAYLOAD_VECTOR:
		*into = (struct message) { .buffers = scratch->args[1], .buffer_count = scratch->args[2] };
		break;
	case MONITOR_PAYLOAD_MESSAGE:
	case MONITOR_PAYLOAD_MESSAGES:
		read_message(into, header_of(scratch, index), compat);
		break;
	}
}

/* Adds a buffer of the caller to the second text; false where there is no room for more. */
static __always_inline bool add_buffer(struct scratch *scratch, __u64 base, __u64 bytes)
{
	__u32 used = scratch->event.lengths[MONITOR_DNS_MESSAGE];
	__u32 at = scratch->used;

	if (used >= MONITOR_DNS_BYTES || at > TEXTS_FULL)
		return false;
	if (bytes > MONITOR_DNS_BYTES - used)
		bytes = MONITOR_DNS_BYTES - used;
	/* For verifiers that do not follow the comparison: hidden from the compiler, which does. */
	asm volatile("" : "+r"(bytes));
	bytes &= 2 * MONITOR_DNS_BYTES - 1;
	if (bpf_probe_read_user(scratch->texts + at, bytes, (const void *)base)) {
		scratch->event.flags |= MONITOR_UNREADABLE;
		return false;
	}
	scratch->event.lengths[MONITOR_DNS_MESSAGE] = used + bytes;
	scratch->used = at + bytes;
	return true;
}

__noinline int add_buffers(__u32 at, __u64 vector, __u32 count)
{
	struct scratch *scratch = scratch_at(at);
	struct buffer buffer = {};

	if (!scratch)
		return 0;
	for (__u32 i = 0; i < MAX_BUFFERS; i++) {
		if (i >= count)
			break;
		read_buffer(&buffer, vector, i, scratch->event.flags & MONITOR_COMPAT);
		if (!add_buffer(scratch, buffer.base, buffer.bytes))
			break;
	}
	return 0;
}

/* Who is asked: whom the message names, else whom the socket is connected to. False where that is no name server. */
static __always_inline bool add_server(struct scratch *scratch, const struct message *message)
{
	struct monitor_peer peer = {};
	struct {
		__u16 family;
		__be16 port;
		__u32 first;
		__u8 rest[16];
	} name = {};
	struct sock *sk = scratch->sk;

	if (message->name && message->name_bytes >= INET_ADDRESS_BYTES) {
		bool is_long = message->name_bytes >= INET6_ADDRESS_BYTES;

		bpf_probe_read_user(&name, is_long ? sizeof(name) : INET_ADDRESS_BYTES, (const void *)message->name);
		if (name.port != bpf_htons(DNS_PORT))
			return false;
		peer.family = name.family;
		if (name.family == AF_INET)
			__builtin_memcpy(peer.address, &name.first, sizeof(name.first));
		else if (name.family == AF_INET6 && is_long)
			__builtin_memcpy(peer.address, name.rest, sizeof(name.rest));
		else
			return false;
		peer.remote_port = DNS_PORT;
		peer.protocol = IPPROTO_UDP;
		__builtin_memcpy(scratch->texts, &peer, sizeof(peer));
		note_length(scratch, MONITOR_DNS_SERVER, sizeof(peer));
		return true;
	}
	if (BPF_CORE_READ(sk, __sk_common.skc_dport) != bpf_htons(DNS_PORT))
		return false;
	add_inet_peer(scratch->at, (__u64)sk, BPF_CORE_READ(sk, __sk_common.skc_family), MONITOR_DNS_SERVER);
	return true;
}

static __always_inline void tell_question(struct scratch *scratch, const struct message *message)
{
	restart_texts(scratch);
	if (!add_server(scratch, message))
		return;
	scratch->event.kind = MONITOR_DNS;
	if (scratch->call.payload == MONITOR_PAYLOAD_BUFFER)
		add_buffer(scratch, scratch->args[1], (__u32)scratch->args[2]);
	else
		add_buffers(scratch->at, message->buffers, message->buffer_count);
	output_record(scratch);
}

/* One message of the call: that it has an address, and what it asks a name server. */
__noinline int tell_message(__u32 at, __u32 index)
{
	struct scratch *scratch = scratch_at(at);
	struct message message = {};

	if (!scratch)
		return 0;
	find_message(scratch, index, &message);
	if (message.name && message.name_bytes && scratch->tells_addresses) {
		restart_texts(scratch);
		scratch->event.kind = MONITOR_CALL;
		if (message.name_bytes > MAX_ADDRESS_BYTES)
			message.name_bytes = MAX_ADDRESS_BYTES;
		add_user_bytes(at, message.name, message.name_bytes, 0);
		if (index + 1 == MAX_MESSAGES && scratch->event.result > MAX_MESSAGES)
			scratch->event.flags |= MONITOR_TRUNCATED;
		output_record(scratch);
	}
	if (scratch->sk)
		tell_question(scratch, &message);
	return 0;
}

/* The socket of a call that may ask a name server. */
static __always_inline struct sock *udp_sock_of(__s32 fd)
{
	struct sock *sk = sock_of(file_of(fd));
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	if (!sk || (family != AF_INET && family != AF_INET6))
		return 0;
	return BPF_CORE_READ(sk, sk_protocol) == IPPROTO_UDP ? sk : 0;
}

static __always_inline void tell_messages(struct scratch *scratch, __u32 groups)
{
	__u32 count = 1;

	scratch->tells_addresses = (scratch->call.flags & MONITOR_CALL_ADDRESSED) && (groups & MONITOR_GROUP_NETWORK);
	scratch->sk = groups & MONITOR_GROUP_DNS ? udp_sock_of(scratch->args[0]) : 0;
	if (scratch->call.payload == MONITOR_PAYLOAD_MESSAGES && scratch->event.result > 1)
		count = scratch->event.result;
	if (scratch->tells_addresses || scratch->sk) {
		for (__u32 i = 0; i < MAX_MESSAGES; i++) {
			if (i >= count)
				break;
			tell_message(scratch->at, i);
		}
	}
	end_record(scratch);
}

#endif
