// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor.h"
#include "report.h"

static void say(const struct output *output, struct report *report)
{
	report_char(report, '\n');
	if (write(output->fd, report->text, report->length) < 0)
		_exit(3);
}

void say_number(const struct output *output, const char *what, unsigned long number)
{
	static struct report report;

	report.length = 0;
	report_word(&report, output->tag);
	report_word(&report, what);
	report_number(&report, number);
	say(output, &report);
}

void say_failed(const struct output *output, const char *step, int error)
{
	static struct report report;

	report.length = 0;
	report_word(&report, output->tag);
	report_word(&report, "failed");
	report_word(&report, step);
	report_number(&report, error);
	say(output, &report);
}

static int say_ran(const char *where, char **argv)
{
	static struct report report;
	static char exe[4096];
	struct output output;

	output.fd = leading_number(where, &where);
	output.tag = *where ? where + 1 : where;
	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0)
		strcpy(exe, "?");
	report_word(&report, output.tag);
	report_word(&report, "ran");
	report_number(&report, getpid());
	report_word(&report, exe);
	for (; *argv; argv++)
		report_word(&report, *argv);
	say(&output, &report);
	return 0;
}

static int do_now(char **words)
{
	const struct output output = { .fd = STDOUT_FILENO, .tag = "do" };
	int error = prepare(words, &output);

	if (error) {
		say_failed(&output, "prepare", error);
		return 1;
	}
	error = perform();
	if (error != REPORTED_ELSEWHERE)
		say_number(&output, "errno", error);
	return 0;
}

int main(int argc, char **argv)
{
	const char *report = getenv(REPORT_VARIABLE);
	const char *mode = argc > 1 ? argv[1] : "";

	if (report)
		return say_ran(report, argv);
	if (!strcmp(mode, "do"))
		return do_now(argv + 2);
	if (!strcmp(mode, "subject"))
		return be_subject(argv + 2);
	if (!strcmp(mode, "fork"))
		return fork_subject(argv + 2);
	if (!strcmp(mode, "serve"))
		return serve();
	if (!strcmp(mode, "scope"))
		return scope(argv + 2);
	fprintf(stderr, "actor: expected do, subject, fork, serve or scope, got '%s'\n", mode);
	return 2;
}
