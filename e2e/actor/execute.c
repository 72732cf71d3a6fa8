// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "report.h"

static const char *method;
static const char *path;
static char **arguments;
static int program_fd = -1;
static char variable[64];
static char *environment[] = { variable, NULL };

static int copy_program(int to)
{
	static char block[65536];
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (from < 0)
		return -1;
	while ((length = read(from, block, sizeof(block))) > 0) {
		if (write(to, block, length) != length)
			return -1;
	}
	close(from);
	return length;
}

static int prepare_memfd(void)
{
	/* MFD_EXEC is said where it is known (6.3), so that the kernel does not complain that it was not. */
	program_fd = memfd_create(path, 0x10);
	if (program_fd < 0)
		program_fd = memfd_create(path, 0);
	return program_fd < 0 || copy_program(program_fd) ? errno : 0;
}

static int prepare_deleted(void)
{
	char name[512];
	int fd;

	snprintf(name, sizeof(name), "/tmp/%s", path);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (fd < 0 || copy_program(fd))
		return errno;
	/* Nobody may have a file open for writing that is executed. */
	close(fd);
	program_fd = open(name, O_PATH);
	return program_fd < 0 || unlink(name) ? errno : 0;
}

int prepare_execute(char **words, const struct output *output)
{
	if (!words[0] || !words[1])
		return EINVAL;
	method = words[0];
	path = words[1];
	arguments = words + 2;
	snprintf(variable, sizeof(variable), REPORT_VARIABLE "=%d %s", output->fd, output->tag);
	if (!strcmp(method, "memfd"))
		return prepare_memfd();
	if (!strcmp(method, "deleted"))
		return prepare_deleted();
	if (!strcmp(method, "fd"))
		program_fd = open(path, O_PATH);
	if (!strcmp(method, "fexecve"))
		program_fd = open(path, O_RDONLY);
	return 0;
}

static int execute_fd(void)
{
	return syscall(SYS_execveat, program_fd, "", arguments, environment, AT_EMPTY_PATH);
}

static int await(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) < 0 ? errno : REPORTED_ELSEWHERE;
}

static int execute_in_vfork(void)
{
	/* The child shares our memory. */
	static volatile int error;
	pid_t child = vfork();

	if (child < 0)
		return errno;
	if (child == 0) {
		execve(path, arguments, environment);
		error = errno;
		_exit(127);
	}
	if (!error)
		return await(child);
	await(child);
	return error;
}

static int execute_by_spawn(void)
{
	pid_t child;
	int error = posix_spawn(&child, path, NULL, NULL, arguments, environment);

	return error ? error : await(child);
}

int perform_execute(void)
{
	if (!strcmp(method, "vfork"))
		return execute_in_vfork();
	if (!strcmp(method, "spawn"))
		return execute_by_spawn();
	if (program_fd >= 0)
		execute_fd();
	else if (!strcmp(method, "execve"))
		execve(path, arguments, environment);
	else if (!strcmp(method, "execveat"))
		syscall(SYS_execveat, AT_FDCWD, path, arguments, environment, 0);
	else
		return EINVAL;
	return errno;
}
