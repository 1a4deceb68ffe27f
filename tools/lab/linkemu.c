// linkemu joins two network namespaces by a link of known rate, delay, queue and troubles.
//
// Each namespace gets a TUN interface. Every packet that crosses is written to one pcap at each end
// (DLT_RAW, nanoseconds), at the time it entered or left the link, and to a log that says what the
// link did to it: the key that a reader of the captures is held against.
//
// usage: linkemu NSA IPA NSB IPB key=value...       (_ab: from A to B; each has its _ba)
//   rate_ab    Mbit/s, 0 for no limit               delay_ab   one way, ms
//   queue_ab   packets waiting or in service        loss_ab    probability
//   drop_ab    LIST of packets to lose; N*K loses the K first sendings of the N-th
//   late_ab    LIST of packets to delay             late_p_ab  probability     late_ms   by how much
//   copy_ab    LIST of packets to deliver twice     copy_p_ab  probability     copy_ms   how much later
//   minlen     least payload of the packets that LISTs count from 1; 0 counts all
//   seed       of what is left to chance            snap       bytes of a packet that are captured
//   out        prefix of OUT-a.pcap, OUT-b.pcap and OUT.log
//
// The log has for each packet, in the order of the capture at its sender:
//   sent DIRECTION NUMBER TIME_NS IDENTIFICATION IP_BYTES PAYLOAD SEQUENCE FLAGS FATE
// with FATE one of fwd, lost, overflow, late, copied; and for each delivery:
//   arrived DIRECTION NUMBER NUMBER_AT_RECEIVER
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { RING = 65536, LIST = 256, ASIDE = 64, LONGEST = 2048 };

struct packet {
  int64_t depart, due;
  long number;
  int length;
  unsigned char bytes[LONGEST];
};

// A list of packets by their count, with how often each is meant.
struct list {
  int at[LIST], times[LIST], size;
};

// A segment that is to be lost again.
struct doomed {
  uint32_t sequence;
  int times;
};

struct capture {
  FILE *file;
  long packets;
};

struct direction {
  const char *name;
  int in, out, queue;
  double rate, loss, late_p, copy_p;
  int64_t delay, busy;
  struct list drop, late, copy;
  struct doomed doomed[LIST];
  int doomed_count;
  long counted;
  struct capture *at_sender, *at_receiver;
  // What waits, is served or is on its way, in order; and what comes out of order.
  struct packet *ring, aside[ASIDE];
  unsigned head, tail, served;
  int aside_count;
};

static volatile int stop;
static void on_signal(int number) { (void)number; stop = 1; }

static FILE *journal;
static int snap, minlen;
static int64_t late_ns, copy_ns;
static int setting_count;
static char **settings;

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static uint64_t state;
static double uniform(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (double)(state >> 11) / 9007199254740992.0;
}

static const char *text(const char *key, const char *otherwise) {
  size_t n = strlen(key);
  for (int i = 0; i < setting_count; i++)
    if (!strncmp(settings[i], key, n) && settings[i][n] == '=') return settings[i] + n + 1;
  return otherwise;
}

static double number(const char *key, double otherwise) {
  const char *value = text(key, NULL);
  return value ? atof(value) : otherwise;
}

static struct list list(const char *key) {
  struct list result = {.size = 0};
  char *copy = strdup(text(key, ""));
  for (char *item = strtok(copy, ","); item && result.size < LIST; item = strtok(NULL, ",")) {
    char *star = strchr(item, '*');
    result.at[result.size] = atoi(item);
    result.times[result.size++] = star ? atoi(star + 1) : 1;
  }
  free(copy);
  return result;
}

static int times(const struct list *list, long count) {
  for (int i = 0; i < list->size; i++)
    if (list->at[i] == count) return list->times[i];
  return 0;
}

static struct capture open_capture(const char *path) {
  uint32_t head[6] = {0xa1b23c4d, 0x00040002, 0, 0, (uint32_t)snap, 101};
  struct capture result = {fopen(path, "wb"), 0};
  if (!result.file) { perror(path); exit(1); }
  fwrite(head, 4, 6, result.file);
  return result;
}

static long put(struct capture *c, int64_t t, const unsigned char *bytes, int length) {
  uint32_t kept = length < snap ? length : snap;
  uint32_t head[4] = {t / 1000000000, t % 1000000000, kept, length};
  fwrite(head, 4, 4, c->file);
  fwrite(bytes, 1, kept, c->file);
  return ++c->packets;
}

static int open_interface(const char *ns, const char *ip) {
  char line[512];
  snprintf(line, sizeof line, "/var/run/netns/%s", ns);
  int space = open(line, O_RDONLY);
  if (space < 0 || setns(space, CLONE_NEWNET)) { perror(line); exit(1); }
  close(space);
  int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "tun0"};
  if (tun < 0 || ioctl(tun, TUNSETIFF, &request)) { perror("/dev/net/tun"); exit(1); }
  snprintf(line, sizeof line,
    "ip link set lo up; ip addr add %s/24 dev tun0; ip link set tun0 txqueuelen 10000 up; "
    "sysctl -qw net.ipv6.conf.tun0.disable_ipv6=1", ip);
  if (system(line)) exit(1);
  return tun;
}

struct header {
  int payload, flags;
  unsigned identification;
  uint32_t sequence;
};

static struct header header(const unsigned char *p, int length) {
  struct header h = {.payload = -1, .identification = p[4] << 8 | p[5]};
  int ip = (p[0] & 15) * 4;
  if (p[9] == 17) h.payload = length - ip - 8;
  if (p[9] != 6) return h;
  h.payload = length - ip - (p[ip + 12] >> 4) * 4;
  h.flags = p[ip + 13];
  h.sequence = (uint32_t)p[ip + 4] << 24 | p[ip + 5] << 16 | p[ip + 6] << 8 | p[ip + 7];
  return h;
}

// Whether a packet is to be lost by the list, in its first sending or a later one.
static int is_doomed(struct direction *d, struct header h) {
  for (int i = 0; i < d->doomed_count; i++)
    if (d->doomed[i].times > 0 && d->doomed[i].sequence == h.sequence && h.payload >= minlen) {
      d->doomed[i].times--;
      return 1;
    }
  int n = times(&d->drop, d->counted);
  if (n > 1 && d->doomed_count < LIST) {
    d->doomed[d->doomed_count++] = (struct doomed){h.sequence, n - 1};
  }
  return n > 0;
}

static void set_aside(struct direction *d, const struct packet *p, int64_t due) {
  if (d->aside_count == ASIDE) { fprintf(stderr, "linkemu: too many late packets\n"); exit(1); }
  d->aside[d->aside_count] = *p;
  d->aside[d->aside_count++].due = due;
}

// Takes a packet that enters the link.
static void offer(struct direction *d, const unsigned char *bytes, int length) {
  int64_t t = now_ns();
  struct header h = header(bytes, length);
  long n = put(d->at_sender, t, bytes, length);
  const char *fate = "fwd";
  int is_counted = h.payload >= minlen;
  if (is_counted) d->counted++;
  while (d->served != d->tail && d->ring[d->served % RING].depart <= t) d->served++;
  if ((is_counted && is_doomed(d, h)) || (d->loss > 0 && uniform() < d->loss)) {
    fate = "lost";
  } else if ((int)(d->tail - d->served) >= d->queue) {
    fate = "overflow";
  } else {
    struct packet *p = &d->ring[d->tail++ % RING];
    d->busy = (t > d->busy ? t : d->busy) + (d->rate > 0 ? (int64_t)(length * 8000.0 / d->rate) : 0);
    *p = (struct packet){.depart = d->busy, .due = d->busy + d->delay, .number = n, .length = length};
    memcpy(p->bytes, bytes, length);
    if ((is_counted && times(&d->late, d->counted)) || (d->late_p > 0 && uniform() < d->late_p)) {
      fate = "late";
      set_aside(d, p, p->due + late_ns);
      p->length = 0;  // Its place in the queue stays.
    } else if ((is_counted && times(&d->copy, d->counted)) || (d->copy_p > 0 && uniform() < d->copy_p)) {
      fate = "copied";
      set_aside(d, p, p->due + copy_ns);
    }
  }
  fprintf(journal, "sent %s %ld %lld %u %d %d %u %d %s\n", d->name, n, (long long)t,
    h.identification, length, h.payload, h.sequence, h.flags, fate);
}

static void deliver(struct direction *d, const struct packet *p) {
  if (p->length == 0) return;
  long n = put(d->at_receiver, now_ns(), p->bytes, p->length);
  fprintf(journal, "arrived %s %ld %ld\n", d->name, p->number, n);
  if (write(d->out, p->bytes, p->length) < 0 && errno != EAGAIN) perror("write");
}

// Delivers what is due; gives when the next is.
static int64_t advance(struct direction *d) {
  int64_t t = now_ns(), next = INT64_MAX;
  while (d->head != d->tail && d->ring[d->head % RING].due <= t) {
    deliver(d, &d->ring[d->head++ % RING]);
    if ((int)(d->head - d->served) > 0) d->served = d->head;
  }
  if (d->head != d->tail) next = d->ring[d->head % RING].due;
  for (int i = 0; i < d->aside_count; i++) {
    if (d->aside[i].due <= t) {
      deliver(d, &d->aside[i]);
      d->aside[i--] = d->aside[--d->aside_count];
    } else if (d->aside[i].due < next) {
      next = d->aside[i].due;
    }
  }
  return next;
}

static double one_way(const char *key, const char *name, double otherwise) {
  char full[32];
  snprintf(full, sizeof full, "%s_%s", key, name);
  return number(full, otherwise);
}

static struct list listed(const char *key, const char *name) {
  char full[32];
  snprintf(full, sizeof full, "%s_%s", key, name);
  return list(full);
}

static void set_up(struct direction *d, const char *name) {
  d->name = name;
  d->rate = one_way("rate", name, 0);
  d->delay = (int64_t)(one_way("delay", name, 10) * 1e6);
  d->queue = (int)one_way("queue", name, 1000);
  d->loss = one_way("loss", name, 0);
  d->late_p = one_way("late_p", name, 0);
  d->copy_p = one_way("copy_p", name, 0);
  d->drop = listed("drop", name);
  d->late = listed("late", name);
  d->copy = listed("copy", name);
  d->ring = malloc(sizeof(struct packet) * RING);
}

static void run(struct direction *both) {
  unsigned char bytes[LONGEST];
  while (!stop) {
    int moved = 0;
    int64_t next = INT64_MAX;
    for (int i = 0; i < 2; i++) {
      int n;
      while ((n = read(both[i].in, bytes, sizeof bytes)) > 0) {
        if (n >= 20 && bytes[0] >> 4 == 4) offer(&both[i], bytes, n);
        moved = 1;
      }
      int64_t due = advance(&both[i]);
      if (due < next) next = due;
    }
    if (moved) continue;
    // The last tenth of a millisecond is waited for awake: the timers are not that exact.
    int64_t wait = (next == INT64_MAX ? 5000000 : next - now_ns()) - 100000;
    if (wait < 50000) continue;
    struct pollfd ends[2] = {{both[0].in, POLLIN, 0}, {both[1].in, POLLIN, 0}};
    struct timespec limit = {wait / 1000000000, wait % 1000000000};
    ppoll(ends, 2, &limit, NULL);
  }
}

int main(int argc, char **argv) {
  if (argc < 5) { fprintf(stderr, "usage: linkemu NSA IPA NSB IPB key=value...\n"); return 2; }
  settings = argv + 5;
  setting_count = argc - 5;
  signal(SIGTERM, on_signal);
  signal(SIGINT, on_signal);
  snap = (int)number("snap", 65535);
  minlen = (int)number("minlen", 1);
  late_ns = (int64_t)(number("late_ms", 5) * 1e6);
  copy_ns = (int64_t)(number("copy_ms", 0.1) * 1e6);
  state = 0x9e3779b97f4a7c15ULL ^ ((uint64_t)number("seed", 1) * 0xbf58476d1ce4e5b9ULL);
  for (int i = 0; i < 20; i++) uniform();
  char path[512];
  const char *out = text("out", "linkemu");
  snprintf(path, sizeof path, "%s.log", out);
  journal = fopen(path, "w");
  if (!journal) { perror(path); return 1; }
  snprintf(path, sizeof path, "%s-a.pcap", out);
  struct capture at_a = open_capture(path);
  snprintf(path, sizeof path, "%s-b.pcap", out);
  struct capture at_b = open_capture(path);
  static struct direction both[2];
  set_up(&both[0], "ab");
  set_up(&both[1], "ba");
  both[0].in = both[1].out = open_interface(argv[1], argv[2]);
  both[1].in = both[0].out = open_interface(argv[3], argv[4]);
  both[0].at_sender = both[1].at_receiver = &at_a;
  both[1].at_sender = both[0].at_receiver = &at_b;
  printf("ready\n");
  fflush(stdout);
  run(both);
  fclose(at_a.file);
  fclose(at_b.file);
  fclose(journal);
  return 0;
}
