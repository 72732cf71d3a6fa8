// SPDX-License-Identifier: Apache-2.0
/* Attempts to be taken for another program. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "intruder.h"

extern char **environ;

/* As this program, under the name of another: argv[0], and what the kernel lists as its name and command line. */
static int do_pretend(char **words)
{
	char *arguments[] = { words[0], (char *)"pretended", words[1], NULL };

	execve("/proc/self/exe", arguments, environ);
	return failed("execve");
}

static int do_pretended(char **words)
{
	prctl(PR_SET_NAME, strrchr(own_path, '/') ? strrchr(own_path, '/') + 1 : own_path);
	return read_file(words[0]);
}

static int own_copy(void)
{
	static char block[1 << 20];
	int from = open("/proc/self/exe", O_RDONLY);
	int to = memfd_create("copy", 0);
	ssize_t length = read(from, block, sizeof(block));

	return from < 0 || to < 0 || write(to, block, length) != length ? -1 : to;
}

static int run_copy(char *const *arguments)
{
	int fd = own_copy();

	if (fd < 0)
		return failed("copy");
	syscall(SYS_execveat, fd, "", arguments, environ, AT_EMPTY_PATH);
	return failed("execveat");
}

/* An exec of the source that the kernel gives up after it was asked about, then one that nobody is asked about. */
static int do_failed_exec(char **words)
{
	static char big[200000];
	char *too_much[] = { big, NULL };
	char *own[] = { words[0], NULL };
	char *arguments[] = { words[0], (char *)"read", words[1], NULL };

	memset(big, 'x', sizeof(big) - 1);
	execve(words[0], own, too_much);
	if (errno != E2BIG)
		return failed("execve");
	return run_copy(arguments);
}

/* Without a file of its own mapped, a program may say which file it runs. */
static int do_rename_self(char **words)
{
	char *arguments[] = { (char *)"copy", (char *)"renamed-self", words[0], words[1], NULL };

	return run_copy(arguments);
}

/* No code or data of the program may be left when its file is exchanged: all of it is moved to memory without a file.
 */
static int detach_from_file(void)
{
	char line[512];
	struct {
		uintptr_t from, to;
		int protection;
	} found[16];
	int count = 0;
	FILE *maps = fopen("/proc/self/maps", "r");

	while (maps && count < 16 && fgets(line, sizeof(line), maps)) {
		unsigned long from, to;
		char flags[5];

		if (!strstr(line, "memfd:") || sscanf(line, "%lx-%lx %4s", &from, &to, flags) != 3)
			continue;
		found[count].from = from;
		found[count].to = to;
		found[count++].protection = (flags[0] == 'r' ? PROT_READ : 0) | (flags[1] == 'w' ? PROT_WRITE : 0) |
					    (flags[2] == 'x' ? PROT_EXEC : 0);
	}
	if (maps)
		fclose(maps);
	while (count-- > 0) {
		size_t size = found[count].to - found[count].from;
		void *copy = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (copy == MAP_FAILED)
			return -1;
		memcpy(copy, (void *)found[count].from, size);
		if (mprotect(copy, size, found[count].protection))
			return -1;
		if (mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)found[count].from) == MAP_FAILED)
			return -1;
	}
	return 0;
}

/* What prctl takes (uapi/linux/prctl.h); musl's header has it under the same name. */
static int take_name_of(const char *path)
{
	struct prctl_mm_map map = { .exe_fd = open(path, O_RDONLY) };
	unsigned long fields[52] = { 0 };
	char text[2048];
	int fd = open("/proc/self/stat", O_RDONLY);
	ssize_t length = read(fd, text, sizeof(text) - 1);
	char *at;
	int number;

	text[length > 0 ? length : 0] = 0;
	close(fd);
	at = strrchr(text, ')');
	for (number = 3; at && number < 52; number++) {
		at = strchr(at, ' ');
		if (at)
			fields[number] = strtoul(++at, NULL, 10);
	}
	map.start_code = fields[26];
	map.end_code = fields[27];
	map.start_stack = fields[28];
	map.start_data = fields[45];
	map.end_data = fields[46];
	map.start_brk = fields[47];
	map.brk = (uintptr_t)sbrk(0);
	map.arg_start = fields[48];
	map.arg_end = fields[49];
	map.env_start = fields[50];
	map.env_end = fields[51];
	return prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0);
}

static int do_renamed_self(char **words)
{
	char name[256];

	if (detach_from_file())
		return failed("detach");
	if (take_name_of(words[0]))
		return failed("prctl");
	name[readlink("/proc/self/exe", name, sizeof(name) - 1)] = 0;
	if (strcmp(name, words[0])) {
		fprintf(stderr, "the name is still %s\n", name);
		return IMPOSSIBLE;
	}
	return read_file(words[1]);
}

const struct attempts source_attempts[] = {
	{ "pretend", 2, do_pretend },		{ "pretended", 1, do_pretended },
	{ "failed-exec", 2, do_failed_exec },	{ "rename-self", 2, do_rename_self },
	{ "renamed-self", 2, do_renamed_self }, { NULL, 0, NULL },
};
