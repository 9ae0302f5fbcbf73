/* SPDX-License-Identifier: ISC */
/*
 * own_link.c: a browser's first request to this server, by a blocking socket.
 */
#include "server/net/own_link.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { WAIT_S = 3 };

static bool is_local_v4(uint32_t address) {
    static const struct {
        uint32_t net, mask;
    } nets[] = {
        {0x0a000000, 0xff000000}, {0xac100000, 0xfff00000}, {0xc0a80000, 0xffff0000},
        {0x7f000000, 0xff000000}, {0xa9fe0000, 0xffff0000}, {0x64400000, 0xffc00000},
    };
    for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
        if ((address & nets[i].mask) == nets[i].net) {
            return true;
        }
    }
    return false;
}

bool own_link_is_local(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        return is_local_v4(
            ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
    }
    const struct in6_addr *v6 = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(v6) || IN6_IS_ADDR_LINKLOCAL(v6) || (v6->s6_addr[0] & 0xfe) == 0xfc;
}

bool own_link_is_alone(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
        return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

void own_link_init(struct own_link_stop *stop) {
    pthread_mutex_init(&stop->lock, NULL);
    stop->fd = -1;
    stop->stopped = false;
}

void own_link_give_up(struct own_link_stop *stop) {
    pthread_mutex_lock(&stop->lock);
    stop->stopped = true;
    if (stop->fd >= 0) {
        shutdown(stop->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&stop->lock);
}

/* Notes which call is under way; false: it is to be given up. */
static bool note_call(struct own_link_stop *stop, int fd) {
    pthread_mutex_lock(&stop->lock);
    stop->fd = fd;
    bool goes_on = !stop->stopped;
    pthread_mutex_unlock(&stop->lock);
    return goes_on;
}

static void hang_up(struct own_link_stop *stop, int fd) {
    (void)note_call(stop, -1);
    close(fd);
}

/* A connected socket, or -1. */
static int call(const struct addrinfo *one, struct own_link_stop *stop) {
    const struct timeval wait = {.tv_sec = WAIT_S};
    int fd = socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    if (!note_call(stop, fd) || connect(fd, one->ai_addr, one->ai_addrlen) != 0) {
        hang_up(stop, fd);
        return -1;
    }
    return fd;
}

static SSL *begin(SSL_CTX *context, int fd, const char *host) {
    static const unsigned char alpn[] = "\10http/1.1";
    struct in6_addr address;
    SSL *ssl = SSL_new(context);
    if (ssl == NULL) {
        return NULL;
    }
    bool numeric =
        inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
    bool good = numeric ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1
                        : SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
    /* The verdict is read afterwards: the page is asked for in any case. */
    SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
    if (!good || SSL_set_alpn_protos(ssl, alpn, sizeof alpn - 1) != 0 || !SSL_set_fd(ssl, fd) ||
        SSL_connect(ssl) != 1) {
        SSL_free(ssl);
        return NULL;
    }
    return ssl;
}

/* Whether the page is what answers. */
static bool has_page(SSL *ssl, const char *host, const char *port) {
    static const char good[] = "HTTP/1.1 200 ";
    char request[512];
    char answer[sizeof good];
    bool v6 = strchr(host, ':') != NULL;
    int len = snprintf(request, sizeof request,
                       "HEAD /host HTTP/1.1\r\nHost: %s%s%s:%s\r\nConnection: close\r\n\r\n",
                       v6 ? "[" : "", host, v6 ? "]" : "", port);
    if (len >= (int)sizeof request || SSL_write(ssl, request, len) != len) {
        return false;
    }
    return SSL_read(ssl, answer, sizeof good - 1) == sizeof good - 1 &&
           memcmp(answer, good, sizeof good - 1) == 0;
}

static enum own_link_state ask(SSL_CTX *context, int fd, const char *host, const char *port) {
    SSL *ssl = begin(context, fd, host);
    enum own_link_state state = OWN_LINK_NO_PAGE;
    if (ssl != NULL && has_page(ssl, host, port)) {
        state = SSL_get_verify_result(ssl) == X509_V_OK ? OWN_LINK_OPENS : OWN_LINK_WARNS;
    }
    SSL_free(ssl);
    ERR_clear_error();
    return state;
}

void own_link_try(const char *host, const char *port, struct own_link_stop *stop,
                  struct own_link *out) {
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    *out = (struct own_link){.state = OWN_LINK_UNREACHED};
    if (context == NULL || SSL_CTX_set_default_verify_paths(context) != 1 ||
        getaddrinfo(host, port, &hints, &found) != 0) {
        SSL_CTX_free(context);
        return;
    }
    for (const struct addrinfo *one = found; one != NULL && out->state == OWN_LINK_UNREACHED;
         one = one->ai_next) {
        int fd = call(one, stop);
        if (fd >= 0) {
            out->local = own_link_is_local(one->ai_addr);
            out->alone = own_link_is_alone(one->ai_addr);
            out->state = ask(context, fd, host, port);
            hang_up(stop, fd);
        }
    }
    freeaddrinfo(found);
    SSL_CTX_free(context);
}

const char *own_link_word(const struct own_link *link) {
    static const char *const words[] = {"unreached", "no-page", "warns", "opens"};
    return words[link->state];
}

#define WARNING                                                                              \
    "Browsers show a warning, as the server made its own certificate: press Advanced, then " \
    "Proceed (in Firefox: Accept the Risk and Continue); Safari refuses it. "
#define ALONE     "The link works on this machine only. "
#define HERE_ONLY "The link works in this network only. "
#define SILENT    "There it opens in any browser without a warning."
#define HELP      "spard(8) says how to get a link without a warning."

const char *own_link_sentence(const struct own_link *link) {
    switch (link->state) {
    case OWN_LINK_OPENS:
        return link->alone   ? ALONE SILENT
               : link->local ? HERE_ONLY SILENT
                             : "The link opens in any browser without a warning.";
    case OWN_LINK_WARNS:
        return link->alone   ? ALONE WARNING HELP
               : link->local ? HERE_ONLY WARNING HELP
                             : WARNING HELP;
    case OWN_LINK_NO_PAGE:
        return "The page did not come when the link was tried as a browser would; another program "
               "may answer there, or spard was built without the page.";
    case OWN_LINK_UNREACHED: break;
    }
    return "The link could not be tried from this machine: its name is not known here, or the "
           "router does not lead back in. Try it from outside.";
}
