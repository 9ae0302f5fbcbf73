/* SPDX-License-Identifier: ISC */
/*
 * html.c: the parts of a page.
 */
#include "client/report/html.h"

void html_typed(struct out *out, const char *text) {
    out_typed(out, OUT_HTML, text ? text : "");
}

void html_element(struct out *out, const char *open, const char *text, const char *close) {
    out_raw(out, open);
    html_typed(out, text);
    out_raw(out, close);
}

void html_begin(struct out *out, const char *title, const char *suffix, const char *style) {
    out_raw(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; img-src data:\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    html_element(out, "<title>", title, suffix);
    out_raw(out, "</title>\n<style>\n");
    out_raw(out, html_style);
    out_raw(out, style);
    out_raw(out, "</style>\n</head>\n<body>\n<main>\n");
}

void html_end(struct out *out) {
    out_raw(out, "</main>\n</body>\n</html>\n");
}

void html_tile(struct out *out, const char *figure, const char *what) {
    out_print(out, "<div class=\"card tile\"><b>%s</b><span>%s</span></div>\n", figure, what);
}

void html_part(struct out *out, const char *class, int64_t amount, int64_t whole) {
    int64_t share = whole > 0 ? (amount * 1000 + whole / 2) / whole : 0;
    if (share > 0) {
        out_print(out, "<i class=\"%s\" style=\"width:%lld.%lld%%\"></i>", class,
                  (long long)(share / 10), (long long)(share % 10));
    }
}
