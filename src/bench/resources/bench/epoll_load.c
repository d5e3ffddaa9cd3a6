/*
 * A load that colours the tail less than a JVM: one epoll loop, closed, which checks every byte that comes back.
 * usage: epoll_load stream|once PORT SERVER_PID TICKS_PER_SECOND NAME=CONNECTIONS:BYTES:SECONDS...
 * Each phase opens its connections, lets them echo for a fifth of its time, and then counts. Prints "measurement " and one object
 * with, for each phase, the server's CPU for each echo and the times from sending a message to its last byte, in microseconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

#define EVENTS 512
#define READ_SIZE (1 << 20)
#define SUB_BITS 6 /* of a bucket's two's power: 1.6 % */
#define BUCKETS (64 << SUB_BITS)

struct connection {
    wire wire;
    int fd, connected, waits_to_write;
    size_t sent, received;
    uint64_t started;
};

static struct sockaddr_in target;
static int loop, once, server_pid;
static size_t size;
static char *message, *inbox;
static uint64_t histogram[BUCKETS], worst, echoes, errors, mismatches;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

/* utime + stime of the server, in ticks. */
static uint64_t server_cpu(void) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/stat", server_pid);
    int file = open(path, O_RDONLY);
    ssize_t count = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (count < 0)
        die(path);
    close(file);
    text[count] = 0;
    uint64_t user, kernel;
    if (sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64, &user, &kernel) != 2)
        die("stat");
    return user + kernel;
}

static int bucket(uint64_t nanos) {
    if (nanos < 1 << SUB_BITS)
        return nanos;
    int shift = 63 - __builtin_clzll(nanos) - SUB_BITS;
    return ((shift + 1) << SUB_BITS) + (int)((nanos >> shift) - (1 << SUB_BITS));
}

static double bucket_micros(int index) {
    int shift = (index >> SUB_BITS) - 1;
    uint64_t low = shift < 0 ? (uint64_t)index : (uint64_t)((1 << SUB_BITS) + (index & ((1 << SUB_BITS) - 1))) << shift;
    return low / 1e3;
}

static double percentile(double share) {
    uint64_t wanted = (uint64_t)(share * echoes), seen = 0;
    for (int i = 0; i < BUCKETS; i++)
        if ((seen += histogram[i]) > wanted)
            return bucket_micros(i);
    return worst / 1e3;
}

static void echoed(struct connection *connection) {
    uint64_t end = now(), nanos = end - connection->started;
    histogram[bucket(nanos)]++;
    if (nanos > worst)
        worst = nanos;
    echoes++;
    connection->started = end;
}

static void watch(struct connection *connection, int operation, int writing) {
    struct epoll_event event = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = connection};
    connection->waits_to_write = writing;
    if (epoll_ctl(loop, operation, connection->fd, &event))
        die("epoll_ctl");
}

static int new_socket(int flags) {
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | flags, 0);
    if (fd < 0)
        die("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* A stream says a byte first: it is accepted then, and no accept queue overflows. */
static void open_stream(struct connection *connection) {
    char byte = 'e';
    connection->fd = new_socket(0);
    connection->wire = wire_of(connection->fd, 0);
    if (connect(connection->fd, (void *)&target, sizeof target) || give(connection->fd, connection->wire, &byte, 1) != 1
        || take(connection->fd, connection->wire, &byte, 1) != 1)
        die("connect");
    fcntl(connection->fd, F_SETFL, O_NONBLOCK);
    connection->connected = 1;
    watch(connection, EPOLL_CTL_ADD, 1);
}

static void open_once(struct connection *connection) {
    memset(connection, 0, sizeof *connection);
    connection->started = now();
    connection->fd = new_socket(SOCK_NONBLOCK);
    connection->wire = wire_of(connection->fd, 0);
    if (connect(connection->fd, (void *)&target, sizeof target) && errno != EINPROGRESS)
        die("connect");
    watch(connection, EPOLL_CTL_ADD, 1);
}

static void reopen(struct connection *connection) {
    wire_end(connection->fd, connection->wire);
    open_once(connection);
}

static void watch_writing(struct connection *connection, int writing) {
    if (connection->waits_to_write != writing)
        watch(connection, EPOLL_CTL_MOD, writing);
}

static void send_more(struct connection *connection) {
    while (connection->sent < size) {
        ssize_t count = give(connection->fd, connection->wire, message + connection->sent, size - connection->sent);
        if (count < 0) {
            if (errno != EAGAIN)
                errors++;
            else
                watch_writing(connection, waits_for_room(connection->wire));
            return;
        }
        connection->sent += count;
    }
    watch_writing(connection, 0);
}

static void writable(struct connection *connection) {
    int error = 0;
    socklen_t length = sizeof error;
    if (!connection->connected && !getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &length) && error) {
        errors++;
        reopen(connection);
        return;
    }
    connection->connected = 1;
    if (!connection->started)
        connection->started = now();
    send_more(connection);
}

static void readable(struct connection *connection) {
    ssize_t count = take(connection->fd, connection->wire, inbox, READ_SIZE);
    if (count < 0 && errno == EAGAIN) {
        if (connection->sent < size && !connection->waits_to_write) /* the handshake has come to its end */
            send_more(connection);
        return;
    }
    if (count > 0) {
        if (connection->received + count > size || memcmp(inbox, message + connection->received, count))
            mismatches++;
        connection->received += count;
        if (!once && connection->received >= size) {
            echoed(connection);
            connection->received = connection->sent = 0;
            send_more(connection);
        }
    } else if (once && count == 0 && connection->received == size) {
        echoed(connection);
        reopen(connection);
    } else {
        errors++;
        if (!once) {
            fprintf(stderr, "a connection ended\n");
            exit(1);
        }
        reopen(connection);
    }
}

static void run_until(uint64_t deadline) {
    struct epoll_event events[EVENTS];
    while (now() < deadline) {
        int count = epoll_wait(loop, events, EVENTS, 50);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (events[i].events & EPOLLOUT)
                writable(connection);
            else
                readable(connection);
        }
    }
}

static void phase(const char *name, int connections, double seconds, double ticks_per_second, const char *separator) {
    struct connection *all = calloc(connections, sizeof *all);
    struct linger reset = {1, 0};
    message = realloc(message, size);
    for (size_t i = 0; i < size; i++)
        message[i] = (char)(i * 31 + i / 251);
    loop = epoll_create1(0);
    for (int i = 0; i < connections; i++)
        once ? open_once(&all[i]) : open_stream(&all[i]);
    run_until(now() + (uint64_t)(seconds * 0.2e9));
    memset(histogram, 0, sizeof histogram);
    worst = echoes = 0;
    uint64_t cpu = server_cpu();
    run_until(now() + (uint64_t)(seconds * 1e9));
    double micros = (server_cpu() - cpu) / ticks_per_second * 1e6;
    printf("%s\"%sEchoes\":%" PRIu64 ",", separator, name, echoes);
    if (echoes)
        printf("\"%sCpuMicros\":%.3f,", name, micros / echoes);
    printf("\"%sP50\":%.1f,\"%sP99\":%.1f,\"%sP999\":%.1f,\"%sP9999\":%.1f,\"%sWorst\":%.1f", name, percentile(.5), name,
        percentile(.99), name, percentile(.999), name, percentile(.9999), name, worst / 1e3);
    for (int i = 0; i < connections; i++) {
        setsockopt(all[i].fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset); /* or its port would not be free for a minute */
        wire_end(all[i].fd, all[i].wire);
    }
    close(loop);
    free(all);
}

int main(int count, char **arguments) {
    if (count < 6)
        return 2;
    signal(SIGPIPE, SIG_IGN);
#ifdef TLS
    wire_setup(TLS_client_method());
#endif
    once = !strcmp(arguments[1], "once");
    target = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(atoi(arguments[2])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    server_pid = atoi(arguments[3]);
    inbox = malloc(READ_SIZE);
    printf("measurement {");
    for (int i = 5; i < count; i++) {
        char name[32];
        int connections;
        double seconds;
        if (sscanf(arguments[i], "%31[^=]=%d:%zu:%lf", name, &connections, &size, &seconds) != 4)
            return 2;
        phase(name, connections, seconds, atof(arguments[4]), i > 5 ? "," : "");
    }
    printf(",\"errors\":%" PRIu64 ",\"mismatches\":%" PRIu64 "}\n", errors, mismatches);
    return 0;
}
