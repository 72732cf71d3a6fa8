// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "actor.h"

#define NEW_FILE_MODE 0644

static const struct {
	const char *name;
	int flag;
} flag_names[] = {
	{ "rdonly", O_RDONLY },	  { "wronly", O_WRONLY }, { "rdwr", O_RDWR },	      { "creat", O_CREAT },
	{ "excl", O_EXCL },	  { "trunc", O_TRUNC },	  { "append", O_APPEND },     { "directory", O_DIRECTORY },
	{ "tmpfile", O_TMPFILE }, { "path", O_PATH },	  { "nofollow", O_NOFOLLOW },
};

static const char *method;
static const char *path;
static int flags;

/* The uapi's structures, which musl does not bring. */
struct open_how {
	uint64_t flags, mode, resolve;
};

struct uring_params {
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

struct uring_entry {
	uint8_t opcode, flags;
	uint16_t ioprio;
	int32_t fd;
	uint64_t off, addr;
	uint32_t len, open_flags;
	uint64_t user_data, pad[3];
};

struct uring_completion {
	uint64_t user_data;
	int32_t res;
	uint32_t flags;
};

#define URING_OPENAT 18
#define URING_ENTRY_ASYNC 16
#define URING_GET_EVENTS 1
#define URING_OFFSET_ENTRIES 0x10000000

static struct {
	int fd;
	char *rings;
	struct uring_entry *entries;
	struct uring_params params;
} uring;

static struct {
	struct file_handle handle;
	char bytes[128];
	int mount_fd;
} by_handle;

static char reopened[64];
static char *low_path;

static int parse_flags(const char *list)
{
	int parsed = 0;

	while (*list) {
		size_t length = strcspn(list, ",");
		size_t i;

		for (i = 0; i < sizeof(flag_names) / sizeof(*flag_names); i++) {
			if (strlen(flag_names[i].name) == length && !strncmp(flag_names[i].name, list, length))
				break;
		}
		if (i == sizeof(flag_names) / sizeof(*flag_names))
			return -1;
		parsed |= flag_names[i].flag;
		list += length;
		if (*list)
			list++;
	}
	return parsed;
}

static int prepare_uring(void)
{
	struct uring_params *params = &uring.params;
	size_t size;

	uring.fd = syscall(SYS_io_uring_setup, 1, params);
	if (uring.fd < 0)
		return errno;
	size = params->cq_off.cqes + params->cq_entries * sizeof(struct uring_completion);
	if (size < params->sq_off.array + params->sq_entries * sizeof(uint32_t))
		size = params->sq_off.array + params->sq_entries * sizeof(uint32_t);
	uring.rings = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, uring.fd, 0);
	uring.entries = mmap(NULL, sizeof(struct uring_entry), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			     uring.fd, URING_OFFSET_ENTRIES);
	return uring.rings == MAP_FAILED || uring.entries == MAP_FAILED ? errno : 0;
}

static int open_by_uring(int entry_flags)
{
	struct uring_params *params = &uring.params;
	struct uring_completion *done = (void *)(uring.rings + params->cq_off.cqes);
	uint32_t *array = (void *)(uring.rings + params->sq_off.array);
	uint32_t *tail = (void *)(uring.rings + params->sq_off.tail);

	memset(uring.entries, 0, sizeof(*uring.entries));
	uring.entries->opcode = URING_OPENAT;
	uring.entries->flags = entry_flags;
	uring.entries->fd = AT_FDCWD;
	uring.entries->addr = (uintptr_t)path;
	uring.entries->len = NEW_FILE_MODE;
	uring.entries->open_flags = flags;
	array[0] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, uring.fd, 1, 1, URING_GET_EVENTS, NULL, 0) < 0)
		return -1;
	if (done->res >= 0)
		return done->res;
	errno = -done->res;
	return -1;
}

static int prepare_handle(void)
{
	int mount_id;

	by_handle.handle.handle_bytes = sizeof(by_handle.bytes);
	if (name_to_handle_at(AT_FDCWD, path, &by_handle.handle, &mount_id, AT_SYMLINK_FOLLOW))
		return errno;
	by_handle.mount_fd = open("/", O_RDONLY | O_DIRECTORY);
	return by_handle.mount_fd < 0 ? errno : 0;
}

static int prepare_reopen(void)
{
	int fd = open(path, O_PATH);

	snprintf(reopened, sizeof(reopened), "/proc/self/fd/%d", fd);
	return fd < 0 ? errno : 0;
}

#ifdef __x86_64__
static int prepare_int80(void)
{
	low_path = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (low_path == MAP_FAILED)
		return errno;
	strncpy(low_path, path, 4095);
	return 0;
}

static int open_by_int80(void)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(5L), "b"(low_path), "c"((long)flags), "d"((long)NEW_FILE_MODE)
			 : "memory", "r8", "r9", "r10", "r11");
	if (result >= 0)
		return result;
	errno = -(int)result;
	return -1;
}
#endif

int prepare_open(char **words)
{
	if (!words[0] || !words[1] || !words[2])
		return EINVAL;
	method = words[0];
	flags = parse_flags(words[1]);
	path = words[2];
	if (flags < 0)
		return EINVAL;
	if (!strncmp(method, "uring", 5))
		return prepare_uring();
	if (!strcmp(method, "handle"))
		return prepare_handle();
	if (!strcmp(method, "reopen"))
		return prepare_reopen();
#ifdef __x86_64__
	if (!strcmp(method, "int80"))
		return prepare_int80();
#endif
	return 0;
}

static int open_it(void)
{
	if (!strcmp(method, "openat"))
		return syscall(SYS_openat, AT_FDCWD, path, flags, NEW_FILE_MODE);
	if (!strcmp(method, "openat2")) {
		struct open_how how = { .flags = flags };

		if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE)
			how.mode = NEW_FILE_MODE;
		return syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
	}
	if (!strcmp(method, "uring"))
		return open_by_uring(0);
	if (!strcmp(method, "uring-async"))
		return open_by_uring(URING_ENTRY_ASYNC);
	if (!strcmp(method, "handle"))
		return open_by_handle_at(by_handle.mount_fd, &by_handle.handle, flags);
	if (!strcmp(method, "reopen"))
		return syscall(SYS_openat, AT_FDCWD, reopened, flags, NEW_FILE_MODE);
#ifdef __x86_64__
	if (!strcmp(method, "open"))
		return syscall(SYS_open, path, flags, NEW_FILE_MODE);
	if (!strcmp(method, "creat"))
		return syscall(SYS_creat, path, NEW_FILE_MODE);
	if (!strcmp(method, "int80"))
		return open_by_int80();
#endif
	errno = EINVAL;
	return -1;
}

int perform_open(void)
{
	int fd = open_it();

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}
