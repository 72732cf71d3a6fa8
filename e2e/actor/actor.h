// SPDX-License-Identifier: Apache-2.0
/* clang-format off */
/*
 * The test program. What it does is said by its first argument:
 *
 *   do [uid=N] [tty] [cwd=DIR] OPERATION    performs one operation and reports "do errno N"
 *   subject GO REPORT TAG [...] OPERATION   gets ready, waits for a byte on GO, performs, reports "TAG errno N" to REPORT
 *   fork GO REPORT TAG EXE [...] OPERATION  forks and executes EXE as a subject, reports "TAG ended|killed N"
 *   fork GO REPORT TAG EXE load ARGV...     the same where EXE is the loader: it opens the second word of ARGV
 *   serve                                   starts subjects as standard input says, until that ends
 *   scope WORK IMAGE [bind SOURCE TARGET]...  serves in a root, pid and mount namespace of its own
 *
 * Executed with ACTOR_REPORT="FD TAG" in its environment it performs nothing: it reports "TAG ran PID EXE ARGV...".
 *
 * Operations:
 *   open METHOD FLAGS PATH     METHOD: open openat openat2 creat handle uring uring-async reopen int80
 *                              FLAGS: comma list of rdonly wronly rdwr creat excl trunc append directory tmpfile path
 *                              nofollow
 *   exec METHOD PATH ARGV...   METHOD: execve execveat fd fexecve vfork spawn; memfd and deleted (PATH is the name)
 *   rename FROM TO | link FROM TO | symlink TARGET PATH | unlink PATH | mkdir MODE PATH | rmdir PATH
 *   truncate PATH | chmod MODE PATH | chown UID PATH | mknod PATH (a pipe)
 *   socket FAMILY TYPE PROTOCOL | bind .. | listen .. | connect .. [PORT|PATH] | send .. [PORT] | fastopen .. [PORT]
 *                              FAMILY, TYPE by name, PROTOCOL as a number; without a port: the supervisor's listener
 */
/* clang-format on */
#ifndef ACTOR_H
#define ACTOR_H

/* An operation that another process reports on, or that has taken the place of this program. */
#define REPORTED_ELSEWHERE (-1)

/* Where this process reports to. */
struct output {
	int fd;
	const char *tag;
};

/* Takes the settings and the operation, and does what must be done before the operation: 0 or an errno. */
int prepare(char **words, const struct output *output);

/* Performs the operation that was prepared: 0, an errno, or REPORTED_ELSEWHERE. */
int perform(void);

int prepare_open(char **words);
int perform_open(void);
int prepare_execute(char **words, const struct output *output);
int perform_execute(void);
int prepare_change(char **words);
int perform_change(void);
int prepare_socket(char **words);
int perform_socket(void);

/* Makes all four uids N and keeps the capabilities, so that permission bits decide nothing. */
int become_user(unsigned int uid);

/* Gives the process a terminal of its own. */
int take_terminal(void);

/* Environment: ports of the listeners that `serve` has opened. */
int open_listeners(void);

int be_subject(char **words);
int fork_subject(char **words);
int serve(void);
int scope(char **words);

void say_number(const struct output *output, const char *what, unsigned long number);
void say_failed(const struct output *output, const char *step, int error);

#endif
