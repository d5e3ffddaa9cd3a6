/*
 * The floor: one epoll loop, a read and a write for each echo, nothing else.
 * usage: epoll_echo PORT stream|once|lingering, and with -DTLS as well: CERTIFICATE KEY
 * once closes as soon as it has replied; lingering keeps the promise of the service's once: FIN after the reply, close after the
 * peer's FIN, so that late input cannot turn the reply into a reset.
 * Bytes that the socket does not take at once are kept for their connection, which is not read until they are gone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"

#define READ_SIZE 65536
#define ONCE_LIMIT 100
#define EVENTS 256

struct connection {
    int fd;
    wire wire;
    char *pending;
    size_t pending_from, pending_to;
    int replied;
};

static int loop, once, lingering;
static char buffer[READ_SIZE];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int operation, struct connection *connection, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(loop, operation, connection->fd, &event))
        die("epoll_ctl");
}

static void finish(struct connection *connection) {
    wire_end(connection->fd, connection->wire);
    free(connection->pending);
    free(connection);
}

/* The reply is with the kernel. */
static void replied(struct connection *connection) {
    if (!lingering) {
        finish(connection);
        return;
    }
    connection->replied = 1;
    shutdown(connection->fd, SHUT_WR);
}

static void accept_all(int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *connection = calloc(1, sizeof *connection);
        if (!connection)
            die("calloc");
        connection->fd = fd;
        connection->wire = wire_of(fd, 1);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(EPOLL_CTL_ADD, connection, EPOLLIN);
    }
}

static void echo(struct connection *connection) {
    ssize_t got = take(connection->fd, connection->wire, buffer, once ? ONCE_LIMIT : READ_SIZE);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        finish(connection);
        return;
    }
    if (connection->replied)
        return;
    ssize_t put = give(connection->fd, connection->wire, buffer, got);
    if (put < 0 && errno == EAGAIN)
        put = 0;
    if (put < 0) {
        finish(connection);
    } else if (once && put == got) {
        replied(connection);
    } else if (put < got) {
        connection->pending = malloc(got - put);
        if (!connection->pending)
            die("malloc");
        memcpy(connection->pending, buffer + put, got - put);
        connection->pending_from = 0;
        connection->pending_to = got - put;
        watch(EPOLL_CTL_MOD, connection, EPOLLOUT);
    }
}

static void drain(struct connection *connection) {
    ssize_t put = give(connection->fd, connection->wire, connection->pending + connection->pending_from,
                       connection->pending_to - connection->pending_from);
    if (put < 0 && errno == EAGAIN)
        return;
    if (put < 0) {
        finish(connection);
        return;
    }
    connection->pending_from += put;
    if (connection->pending_from < connection->pending_to)
        return;
    if (once && !lingering) {
        finish(connection);
        return;
    }
    free(connection->pending);
    connection->pending = NULL;
    watch(EPOLL_CTL_MOD, connection, EPOLLIN);
    if (lingering)
        replied(connection);
}

int main(int count, char **arguments) {
#ifdef TLS
    wire_setup(TLS_server_method());
    if (count != 5 || SSL_CTX_use_certificate_chain_file(context, arguments[3]) != 1
        || SSL_CTX_use_PrivateKey_file(context, arguments[4], SSL_FILETYPE_PEM) != 1) {
#else
    if (count != 3) {
#endif
        fprintf(stderr, "usage: epoll_echo PORT stream|once|lingering, with TLS and: CERTIFICATE KEY\n");
        return 2;
    }
    lingering = !strcmp(arguments[2], "lingering");
    once = lingering || !strcmp(arguments[2], "once");
    signal(SIGPIPE, SIG_IGN);
    int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(atoi(arguments[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 100))
        die("listen");
    loop = epoll_create1(0);
    struct connection accepting = {.fd = listener};
    watch(EPOLL_CTL_ADD, &accepting, EPOLLIN);
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(loop, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection == &accepting)
                accept_all(listener);
            else if (connection->pending)
                drain(connection);
            else
                echo(connection);
        }
    }
}
