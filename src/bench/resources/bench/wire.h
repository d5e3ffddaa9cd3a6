/*
 * Reads and writes of a connection: in the clear or, compiled with -DTLS, through OpenSSL with its defaults. As read() and write()
 * do, take() and give() return -1 with EAGAIN when there is nothing to do yet; a handshake goes on in both.
 */
#ifdef TLS
#include <openssl/err.h>
#include <openssl/ssl.h>

typedef SSL *wire;

static SSL_CTX *context;

static void wire_setup(const SSL_METHOD *method) {
    context = SSL_CTX_new(method);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

static wire wire_of(int fd, int accepted) {
    SSL *tls = SSL_new(context);
    SSL_set_fd(tls, fd);
    accepted ? SSL_set_accept_state(tls) : SSL_set_connect_state(tls);
    return tls;
}

static ssize_t outcome(wire tls, int result) {
    if (result > 0)
        return result;
    int error = SSL_get_error(tls, result);
    ERR_clear_error();
    errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : EPROTO;
    return error == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

static ssize_t take(int fd, wire tls, void *bytes, size_t size) { return outcome(tls, SSL_read(tls, bytes, size)); }

static ssize_t give(int fd, wire tls, const void *bytes, size_t size) { return outcome(tls, SSL_write(tls, bytes, size)); }

/* Whether a give() that found nothing to do waits for room, and not for bytes of the handshake. */
static inline int waits_for_room(wire tls) { return SSL_want_write(tls); }

static void wire_end(int fd, wire tls) {
    SSL_shutdown(tls);
    SSL_free(tls);
    close(fd);
}
#else
typedef int wire;

static wire wire_of(int fd, int accepted) { return 0; }

static ssize_t take(int fd, wire none, void *bytes, size_t size) { return read(fd, bytes, size); }

static ssize_t give(int fd, wire none, const void *bytes, size_t size) { return write(fd, bytes, size); }

static inline int waits_for_room(wire none) { return 1; }

static void wire_end(int fd, wire none) { close(fd); }
#endif
