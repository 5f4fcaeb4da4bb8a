// Loaded before a process's libraries: its disk is slow, as many milliseconds at each sync as the
// file AIKA_SLOW_SYNC says.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void wait_for_the_disk(void) {
  const char *path = getenv("AIKA_SLOW_SYNC");
  FILE *file = path ? fopen(path, "r") : NULL;
  long millis = 0;
  if (file) {
    if (fscanf(file, "%ld", &millis) != 1) {
      millis = 0;
    }
    fclose(file);
  }
  struct timespec time = {millis / 1000, millis % 1000 * 1000000};
  nanosleep(&time, NULL);
}

int fsync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  wait_for_the_disk();
  return real(fd);
}

int fdatasync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  wait_for_the_disk();
  return real(fd);
}
