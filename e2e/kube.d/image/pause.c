/* SPDX-License-Identifier: Apache-2.0 */
/* The process that holds a pod's namespaces: reaps orphans, leaves on a signal. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void stop(int sig) { (void)sig; _exit(0); }

static void reap(int sig) {
  (void)sig;
  while (waitpid(-1, 0, WNOHANG) > 0)
    ;
}

int main(void) {
  struct sigaction a = {.sa_handler = stop}, r = {.sa_handler = reap, .sa_flags = SA_NOCLDSTOP};
  sigaction(SIGINT, &a, 0);
  sigaction(SIGTERM, &a, 0);
  sigaction(SIGCHLD, &r, 0);
  for (;;)
    pause();
}
