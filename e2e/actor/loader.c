// SPDX-License-Identifier: Apache-2.0
/*
 * The smallest ELF loader. As the PT_INTERP of a program it starts that program, which needs nothing loaded.
 * Run directly it is a subject that can open (subject GO REPORT TAG open METHOD rdonly PATH), a copy that says that
 * it ran, or, with a path as its only argument, opens that and prints "do errno N".
 */
#include "report.h"

#ifndef __x86_64__
#error "the test loader is written for x86-64"
#endif

#define SYS_READ 0
#define SYS_WRITE 1
#define SYS_OPEN 2
#define SYS_GETPID 39
#define SYS_READLINK 89
#define SYS_EXIT_GROUP 231
#define AT_ENTRY 9

/* Hidden: its address must need no relocation, for nobody would carry that out. */
__attribute__((visibility("hidden"))) void _start(void);
__attribute__((used)) long begin(long *stack);

/* begin() answers with the address of the program to start; the stack is the one that the kernel made. */
__asm__(".globl _start\n"
	"_start:\n"
	"	mov %rsp, %rdi\n"
	"	mov %rsp, %rbx\n"
	"	and $-16, %rsp\n"
	"	call begin\n"
	"	mov %rbx, %rsp\n"
	"	xor %edx, %edx\n"
	"	jmp *%rax\n");

static long call(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return result;
}

static void say(int fd, struct report *report)
{
	report_char(report, '\n');
	call(SYS_WRITE, fd, (long)report->text, report->length);
}

static void say_number(int fd, const char *tag, const char *what, unsigned long number)
{
	static struct report report;

	report.length = 0;
	report_word(&report, tag);
	report_word(&report, what);
	report_number(&report, number);
	say(fd, &report);
}

static void say_ran(const char *where, char **argv)
{
	static struct report report;
	static char exe[4096];
	int fd = leading_number(where, &where);

	report.length = 0;
	report_word(&report, *where ? where + 1 : where);
	report_word(&report, "ran");
	report_number(&report, call(SYS_GETPID, 0, 0, 0));
	call(SYS_READLINK, (long)"/proc/self/exe", (long)exe, sizeof(exe) - 1);
	report_word(&report, exe);
	for (; *argv; argv++)
		report_word(&report, *argv);
	say(fd, &report);
}

static long try_open(const char *path)
{
	long result = call(SYS_OPEN, (long)path, 0, 0);

	return result < 0 ? -result : 0;
}

/* Words: GO REPORT TAG open METHOD FLAGS PATH; with settings in between it is not for us. */
static int be_subject(int count, char **words)
{
	int go = leading_number(words[0], 0);
	int fd = leading_number(words[1], 0);
	char byte;

	if (count != 7 || words[3][0] != 'o') {
		say_number(fd, words[2], "failed loader", 22);
		return 1;
	}
	say_number(fd, words[2], "ready", call(SYS_GETPID, 0, 0, 0));
	if (call(SYS_READ, go, (long)&byte, 1) != 1)
		return 1;
	say_number(fd, words[2], "errno", try_open(words[6]));
	return 0;
}

static int begins(const char *text, const char *with)
{
	while (*with && *text == *with) {
		text++;
		with++;
	}
	return !*with;
}

static int act(int argc, char **argv, char **environment)
{
	for (; *environment; environment++) {
		if (!begins(*environment, REPORT_VARIABLE "="))
			continue;
		say_ran(*environment + sizeof(REPORT_VARIABLE), argv);
		return 0;
	}
	if (argc > 4 && begins(argv[1], "subject"))
		return be_subject(argc - 2, argv + 2);
	if (argc == 2)
		say_number(1, "do", "errno", try_open(argv[1]));
	return argc == 2 ? 0 : 2;
}

long begin(long *stack)
{
	int argc = stack[0];
	char **argv = (char **)(stack + 1);
	char **environment = argv + argc + 1;
	char **end = environment;

	while (*end)
		end++;
	for (long *entry = (long *)(end + 1); entry[0]; entry += 2) {
		if (entry[0] == AT_ENTRY && entry[1] != (long)_start)
			return entry[1];
	}
	call(SYS_EXIT_GROUP, act(argc, argv, environment), 0, 0);
	return 0;
}
