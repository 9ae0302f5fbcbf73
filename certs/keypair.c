/* SPDX-License-Identifier: ISC */
/*
 * keypair.c: making key pairs and giving them to TLS.
 */
#include "certs/keypair.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "certs/keypair_parts.h"

enum { SERIAL_BITS = 127, DAY_SECONDS = 24 * 60 * 60, HOST_NAME_MAX_DNS = 253 };

/* Writes "WHAT: OpenSSL's reason" and empties OpenSSL's error queue. */
static void why_openssl(struct certs_why *why, const char *what) {
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    certs_why_set(why, "%s: %s.", what, reason ? reason : "OpenSSL gave no reason");
    ERR_clear_error();
}

struct keypair *keypair_new(struct certs_why *why) {
    struct keypair *pair = calloc(1, sizeof *pair);
    if (pair) {
        pair->chain = sk_X509_new_null();
    }
    if (!pair || !pair->chain) {
        certs_why_set(why, "There is no memory left for a key.");
        free(pair);
        return NULL;
    }
    return pair;
}

void keypair_free(struct keypair *pair) {
    if (!pair) {
        return;
    }
    EVP_PKEY_free(pair->key);
    X509_free(pair->certificate);
    sk_X509_pop_free(pair->chain, X509_free);
    free(pair);
}

static bool set_serial(X509 *certificate) {
    BIGNUM *number = BN_new();
    bool good = number && BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
                BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return good;
}

/* From a day ago, for machines whose clock is a little behind, and without an end. */
static bool set_dates(X509 *certificate) {
    return X509_gmtime_adj(X509_getm_notBefore(certificate), -(long)DAY_SECONDS) != NULL &&
           ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "99991231235959Z") == 1;
}

static bool set_names(X509 *certificate, const char *name) {
    X509_NAME *subject = X509_get_subject_name(certificate);
    return X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                      (const unsigned char *)name, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1;
}

static bool add_extension(X509 *certificate, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool good = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

/* One entry of the subject's other names; built by hand, so that no text is read as syntax. */
static GENERAL_NAME *host_entry(const char *host) {
    unsigned char address[sizeof(struct in6_addr)];
    int address_size = inet_pton(AF_INET, host, address) == 1    ? (int)sizeof(struct in_addr)
                       : inet_pton(AF_INET6, host, address) == 1 ? (int)sizeof(struct in6_addr)
                                                                 : 0;
    GENERAL_NAME *entry = GENERAL_NAME_new();
    ASN1_STRING *text = ASN1_STRING_type_new(address_size ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    if (!entry || !text ||
        ASN1_STRING_set(text, address_size ? (const void *)address : host,
                        address_size ? address_size : -1) != 1) {
        GENERAL_NAME_free(entry);
        ASN1_STRING_free(text);
        return NULL;
    }
    GENERAL_NAME_set0_value(entry, address_size ? GEN_IPADD : GEN_DNS, text);
    return entry;
}

static bool add_hosts(X509 *certificate, const char *const *hosts, size_t host_count) {
    if (host_count == 0) {
        return true;
    }
    GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    bool good = names != NULL;
    for (size_t i = 0; good && i < host_count; i++) {
        GENERAL_NAME *entry = host_entry(hosts[i]);
        good = entry && sk_GENERAL_NAME_push(names, entry) > 0;
        if (!good) {
            GENERAL_NAME_free(entry);
        }
    }
    good = good && X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0) == 1;
    sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
    return good;
}

static X509 *make_certificate(EVP_PKEY *key, const char *name, const char *const *hosts,
                              size_t host_count) {
    X509 *certificate = X509_new();
    bool good = certificate && X509_set_version(certificate, X509_VERSION_3) == 1 &&
                set_serial(certificate) && set_dates(certificate) && set_names(certificate, name) &&
                X509_set_pubkey(certificate, key) == 1 &&
                add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
                add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
                add_extension(certificate, NID_ext_key_usage, "serverAuth,clientAuth") &&
                add_hosts(certificate, hosts, host_count) &&
                X509_sign(certificate, key, EVP_sha256()) > 0;
    if (!good) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

/* Whether OpenSSL would take the names; said here, where a clear sentence is still possible. */
static bool check_names(const char *name, const char *const *hosts, size_t host_count,
                        struct certs_why *why) {
    size_t length = strnlen(name, KEYPAIR_NAME_MAX + 1);
    if (length == 0 || length > KEYPAIR_NAME_MAX) {
        certs_why_set(why,
                      "The name in a certificate must have 1 to %d characters; choose another.",
                      (int)KEYPAIR_NAME_MAX);
        return false;
    }
    if (host_count > KEYPAIR_HOSTS_MAX) {
        certs_why_set(why, "A certificate names at most %d addresses; give fewer.",
                      (int)KEYPAIR_HOSTS_MAX);
        return false;
    }
    for (size_t i = 0; i < host_count; i++) {
        size_t host_length = strnlen(hosts[i], HOST_NAME_MAX_DNS + 1);
        if (host_length == 0 || host_length > HOST_NAME_MAX_DNS) {
            certs_why_set(why, "An address in a certificate must have 1 to %d characters.",
                          (int)HOST_NAME_MAX_DNS);
            return false;
        }
    }
    return true;
}

struct keypair *keypair_make(const char *name, const char *const *hosts, size_t host_count,
                             struct certs_why *why) {
    if (!check_names(name, hosts, host_count, why)) {
        return NULL;
    }
    struct keypair *pair = keypair_new(why);
    if (!pair) {
        return NULL;
    }
    pair->key = EVP_EC_gen("P-256");
    if (pair->key) {
        pair->certificate = make_certificate(pair->key, name, hosts, host_count);
    }
    if (!pair->certificate) {
        why_openssl(why, "A certificate could not be made");
        keypair_free(pair);
        return NULL;
    }
    return pair;
}

bool keypair_use(const struct keypair *pair, SSL_CTX *context, struct certs_why *why) {
    if (SSL_CTX_use_cert_and_key(context, pair->certificate, pair->key, pair->chain, 1) != 1) {
        why_openssl(why, "TLS refuses the certificate; use one with a P-256 key or with "
                         "RSA of at least 2048 bits");
        return false;
    }
    return true;
}

EVP_PKEY *keypair_key(const struct keypair *pair) {
    return pair->key;
}

X509 *keypair_certificate(const struct keypair *pair) {
    return pair->certificate;
}
