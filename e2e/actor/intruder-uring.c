// SPDX-License-Identifier: Apache-2.0
/* Files and sockets by io_uring: the task that the guard asks about may be in another call, or in none. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "intruder.h"

#define RING_ENTRIES 8
#define GET_EVENTS 1
#define OFFSET_ENTRIES 0x10000000
#define OP_TIMEOUT 11
#define OP_CONNECT 16
#define OP_OPENAT 18
#define OP_SOCKET 45
#define ENTRY_LINK 4
#define ENTRY_HARDLINK 8
#define ENTRY_ASYNC 16

struct ring_params {
	uint32_t sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features, wq_fd, resv[3];
	struct {
		uint32_t head, tail, ring_mask, ring_entries, flags, dropped, array, resv1;
		uint64_t user_addr;
	} sq_off;
	struct {
		uint32_t head, tail, ring_mask, ring_entries, overflow, cqes, flags, resv1;
		uint64_t user_addr;
	} cq_off;
};

struct ring_entry {
	uint8_t opcode, flags;
	uint16_t ioprio;
	int32_t fd;
	uint64_t off, addr;
	uint32_t len, op_flags;
	uint64_t user_data, pad[3];
};

struct completion {
	uint64_t user_data;
	int32_t res;
	uint32_t flags;
};

static struct {
	int fd;
	char *rings;
	struct ring_entry *entries;
	struct ring_params params;
} ring;

static int make_ring(void)
{
	size_t size;

	ring.fd = syscall(SYS_io_uring_setup, RING_ENTRIES, &ring.params);
	if (ring.fd < 0)
		return failed("io_uring_setup");
	size = 65536;
	ring.rings = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd, 0);
	ring.entries = mmap(NULL, RING_ENTRIES * sizeof(struct ring_entry), PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd,
			    OFFSET_ENTRIES);
	return ring.rings == MAP_FAILED || ring.entries == MAP_FAILED ? failed("mmap") : REACHED;
}

static volatile uint32_t *ring_word(uint32_t offset)
{
	return (volatile uint32_t *)(ring.rings + offset);
}

static void queue(const struct ring_entry *entry)
{
	volatile uint32_t *tail = ring_word(ring.params.sq_off.tail);
	uint32_t index = *tail & (RING_ENTRIES - 1);

	ring.entries[index] = *entry;
	ring_word(ring.params.sq_off.array)[index] = index;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
}

static int completed(uint64_t user_data, int *result)
{
	const struct completion *all = (const struct completion *)(ring.rings + ring.params.cq_off.cqes);
	uint32_t tail = __atomic_load_n(ring_word(ring.params.cq_off.tail), __ATOMIC_ACQUIRE);
	uint32_t mask = *ring_word(ring.params.cq_off.ring_mask);
	uint32_t at;

	for (at = 0; at < tail; at++) {
		if (all[at & mask].user_data == user_data) {
			*result = all[at & mask].res;
			return 1;
		}
	}
	return 0;
}

static int submit(unsigned int count, unsigned int wait)
{
	return syscall(SYS_io_uring_enter, ring.fd, count, wait, wait ? GET_EVENTS : 0, NULL, 0);
}

static int result_of(uint64_t user_data)
{
	int result = -ETIME;

	while (!completed(user_data, &result)) {
		if (submit(0, 1) < 0)
			break;
	}
	return result;
}

static struct ring_entry opening(const char *path, int flags)
{
	struct ring_entry entry = {
		.opcode = OP_OPENAT, .fd = AT_FDCWD, .addr = (uintptr_t)path, .op_flags = flags, .user_data = 1
	};

	return entry;
}

static int finish(int fd, int flags)
{
	if (fd < 0) {
		errno = -fd;
		return failed("openat");
	}
	return (flags & O_ACCMODE) == O_RDONLY ? spill(fd) : scribble(fd);
}

static int open_by_ring(const char *path, int flags, int entry_flags)
{
	struct ring_entry entry = opening(path, flags);

	if (make_ring() != REACHED)
		return REFUSED;
	entry.flags = entry_flags;
	queue(&entry);
	if (submit(1, 1) < 0)
		return failed("io_uring_enter");
	return finish(result_of(1), flags);
}

static int do_ring_read(char **words)
{
	return open_by_ring(words[0], O_RDONLY, 0);
}

static int do_ring_write(char **words)
{
	return open_by_ring(words[0], O_WRONLY | O_APPEND, 0);
}

static int do_ring_worker_read(char **words)
{
	return open_by_ring(words[0], O_RDONLY, ENTRY_ASYNC);
}

static int do_ring_worker_write(char **words)
{
	return open_by_ring(words[0], O_WRONLY | O_APPEND, ENTRY_ASYNC);
}

/*
 * The opening waits behind a timer. When that is over, it runs at the end of whatever call the task is in then: here of
 * one that opens something harmless for reading.
 */
static int behind_timer(const char *path, const char *harmless, int entry_flags)
{
	struct timespec wait = { 0, 2000000 };
	struct ring_entry timer = {
		.opcode = OP_TIMEOUT, .flags = ENTRY_HARDLINK, .fd = -1, .addr = (uintptr_t)&wait, .len = 1
	};
	struct ring_entry entry = opening(path, O_WRONLY | O_APPEND);
	int result;

	entry.flags = entry_flags;
	queue(&timer);
	queue(&entry);
	if (submit(2, 0) < 0)
		return failed("io_uring_enter");
	while (!completed(1, &result))
		close(open(harmless, O_RDONLY));
	return finish(result, O_WRONLY);
}

static int do_ring_behind_timer(char **words)
{
	int tries = 20;
	int result = make_ring();

	while (result == REACHED && tries-- > 0) {
		result = behind_timer(words[0], words[1], 0);
		if (result == REACHED)
			return REACHED;
		close(ring.fd);
		memset(&ring, 0, sizeof(ring));
		result = make_ring();
	}
	return REFUSED;
}

static int do_ring_worker_behind_timer(char **words)
{
	int tries = 20;
	int result = make_ring();

	while (result == REACHED && tries-- > 0) {
		result = behind_timer(words[0], words[1], ENTRY_ASYNC);
		if (result == REACHED)
			return REACHED;
		close(ring.fd);
		memset(&ring, 0, sizeof(ring));
		result = make_ring();
	}
	return REFUSED;
}

static int do_ring_socket(char **words)
{
	struct ring_entry entry = { .opcode = OP_SOCKET, .fd = AF_INET, .off = SOCK_STREAM, .user_data = 1 };

	(void)words;
	if (make_ring() != REACHED)
		return REFUSED;
	queue(&entry);
	if (submit(1, 1) < 0)
		return failed("io_uring_enter");
	errno = -result_of(1);
	return errno > 0 ? failed("socket") : REACHED;
}

const struct attempts uring_attempts[] = {
	{ "ring-read", 1, do_ring_read },
	{ "ring-write", 1, do_ring_write },
	{ "ring-worker-read", 1, do_ring_worker_read },
	{ "ring-worker-write", 1, do_ring_worker_write },
	{ "ring-behind-timer", 2, do_ring_behind_timer },
	{ "ring-worker-behind-timer", 2, do_ring_worker_behind_timer },
	{ "ring-socket", 0, do_ring_socket },
	{ NULL, 0, NULL },
};
