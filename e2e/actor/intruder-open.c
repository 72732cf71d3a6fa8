// SPDX-License-Identifier: Apache-2.0
/* Ways to open a file, and to change one that was opened. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "intruder.h"

#define SYS_OPEN_TREE 428
#define SYS_OPENAT2 437
#define SYS_FSOPEN 430

struct open_how {
	uint64_t flags, mode, resolve;
};

static int do_read(char **words)
{
	return read_file(words[0]);
}

static int do_write(char **words)
{
	return write_file(words[0]);
}

static int do_truncate_open(char **words)
{
	int fd = open(words[0], O_RDONLY | O_TRUNC);

	return fd < 0 ? failed("open") : REACHED;
}

static int do_create(char **words)
{
	int fd = open(words[0], O_CREAT | O_EXCL | O_WRONLY, 0644);

	return fd < 0 ? failed("open") : scribble(fd);
}

static int reopen(int path_fd, int flags)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", path_fd);
	fd = open(name, flags);
	if (fd < 0)
		return failed("reopen");
	return (flags & O_ACCMODE) == O_RDONLY ? spill(fd) : scribble(fd);
}

static int do_path_reopen(char **words)
{
	int fd = open(words[0], O_PATH);

	return fd < 0 ? failed("open") : reopen(fd, O_RDONLY);
}

static int do_path_unlink_reopen(char **words)
{
	int fd = open(words[0], O_PATH);

	if (fd < 0 || unlink(words[0]))
		return failed("unlink");
	return reopen(fd, O_RDONLY);
}

/* The descriptor of a tree that is no mount of its own names a file as well as O_PATH does. */
static int do_open_tree_reopen(char **words)
{
	int fd = syscall(SYS_OPEN_TREE, AT_FDCWD, words[0], 0);

	return fd < 0 ? failed("open_tree") : reopen(fd, O_RDONLY);
}

static int do_open_tree_clone(char **words)
{
	int fd = syscall(SYS_OPEN_TREE, AT_FDCWD, words[0], 1);
	int file;

	if (fd < 0)
		return failed("open_tree");
	file = openat(fd, words[1], O_RDONLY);
	return file < 0 ? failed("openat") : spill(file);
}

static int do_fsopen(char **words)
{
	int fd = syscall(SYS_FSOPEN, words[0], 0);

	return fd < 0 ? failed("fsopen") : REACHED;
}

/* Who is told of opened files is given descriptors of them that no event tells of. */
static int do_fanotify(char **words)
{
	(void)words;
	return syscall(SYS_fanotify_init, 0, O_RDONLY) < 0 ? failed("fanotify_init") : REACHED;
}

static int do_openat2_read(char **words)
{
	struct open_how how = { .flags = O_RDONLY };
	int fd = syscall(SYS_OPENAT2, AT_FDCWD, words[0], &how, sizeof(how));

	return fd < 0 ? failed("openat2") : spill(fd);
}

static int do_openat2_write(char **words)
{
	struct open_how how = { .flags = O_WRONLY | O_APPEND };
	int fd = syscall(SYS_OPENAT2, AT_FDCWD, words[0], &how, sizeof(how));

	return fd < 0 ? failed("openat2") : scribble(fd);
}

static int do_handle_read(char **words)
{
	struct {
		struct file_handle handle;
		char bytes[128];
	} named = { .handle.handle_bytes = 128 };
	int mount_id;
	int mount_fd = open(words[0], O_PATH);
	int fd;

	if (name_to_handle_at(AT_FDCWD, words[1], &named.handle, &mount_id, 0))
		return failed("name_to_handle_at");
	fd = open_by_handle_at(open(words[0], O_RDONLY | O_DIRECTORY), &named.handle, O_RDONLY);
	close(mount_fd);
	return fd < 0 ? failed("open_by_handle_at") : spill(fd);
}

/* A file without a name is written, then given the name. */
static int do_tmpfile_link(char **words)
{
	char name[64];
	int fd = open(words[0], O_TMPFILE | O_WRONLY, 0644);

	if (fd < 0 || scribble(fd) != REACHED)
		return failed("tmpfile");
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, name, AT_FDCWD, words[1], AT_SYMLINK_FOLLOW))
		return failed("linkat");
	return REACHED;
}

static int do_sendfile(char **words)
{
	int from = open(words[0], O_RDONLY);
	int to = open(words[1], O_WRONLY);

	if (from < 0 || to < 0)
		return failed("open");
	return sendfile(to, from, NULL, 16) > 0 ? REACHED : failed("sendfile");
}

static int do_splice(char **words)
{
	int pipes[2];
	int to = open(words[0], O_WRONLY);

	if (to < 0 || pipe(pipes) || write(pipes[1], "spliced\n", 8) != 8)
		return failed("open");
	return splice(pipes[0], NULL, to, NULL, 8, 0) > 0 ? REACHED : failed("splice");
}

static int do_map_write(char **words)
{
	int fd = open(words[0], O_RDWR);
	char *bytes;

	if (fd < 0)
		return failed("open");
	bytes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED)
		return failed("mmap");
	bytes[0] = '!';
	return REACHED;
}

/* Opened for reading, mapped without writing; then the protection is changed. */
static int do_protect_write(char **words)
{
	int fd = open(words[0], O_RDONLY);
	char *bytes = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);

	if (fd < 0 || bytes == MAP_FAILED)
		return failed("mmap");
	if (mprotect(bytes, 4096, PROT_READ | PROT_WRITE))
		return failed("mprotect");
	bytes[0] = '!';
	return REACHED;
}

/* Goes down, name by name, to where no path in one piece leads. */
static int do_deep_read(char **words)
{
	char name[256];
	int levels = atoi(words[1]);

	memset(name, 'd', 200);
	name[200] = 0;
	if (chdir(words[0]))
		return failed("chdir");
	while (levels-- > 0) {
		if (mkdir(name, 0755) && errno != EEXIST)
			return failed("mkdir");
		if (chdir(name))
			return failed("chdir");
	}
	if (strcmp(words[2], "move"))
		return read_file(words[2]);
	if (rename(words[3], "moved"))
		return failed("rename");
	/* Time to notice that it has another name. */
	usleep(200000);
	return read_file("moved");
}

/* What became of the dump: one that is refused leaves the empty file that it was to go to. */
static int look_for_core(void)
{
	DIR *directory = opendir(".");
	struct dirent *entry;
	struct stat dumped;

	while (directory && (entry = readdir(directory))) {
		if (strncmp(entry->d_name, "core", 4) || stat(entry->d_name, &dumped))
			continue;
		return dumped.st_size > 0 ? REACHED : REFUSED;
	}
	return IMPOSSIBLE;
}

/* A dump of memory is a file that the kernel writes while its call looks like one that reads. */
static int do_core(char **words)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	int pid;

	if (chdir(words[0]) || setrlimit(RLIMIT_CORE, &unlimited))
		return failed("core");
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			close(open("/dev/null", O_RDONLY));
	}
	usleep(20000);
	kill(pid, SIGABRT);
	waitpid(pid, NULL, 0);
	return look_for_core();
}

static int do_truncate(char **words)
{
	return truncate(words[0], 0) ? failed("truncate") : REACHED;
}

/* The first disk that the kernel lists, by a device file of one's own. */
static int do_disk(char **words)
{
	char line[256];
	unsigned int major, minor;
	FILE *partitions = fopen("/proc/partitions", "r");

	(void)words;
	while (partitions && fgets(line, sizeof(line), partitions)) {
		int fd;

		if (sscanf(line, "%u %u", &major, &minor) != 2)
			continue;
		if (mknod("/tmp/disk", S_IFBLK | 0600, makedev(major, minor)) && errno != EEXIST)
			return failed("mknod");
		fd = open("/tmp/disk", O_RDONLY);
		if (fd < 0)
			return failed("open");
		return read(fd, line, sizeof(line)) > 0 ? REACHED : failed("read");
	}
	return IMPOSSIBLE;
}

/* Passes a descriptor for nothing: the file is opened by a child that shares the table of descriptors. */
static int open_for_parent(void *path)
{
	return open(path, O_RDONLY) < 0 ? 1 : 0;
}

static int do_shared_table(char **words)
{
	static char stack[65536];
	int pid = clone(open_for_parent, stack + sizeof(stack) - 16, CLONE_FILES | CLONE_VM | SIGCHLD, words[0]);
	int result = outcome(pid);

	return result ? result : spill(3);
}

const struct attempts open_attempts[] = {
	{ "read", 1, do_read },
	{ "write", 1, do_write },
	{ "truncate-open", 1, do_truncate_open },
	{ "create", 1, do_create },
	{ "path-reopen", 1, do_path_reopen },
	{ "path-unlink-reopen", 1, do_path_unlink_reopen },
	{ "open-tree-reopen", 1, do_open_tree_reopen },
	{ "open-tree-clone", 2, do_open_tree_clone },
	{ "fsopen", 1, do_fsopen },
	{ "fanotify", 0, do_fanotify },
	{ "openat2-read", 1, do_openat2_read },
	{ "openat2-write", 1, do_openat2_write },
	{ "handle-read", 2, do_handle_read },
	{ "tmpfile-link", 2, do_tmpfile_link },
	{ "sendfile", 2, do_sendfile },
	{ "splice", 1, do_splice },
	{ "map-write", 1, do_map_write },
	{ "protect-write", 1, do_protect_write },
	{ "deep-read", 3, do_deep_read },
	{ "core", 1, do_core },
	{ "truncate", 1, do_truncate },
	{ "disk", 0, do_disk },
	{ "shared-table", 1, do_shared_table },
	{ NULL, 0, NULL },
};
