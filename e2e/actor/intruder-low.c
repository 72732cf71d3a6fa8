// SPDX-License-Identifier: Apache-2.0
/* The calls of 32-bit programs, from a 64-bit one whose memory is low enough. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "intruder.h"

#define I386_OPEN 5
#define I386_CREAT 8
#define I386_EXECVE 11
#define I386_OPENAT 295
#define I386_SOCKET 359
#define I386_EXECVEAT 358
#define I386_OPENAT2 437

static char *low;
static size_t used;

static int call(int number, uint32_t one, uint32_t two, uint32_t three, uint32_t four, uint32_t five)
{
	int result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(one), "c"(two), "d"(three), "S"(four), "D"(five)
			 : "memory", "r8", "r9", "r10", "r11");
	errno = result < 0 ? -result : 0;
	return result < 0 ? -1 : result;
}

static uint32_t place(const void *bytes, size_t length)
{
	uint32_t address;

	if (!low)
		low = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	memcpy(low + used, bytes, length);
	address = (uint32_t)(uintptr_t)(low + used);
	used = (used + length + 15) & ~15ul;
	return address;
}

static uint32_t place_text(const char *text)
{
	return place(text, strlen(text) + 1);
}

static int do_low_open_read(char **words)
{
	int fd = call(I386_OPEN, place_text(words[0]), O_RDONLY, 0, 0, 0);

	return fd < 0 ? failed("open") : spill(fd);
}

static int do_low_open_write(char **words)
{
	int fd = call(I386_OPEN, place_text(words[0]), O_WRONLY | O_APPEND, 0, 0, 0);

	return fd < 0 ? failed("open") : scribble(fd);
}

static int do_low_openat_write(char **words)
{
	int fd = call(I386_OPENAT, AT_FDCWD, place_text(words[0]), O_WRONLY | O_APPEND, 0, 0);

	return fd < 0 ? failed("openat") : scribble(fd);
}

static int do_low_openat2_write(char **words)
{
	uint64_t how[3] = { O_WRONLY | O_APPEND, 0, 0 };
	int fd = call(I386_OPENAT2, AT_FDCWD, place_text(words[0]), place(how, sizeof(how)), sizeof(how), 0);

	return fd < 0 ? failed("openat2") : scribble(fd);
}

static int do_low_creat(char **words)
{
	int fd = call(I386_CREAT, place_text(words[0]), 0644, 0, 0, 0);

	return fd < 0 ? failed("creat") : scribble(fd);
}

static uint32_t place_words(char **words)
{
	uint32_t list[16] = { 0 };
	int count;

	for (count = 0; words[count] && count < 15; count++)
		list[count] = place_text(words[count]);
	return place(list, sizeof(list));
}

static int do_low_execve(char **words)
{
	uint32_t path = place_text(words[0]);

	call(I386_EXECVE, path, place_words(words), 0, 0, 0);
	return failed("execve");
}

static int do_low_execveat(char **words)
{
	uint32_t path = place_text(words[0]);

	call(I386_EXECVEAT, AT_FDCWD, path, place_words(words), 0, 0);
	return failed("execveat");
}

static int do_low_socket(char **words)
{
	(void)words;
	return call(I386_SOCKET, AF_INET, SOCK_STREAM, 0, 0, 0) < 0 ? failed("socket") : REACHED;
}

const struct attempts low_attempts[] = {
	{ "low-open-read", 1, do_low_open_read },
	{ "low-open-write", 1, do_low_open_write },
	{ "low-openat-write", 1, do_low_openat_write },
	{ "low-openat2-write", 1, do_low_openat2_write },
	{ "low-creat", 1, do_low_creat },
	{ "low-execve", 1, do_low_execve },
	{ "low-execveat", 1, do_low_execveat },
	{ "low-socket", 0, do_low_socket },
	{ NULL, 0, NULL },
};
