// Carries Ethernet frames between two interfaces, each after a while, and loses some of them.
// Usage: slow-link ONE OTHER MILLISECONDS PERCENT

#include <arpa/inet.h>
#include <net/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

// A frame with the header that tells of checksums and segments which the kernel has not made yet.
#define FRAME_MAX (10 + 14 + 65536)
#define WAITING_MAX 20000

struct frame {
  struct frame *next;
  uint64_t due;
  int to;
  size_t size;
  unsigned char bytes[];
};

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int open_on(const char *name) {
  int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  int yes = 1;
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  struct packet_mreq all = {.mr_type = PACKET_MR_PROMISC};
  at.sll_ifindex = all.mr_ifindex = (int)if_nametoindex(name);
  if (fd < 0 || at.sll_ifindex == 0
      || setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &yes, sizeof yes)
      || setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes)
      || bind(fd, (struct sockaddr *)&at, sizeof at)
      || setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all)) {
    perror(name);
    exit(1);
  }
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 5) {
    return 2;
  }
  struct pollfd ends[2] = {{open_on(argv[1]), POLLIN, 0}, {open_on(argv[2]), POLLIN, 0}};
  uint64_t delay = (uint64_t)atoi(argv[3]);
  int lost = atoi(argv[4]);
  static unsigned char bytes[FRAME_MAX];
  struct frame *first = NULL, **last = &first; // all are delayed alike: the first is due first
  int waiting = 0;
  pid_t parent = getppid();
  puts("ready");
  fflush(stdout);
  while (1) {
    uint64_t time = now();
    while (first && first->due <= time) {
      struct frame *sent = first;
      ssize_t ignored = send(ends[sent->to].fd, sent->bytes, sent->size, 0);
      (void)ignored; // a link that is down loses it
      first = sent->next;
      last = first ? last : &first;
      waiting--;
      free(sent);
    }
    int wait = first ? (int)(first->due - time) : 1000;
    if (poll(ends, 2, wait) < 0 || (ends[0].revents | ends[1].revents) & (POLLERR | POLLHUP)) {
      return 1; // a link is gone
    }
    if (getppid() != parent) {
      return 1; // so is whoever wanted this
    }
    for (int end = 0; end < 2; end++) {
      ssize_t size = ends[end].revents & POLLIN ? recv(ends[end].fd, bytes, sizeof bytes, 0) : 0;
      if (size > 0 && rand() % 100 >= lost && waiting < WAITING_MAX) {
        struct frame *kept = malloc(sizeof *kept + (size_t)size);
        if (!kept) {
          return 1;
        }
        kept->next = NULL;
        kept->due = now() + delay;
        kept->to = 1 - end;
        kept->size = (size_t)size;
        memcpy(kept->bytes, bytes, (size_t)size);
        *last = kept;
        last = &kept->next;
        waiting++;
      }
    }
  }
}
